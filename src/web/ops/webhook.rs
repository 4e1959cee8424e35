//! Alertmanager's webhook, version 4: `POST /webhook/alertmanager`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;

use crate::web::ops::doors::Doors;
use crate::web::ops::inside::{self, Posted};

/// The version that we read; it has been the same since 2015.
const VERSION: &str = "4";

/// A group of alerts, some firing and some resolved.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    version: String,
    alerts: Vec<Posted>,
    #[serde(default)]
    truncated_alerts: u64,
}

/// Takes a group of alerts.
pub async fn take(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    inside::take(&doors, request, |message: Message| {
        if message.version != VERSION {
            return Err(format!("version {VERSION} of the webhook is understood"));
        }
        if message.alerts.iter().any(|alert| alert.status.is_none()) {
            return Err("an alert of a webhook needs its `status`".to_owned());
        }
        Ok((message.alerts, message.truncated_alerts))
    })
    .await
}
