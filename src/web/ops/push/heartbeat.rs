//! A job says that it has run: `POST /api/v1/heartbeat/<name>`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::model::request::samples::push::Beat;
use crate::web::ops::push::targets::{PushTargets, deliver};

/// What may stand behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeartbeatQuery {
    #[serde(default)]
    status: HeartbeatStatus,
    value: Option<f64>,
}

/// How the job went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HeartbeatStatus {
    /// It did what it should.
    #[default]
    Ok,
    /// It ran, in vain.
    Fail,
}

/// Receives a heartbeat.
pub(crate) async fn beat(
    State(targets): State<Arc<PushTargets>>,
    Path(name): Path<String>,
    query: Result<Query<HeartbeatQuery>, QueryRejection>,
) -> Response {
    let Some(target) = targets.beats.get(&name) else {
        return (StatusCode::NOT_FOUND, unknown(&targets)).into_response();
    };
    let words = "only `?status=ok`, `?status=fail` and `value=` with a number are allowed";
    let Ok(Query(HeartbeatQuery { status, value })) = query else {
        return (StatusCode::BAD_REQUEST, format!("{words}\n")).into_response();
    };
    if value.is_some_and(|value| !value.is_finite()) {
        return (StatusCode::BAD_REQUEST, format!("{words}\n")).into_response();
    }
    targets.metrics.beat(&name);
    let beat = Beat {
        name,
        success: status == HeartbeatStatus::Ok,
        value,
        text: None,
    };
    deliver(target, beat).await
}

/// Lists the expected names after an unexpected one.
fn unknown(targets: &PushTargets) -> String {
    let names: Vec<_> = targets
        .beats
        .keys()
        .map(|name| format!("`{name}`"))
        .collect();
    if names.is_empty() {
        "no heartbeat is awaited; add a `[[collector]]` with `type = \"heartbeat\"`\n".to_owned()
    } else {
        format!(
            "no heartbeat of this name is awaited; there are {}\n",
            names.join(", ")
        )
    }
}
