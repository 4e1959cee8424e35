//! As much of Alertmanager's API v2 as Prometheus, amtool and Grafana need.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::model::request::samples::push::PushedAlert;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::alertmanager::alert::{self, Posted};
use crate::web::ops::alertmanager::filter::{AlertQuery, RECEIVER};
use crate::web::ops::push::targets::PushTargets;

/// Takes alerts as Prometheus sends them: `POST /api/v2/alerts`.
pub(crate) async fn receive(State(targets): State<Arc<PushTargets>>, request: Request) -> Response {
    alert::receive(&targets, request, |mut alerts: Vec<Posted>| {
        // Only a webhook says it; here the moment of the end decides.
        for alert in &mut alerts {
            alert.status = None;
        }
        Ok((alerts, 0))
    })
    .await
}

/// Lists what fires at present: `GET /api/v2/alerts`.
pub(crate) async fn list(
    State(targets): State<Arc<PushTargets>>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Json<Vec<Value>>, OpsError> {
    Ok(Json(listed(&targets, &asked)?))
}

/// The same as one group: `GET /api/v2/alerts/groups`.
pub(crate) async fn groups(
    State(targets): State<Arc<PushTargets>>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, OpsError> {
    let alerts = listed(&targets, &asked)?;
    let groups = if alerts.is_empty() {
        json!([])
    } else {
        json!([{ "labels": {}, "receiver": { "name": RECEIVER }, "alerts": alerts }])
    };
    Ok(Json(groups))
}

/// Lists the receivers: `GET /api/v2/receivers`.
pub(crate) async fn receivers() -> Json<Value> {
    Json(json!([{ "name": RECEIVER }]))
}

/// What fires and was asked for; nothing without a collector that takes alerts.
fn listed(targets: &PushTargets, asked: &[(String, String)]) -> Result<Vec<Value>, OpsError> {
    let asked = AlertQuery::read(asked)?;
    let Some(alerts) = &targets.alerts else {
        return Ok(Vec::new());
    };
    let firing = alerts.firing.borrow().clone();
    let wanted = firing.iter().filter(|alert| asked.wants(alert));
    Ok(wanted.map(alert).collect())
}

/// Says who answers: `GET /api/v2/status`.
pub(crate) async fn status(State(targets): State<Arc<PushTargets>>) -> Response {
    let version = env!("CARGO_PKG_VERSION");
    Json(json!({
        "cluster": { "status": "disabled", "peers": [] },
        "config": { "original": "" },
        "uptime": targets.since.to_string(),
        "versionInfo": {
            "version": format!("critwatch {version}"),
            "revision": "", "branch": "", "buildUser": "", "buildDate": "", "goVersion": "",
        },
    }))
    .into_response()
}

fn alert(alert: &PushedAlert) -> Value {
    json!({
        "annotations": {},
        "endsAt": alert.ends.to_string(),
        "fingerprint": format!("{:016x}", fingerprint(alert)),
        "generatorURL": "",
        "labels": alert.labels,
        "receivers": [{ "name": RECEIVER }],
        "startsAt": alert.starts.to_string(),
        "status": { "state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": [] },
        "updatedAt": alert.updated.to_string(),
    })
}

/// The number by which Alertmanager names a set of labels: FNV-1a over names
/// and values, each followed by a byte that no text has.
fn fingerprint(alert: &PushedAlert) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in alert.labels.iter().flat_map(|(name, value)| [name, value]) {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
