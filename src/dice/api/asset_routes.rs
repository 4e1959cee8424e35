//! `/asset`: an image goes in, its thumbnail comes out.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse as _, Response};
use redis::Cmd;
use serde_json::json;
use uuid::Uuid;

use crate::dice::api::caller::Caller;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::queue::entry::QueueEntry;
use crate::dice::queue::name::{self, QueueName};
use crate::dice::queue::producer::{self, OfferError};
use crate::dice::{clock, link};

/// The largest image that is taken.
pub(crate) const IMAGE_MAX: usize = 2 * 1024 * 1024;
const KINDS: [&[u8]; 2] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"];

/// Queues an image for its thumbnail.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    _: Caller,
    image: Bytes,
) -> Result<Response, ApiError> {
    if !KINDS.iter().any(|kind| image.starts_with(kind)) {
        let message = "the image must be a PNG or a JPEG";
        return Err(ApiError::Invalid(message.to_owned()));
    }
    let uuid = Uuid::new_v4();
    let entry = QueueEntry {
        queue: QueueName::Assets,
        uuid,
        enqueued_at: clock::stamp(clock::now()),
        text: json!({ "uuid": uuid }).to_string(),
        image: Some(image.to_vec()),
    };
    desk.metrics.offered.inc();
    if let Err(why) = desk.admission.admit(QueueName::Assets) {
        desk.metrics.turned_away.inc();
        desk.metrics.refused.inc();
        tracing::debug!(%why, "asset turned away");
        return Err(ApiError::Unavailable(
            "the image was not taken: the queue is full or late, try again later",
        ));
    }
    let offered = producer::offer(&mut desk.link.clone(), &entry, desk.bookkeeping).await;
    match offered {
        Ok(()) => {
            let place = format!("/api/1.0/asset/{uuid}");
            let body = Json(json!({ "type": "asset", "data": { "uuid": uuid } }));
            Ok((StatusCode::ACCEPTED, [(LOCATION, place)], body).into_response())
        }
        Err(OfferError::Refused(_) | OfferError::Unreachable(_)) => {
            desk.metrics.refused.inc();
            Err(ApiError::Unavailable(
                "the image was not taken: the queue is full or cannot be reached",
            ))
        }
        Err(OfferError::Unknown(_)) => Err(ApiError::Unavailable(
            "the queue did not answer: the image may be lost, send it again",
        )),
    }
}

/// Shows a thumbnail, or says that it waits.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    _: Caller,
    Path(uuid): Path<String>,
) -> Result<Response, ApiError> {
    let uuid = Uuid::try_parse(&uuid).map_err(|_| ApiError::NotFound("asset"))?;
    let mut link = desk.link.clone();
    // In this order: the thumbnail is stored before the job stops waiting.
    let is_waiting = producer::is_waiting(&mut link, QueueName::Assets, uuid).await?;
    let both = Cmd::mget(&[name::thumbnail(uuid), name::thumbnail_failure(uuid)]);
    let (bytes, why): (Option<Vec<u8>>, Option<String>) = link::ask(&mut link, &both).await?;
    match (bytes, why) {
        (Some(bytes), _) => {
            let heads = [
                (CONTENT_TYPE, "image/png"),
                (CACHE_CONTROL, "private, max-age=3600"),
                (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            Ok((heads, bytes).into_response())
        }
        (None, Some(why)) => Err(ApiError::Invalid(format!("there is no thumbnail: {why}"))),
        (None, None) if is_waiting => {
            let data = json!({ "uuid": uuid, "message": "the image is waiting for a worker" });
            let body = Json(json!({ "type": "asset", "data": data }));
            Ok((StatusCode::ACCEPTED, body).into_response())
        }
        (None, None) => Err(ApiError::NotFound("asset")),
    }
}
