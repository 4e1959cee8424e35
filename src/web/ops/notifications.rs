//! The delivery log: `GET /api/v1/notifications`.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router, middleware};
use serde::Serialize;

use crate::model::facts::notifier_state::{DeliveryRecord, NotifierStates};
use crate::web::ops::access::token::{self, TokenHash};

/// How the topics of drafts begin.
const DRAFTS: &str = "operation:draft/";

/// What the log is made of.
#[derive(Clone, Debug)]
struct NotificationsState {
    notifiers: NotifierStates,
    /// Whether only those who have the token get here.
    is_locked: bool,
}

/// What each notifier delivered and what waits.
#[derive(Serialize)]
struct DeliveryLog {
    deliveries: Vec<DeliveryRecord>,
}

/// The route; with a key, only who has its token gets through.
pub(crate) fn routes(notifiers: NotifierStates, key: Option<TokenHash>) -> Router {
    let is_locked = key.is_some();
    Router::new()
        .route("/api/v1/notifications", get(show))
        .route_layer(middleware::from_fn_with_state(
            key.map(Arc::new),
            token::guard,
        ))
        .with_state(NotificationsState {
            notifiers,
            is_locked,
        })
}

/// The newest deliveries of each notifier, the newest of all first.
///
/// Names of drafts are not meant for everybody who reaches the listener.
async fn show(State(state): State<NotificationsState>) -> Json<DeliveryLog> {
    let states = state.notifiers.newest().into_iter();
    let mut deliveries: Vec<_> = states.flat_map(|notifier| notifier.recent).collect();
    deliveries.retain(|one| state.is_locked || !one.topic.starts_with(DRAFTS));
    deliveries.sort_by_key(|delivery| Reverse((delivery.changed, delivery.id)));
    Json(DeliveryLog { deliveries })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::facts::notifier_state::NotifierState;

    use super::*;

    #[tokio::test]
    async fn a_draft_is_named_only_behind_the_token() {
        let delivery = |id, topic: &str| DeliveryRecord {
            id,
            notifier: "team".to_owned(),
            topic: topic.to_owned(),
            occasion: "opened".to_owned(),
            state: "sent".to_owned(),
            tries: 1,
            due: Timestamp::UNIX_EPOCH,
            changed: Timestamp::UNIX_EPOCH,
            reason: None,
        };
        let notifiers = NotifierStates::default();
        notifiers.put(NotifierState {
            name: "team".to_owned(),
            recent: vec![
                delivery(1, "operation:draft/2026-03-01-rolls-fail"),
                delivery(2, "incident:2026-03-01-rolls-fail"),
            ],
            ..NotifierState::default()
        });
        let ids = async |is_locked| {
            let notifiers = notifiers.clone();
            let state = NotificationsState {
                notifiers,
                is_locked,
            };
            let Json(log) = show(State(state)).await;
            log.deliveries.iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(true).await, [2, 1]);
        assert_eq!(ids(false).await, [2]);
    }
}
