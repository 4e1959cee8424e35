//! Prometheus' remote write, versions 1 and 2: `POST /api/v1/write`.

pub(crate) mod batch;
pub(crate) mod messages;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use prost::Message as _;

use crate::web::push::body::{self, BodyError, value};
use crate::web::push::doors::{PushDoors, busy, deliver, unauthorized};
use crate::web::push::remote_write::batch::WriteBatch;
use crate::web::push::remote_write::messages::{RequestV2, WriteRequest};

/// The type of version 2, as its parameter names it.
const V2: &str = "io.prometheus.write.v2.Request";

/// Receives samples.
pub(crate) async fn receive(
    State(doors): State<Arc<PushDoors>>,
    headers: HeaderMap,
    sent: Bytes,
) -> Response {
    let Some(door) = doors.samples(&headers) else {
        return unauthorized();
    };
    let Some(_slot) = doors.slot() else {
        return busy();
    };
    let batch = match read(&headers, &sent) {
        Ok(batch) => batch,
        Err(error) => return error.into_response(),
    };
    let Some(taken) = deliver(door, batch.samples).await else {
        return busy();
    };
    // Senders of version 2 compare these with what they sent. What came too late was read as
    // well as the rest; sending it again would not help.
    let written = taken.taken + taken.late;
    let counts = [
        (
            "x-prometheus-remote-write-samples-written",
            written.to_string(),
        ),
        (
            "x-prometheus-remote-write-histograms-written",
            "0".to_owned(),
        ),
        (
            "x-prometheus-remote-write-exemplars-written",
            "0".to_owned(),
        ),
    ];
    let fault = batch.fault.or_else(|| {
        let crowded = taken.crowded;
        (crowded > 0)
            .then(|| format!("{crowded} samples belong to more series than `series` allows"))
    });
    match fault {
        None => (StatusCode::NO_CONTENT, counts).into_response(),
        Some(fault) => (StatusCode::BAD_REQUEST, counts, format!("{fault}\n")).into_response(),
    }
}

fn read(headers: &HeaderMap, sent: &[u8]) -> Result<WriteBatch, BodyError> {
    let encoding = value(headers, header::CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("snappy") {
        return Err(BodyError::Encoding(encoding.to_owned(), "`snappy`"));
    }
    let kind = value(headers, header::CONTENT_TYPE);
    let mut parts = kind.split(';').map(str::trim);
    let main = parts.next().unwrap_or_default();
    let proto = parts.find_map(|part| part.strip_prefix("proto="));
    let is_protobuf = main.is_empty() || main.eq_ignore_ascii_case("application/x-protobuf");
    let version = match proto {
        None | Some("prometheus.WriteRequest") if is_protobuf => 1,
        Some(V2) if is_protobuf => 2,
        None | Some(_) => {
            return Err(BodyError::Type(
                kind.to_owned(),
                "`application/x-protobuf`, of version 1 or 2",
            ));
        }
    };
    let plain = body::snappy(sent)?;
    let malformed = |error: prost::DecodeError| BodyError::Malformed(error.to_string());
    if version == 2 {
        let request = RequestV2::decode(&*plain).map_err(malformed)?;
        Ok(batch::of_version_2(&request))
    } else {
        let request = WriteRequest::decode(&*plain).map_err(malformed)?;
        Ok(batch::of_version_1(request))
    }
}
