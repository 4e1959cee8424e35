//! The delivery log, `GET /api/v1/notifications`, and a refused message once more.

use std::cmp::Reverse;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde::Serialize;

use crate::model::access::Actor;
use crate::model::facts::notifier_state::{DeliveryRecord, NotifierStates};
use crate::model::request::access::AuditEntry;
use crate::model::request::receivers::resend::{ResendRefusal, ResendTime};
use crate::web::ops::access::acting::{Acting, Admitted};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::desk::WriteApi;

/// How the topics of drafts begin.
const DRAFTS: &str = "operation:draft/";

/// What each notifier delivered and what waits.
#[derive(Serialize)]
struct DeliveryLog {
    deliveries: Vec<DeliveryRecord>,
}

/// A refused message that is sent again.
#[derive(Serialize)]
pub(crate) struct ResentMessage {
    /// The message as it was.
    #[serde(flatten)]
    record: DeliveryRecord,
    /// When it is sent.
    pub(crate) sent: ResendTime,
}

/// The route.
pub(crate) fn routes(notifiers: NotifierStates) -> Router {
    Router::new()
        .route("/api/v1/notifications", get(show))
        .with_state(notifiers)
}

/// The newest deliveries of each notifier, the newest of all first.
///
/// Names of drafts are not meant for everybody who reaches the listener.
async fn show(
    State(notifiers): State<NotifierStates>,
    admission: Option<Extension<Admitted>>,
) -> Json<DeliveryLog> {
    let states = notifiers.newest().into_iter();
    let mut deliveries: Vec<_> = states.flat_map(|notifier| notifier.recent).collect();
    deliveries.retain(|one| admission.is_some() || !one.topic.starts_with(DRAFTS));
    deliveries.sort_by_key(|delivery| Reverse((delivery.changed, delivery.id)));
    Json(DeliveryLog { deliveries })
}

/// `POST /api/v1/notifications/{id}/resend`: a refused message is due once more.
pub(crate) async fn resend(
    State(api): State<WriteApi>,
    Acting(actor): Acting,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<ResentMessage>), OpsError> {
    let resent = ask(&api, &actor, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(resent)))
}

/// Has a notifier send a refused message once more, and notes who asked for it; returns
/// the message as it was, and when it is sent.
pub(crate) async fn ask(
    api: &WriteApi,
    actor: &Actor,
    id: &str,
) -> Result<ResentMessage, OpsError> {
    let states = api.notifiers.newest().into_iter();
    let mut records = states.flat_map(|notifier| notifier.recent);
    let record = records.find(|record| record.id.to_string() == id);
    let record = record.ok_or_else(|| refused(ResendRefusal::Unknown))?;
    let asked = api.resends.ask(&record.notifier, record.id).await;
    let sent = asked.map_err(refused)?;
    let entry = AuditEntry::new(actor, "resend message", id);
    let detail = format!("{} by {}", record.topic, record.notifier);
    api.operators.audit(entry.detail(detail)).await;
    Ok(ResentMessage { record, sent })
}

fn refused(refusal: ResendRefusal) -> OpsError {
    let status = match refusal {
        ResendRefusal::Unknown => StatusCode::NOT_FOUND,
        ResendRefusal::NotRefused | ResendRefusal::Arrived | ResendRefusal::Outdated => {
            StatusCode::CONFLICT
        }
        ResendRefusal::Reader | ResendRefusal::Stopping => StatusCode::SERVICE_UNAVAILABLE,
    };
    OpsError::whole(status, refusal.to_string())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::access::{Proof, Scopes};
    use crate::model::facts::notifier_state::NotifierState;

    use super::*;

    #[tokio::test]
    async fn a_draft_is_named_only_to_those_whom_we_know() {
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
        let ids = async |is_known: bool| {
            let ann = Actor::new("Ann", Proof::Token);
            let admission = is_known.then(|| Extension(Admitted::new(ann, Scopes::default())));
            let Json(log) = show(State(notifiers.clone()), admission).await;
            log.deliveries.iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(true).await, [2, 1]);
        assert_eq!(ids(false).await, [2]);
    }
}
