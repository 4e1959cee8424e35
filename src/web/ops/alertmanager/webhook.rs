//! The webhooks of Alertmanager and Grafana: `POST /webhook/alertmanager`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;

use crate::web::ops::alertmanager::alert::{self, Posted};
use crate::web::ops::push::targets::PushTargets;

/// The versions that we read: Alertmanager's, the same since 2015, which Mimir
/// sends as well, and Grafana's, which has the same alerts.
const VERSIONS: [&str; 2] = ["4", "1"];

/// A group of alerts, some firing and some resolved.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WebhookMessage {
    version: String,
    alerts: Vec<Posted>,
    #[serde(default)]
    truncated_alerts: u64,
}

/// Takes a group of alerts.
pub(crate) async fn receive(State(targets): State<Arc<PushTargets>>, request: Request) -> Response {
    alert::receive(&targets, request, |message: WebhookMessage| {
        if !VERSIONS.contains(&&*message.version) {
            let words = "version 4 of the webhook is understood, which is Alertmanager's, \
                and Grafana's version 1";
            return Err(words.to_owned());
        }
        if message.alerts.iter().any(|alert| alert.status.is_none()) {
            return Err("an alert of a webhook needs its `status`".to_owned());
        }
        Ok((message.alerts, message.truncated_alerts))
    })
    .await
}
