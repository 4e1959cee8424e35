//! OpenTelemetry's metrics over HTTP, in protobuf or JSON: `POST /v1/metrics`.

pub(crate) mod batch;
pub(crate) mod json;
pub(crate) mod messages;
pub(crate) mod names;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use prost::Message;
use serde_json::json;

use crate::web::push::body::{self, BodyError, value};
use crate::web::push::doors::{PushDoors, busy, deliver, unauthorized};
use crate::web::push::otlp::messages::{ExportRequest, ExportResponse, PartialSuccess, RpcStatus};

const PROTOBUF: &str = "application/x-protobuf";

/// The code of gRPC for what cannot be meant.
const INVALID_ARGUMENT: i32 = 3;

/// The form of a request, in which it is answered as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OtlpForm {
    Protobuf,
    Json,
}

/// Receives metrics.
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
    let form = match form(&headers) {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let request = match read(form, &headers, &sent) {
        Ok(request) => request,
        Err(error) => return form.refuse(error),
    };
    let mut batch = batch::of(&request);
    let Some(taken) = deliver(door, std::mem::take(&mut batch.samples)).await else {
        return busy();
    };
    if taken.late > 0 {
        batch.fault.get_or_insert_with(|| {
            "points are too old: the sender is behind, or its clock is".to_owned()
        });
    }
    if taken.crowded > 0 {
        batch.fault.get_or_insert_with(|| {
            "points belong to more series than the collector's `series` allows".to_owned()
        });
    }
    let rejected = batch.rejected + taken.late + taken.crowded;
    form.accept(rejected, batch.fault)
}

fn form(headers: &HeaderMap) -> Result<OtlpForm, BodyError> {
    let kind = value(headers, header::CONTENT_TYPE);
    let main = kind.split(';').next().unwrap_or_default().trim();
    match main.to_ascii_lowercase().as_str() {
        PROTOBUF => Ok(OtlpForm::Protobuf),
        "application/json" => Ok(OtlpForm::Json),
        _ => Err(BodyError::Type(
            kind.to_owned(),
            "`application/x-protobuf` or `application/json`",
        )),
    }
}

fn read(form: OtlpForm, headers: &HeaderMap, sent: &[u8]) -> Result<ExportRequest, BodyError> {
    let encoding = value(headers, header::CONTENT_ENCODING).to_ascii_lowercase();
    let plain = match &*encoding {
        "" | "identity" => Cow::Borrowed(sent),
        "gzip" => Cow::Owned(body::gzip(sent)?),
        _ => return Err(BodyError::Encoding(encoding, "`gzip`, or none")),
    };
    match form {
        OtlpForm::Protobuf => {
            ExportRequest::decode(&*plain).map_err(|error| BodyError::Malformed(error.to_string()))
        }
        OtlpForm::Json => {
            serde_json::from_slice(&plain).map_err(|error| BodyError::Malformed(error.to_string()))
        }
    }
}

impl OtlpForm {
    fn refuse(self, error: BodyError) -> Response {
        let message = error.to_string();
        let status = error.into_response().status();
        match self {
            Self::Json => {
                let body = json!({ "code": INVALID_ARGUMENT, "message": message });
                (status, Json(body)).into_response()
            }
            Self::Protobuf => {
                let body = RpcStatus {
                    code: INVALID_ARGUMENT,
                    message,
                };
                protobuf(status, &body)
            }
        }
    }

    /// What was taken; the rest is not to be sent again.
    fn accept(self, rejected: usize, fault: Option<String>) -> Response {
        let rejected = i64::try_from(rejected).unwrap_or(i64::MAX);
        let message = fault.unwrap_or_default();
        let is_whole = rejected == 0 && message.is_empty();
        match self {
            Self::Json if is_whole => Json(json!({})).into_response(),
            Self::Json => Json(json!({ "partialSuccess": {
                "rejectedDataPoints": rejected.to_string(),
                "errorMessage": message,
            }}))
            .into_response(),
            Self::Protobuf => {
                let partial = PartialSuccess {
                    rejected_data_points: rejected,
                    error_message: message,
                };
                let body = ExportResponse {
                    partial_success: (!is_whole).then_some(partial),
                };
                protobuf(StatusCode::OK, &body)
            }
        }
    }
}

fn protobuf(status: StatusCode, body: &impl Message) -> Response {
    let head = [(header::CONTENT_TYPE, PROTOBUF)];
    (status, head, body.encode_to_vec()).into_response()
}
