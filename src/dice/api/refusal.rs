//! Every answer of the API that is not the one asked for.

use std::time::Duration;

use axum::Json;
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use redis::RedisError;
use serde_json::json;
use uuid::Uuid;

use crate::dice::api::rolling::TakeError;
use crate::dice::database::connection::DatabaseError;
use crate::dice::roll::job::RequestError;

/// When a client should try again.
const RETRY: Duration = Duration::from_secs(5);

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// No user belongs to the key or the session.
    #[error("you are logged out: the token is missing, unknown or expired")]
    LoggedOut,
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The address does not know the method.
    #[error("this address does not know that method")]
    Method,
    /// The caller is in the room already.
    #[error("you are already a participant of this room")]
    AlreadyIn,
    /// The body is too long.
    #[error("the request body is too large")]
    TooLarge,
    /// The request cannot be understood.
    #[error("{0}")]
    Invalid(String),
    /// Too many requests within a window, which ends after so many seconds.
    #[error("too many requests: wait {0} s")]
    TooMany(u64),
    /// The dice cannot be rolled.
    #[error(transparent)]
    Roll(#[from] RequestError),
    /// The roll was taken and then given up by the worker.
    #[error("the roll failed: {0}")]
    Failed(String),
    /// The roll was not taken.
    #[error(transparent)]
    NotTaken(TakeError),
    /// Nothing was done.
    #[error("{0}")]
    Unavailable(&'static str),
    /// The roll may be answered later, and can be read then.
    #[error("{message}")]
    Late {
        /// The roll's id.
        uuid: Uuid,
        /// Whether the roll is surely in the queue.
        message: &'static str,
    },
}

/// The words of an error, beside the answer, for those who show it in another form.
#[derive(Clone, Debug)]
pub(crate) struct RefusalWords(pub String);

impl From<RedisError> for ApiError {
    fn from(error: RedisError) -> Self {
        tracing::debug!(%error, "cannot reach redis");
        Self::Unavailable("the service cannot reach its store at the moment")
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        tracing::debug!(%error, is_full = error.is_full(), "cannot use the database");
        Self::Unavailable("the service cannot use its database at the moment")
    }
}

impl From<TakeError> for ApiError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::Request(error) => Self::Roll(error),
            TakeError::Database(error) => error.into(),
            error => Self::NotTaken(error),
        }
    }
}

impl ApiError {
    /// Tells the status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::LoggedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::AlreadyIn => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) | Self::Roll(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotTaken(_) | Self::Unavailable(_) | Self::Late { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// Tells after how many seconds to try again, where that may help.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::NotTaken(_) | Self::Unavailable(_) | Self::Late { .. } => Some(RETRY.as_secs()),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut data = json!({ "message": self.to_string() });
        let mut place = None;
        if let Self::Late { uuid, .. } = &self {
            data["uuid"] = json!(uuid);
            place = Some(format!("/api/1.0/roll/{uuid}"));
        }
        let body = Json(json!({ "type": "error", "data": data }));
        let mut response = (self.status(), body).into_response();
        response
            .extensions_mut()
            .insert(RefusalWords(self.to_string()));
        if let Some(seconds) = self.retry_after() {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(place) = place.and_then(|place| HeaderValue::try_from(place).ok()) {
            response.headers_mut().insert(LOCATION, place);
        }
        response
    }
}
