//! Who calls and what was sent: the user behind a key or a session, the JSON in a body.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::dice::api::account::{secret, session};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::database::users;
use crate::dice::roll::job::User;

/// The user behind the key or the session of a request; others are refused.
#[derive(Debug)]
pub(crate) struct Caller(pub User);

/// The user behind a request, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct MaybeCaller(pub Option<User>);

/// The address of who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub std::net::IpAddr);

/// The body of a request, at most as long as allowed.
#[derive(Debug)]
pub(crate) struct JsonBody(Bytes);

/// Finds out once who asks, for the limits and for the handlers.
pub(crate) async fn identify(
    State(desk): State<Arc<ApiState>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let caller = caller(&desk, request.headers()).await?;
    if let Some(user) = &caller {
        desk.uses.note_user(user.uuid);
    }
    request.extensions_mut().insert(MaybeCaller(caller));
    request
        .extensions_mut()
        .insert(ClientAddress(peer.ip().to_canonical()));
    Ok(next.run(request).await)
}

async fn caller(desk: &ApiState, headers: &HeaderMap) -> Result<Option<User>, ApiError> {
    if let Some(key) = key(headers) {
        return Ok(users::by_key(&desk.database, secret::hash(key)).await?);
    }
    // Pages of others are answered too (CORS); a session is for our own page only.
    let Some(token) = session::token(headers).filter(|_| is_same_origin(headers)) else {
        return Ok(None);
    };
    let found = session::find(&mut desk.link.clone(), token, desk.session_ttl).await?;
    let Some(found) = found else {
        desk.metrics.sessions.missing.inc();
        return Ok(None);
    };
    if let Err(error) = found.refresh {
        // The session can still be read, so the request goes on; only its end comes nearer.
        desk.metrics.sessions.refresh_refused.inc();
        tracing::debug!(%error, "cannot refresh session");
    }
    Ok(Some(found.user))
}

/// Tells whether a request comes from our own page, or from no page at all.
pub(crate) fn is_same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, origin)| Some(origin) == host)
}

fn key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    let key = Some(key.trim()).filter(|key| secret::has_shape(key))?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key)
}

impl<S: Sync> FromRequestParts<S> for MaybeCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(parts.extensions.get().cloned().unwrap_or(Self(None)))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let MaybeCaller(user) = MaybeCaller::from_request_parts(parts, state).await?;
        user.map(Self).ok_or(ApiError::LoggedOut)
    }
}

impl<S: Sync + Send> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await;
        bytes.map(Self).map_err(|error: BytesRejection| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::TooLarge
            } else {
                ApiError::Invalid("the request body cannot be read".to_owned())
            }
        })
    }
}

impl JsonBody {
    /// Reads the body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.0)
            .map_err(|error| ApiError::Invalid(format!("the request body is not usable: {error}")))
    }

    /// Reads the body as JSON; clients that send nothing get the default.
    pub(crate) fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        if self.0.trim_ascii().is_empty() {
            Ok(T::default())
        } else {
            self.json()
        }
    }
}
