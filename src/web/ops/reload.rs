//! `POST /-/reload`: the settings are read again.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio::sync::{mpsc, oneshot};

use crate::model::access::Actor;
use crate::model::request::access::{AccessDoor, AuditEntry};
use crate::model::request::reload::Reload;
use crate::web::ops::access::acting::Acting;

/// Where requests to reload go, and who made them.
pub(crate) type Reloads = (mpsc::Sender<Reload>, AccessDoor);

/// What became of a request to reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReloadOutcome {
    /// The settings are in force.
    InForce,
    /// They have this fault, and the old ones stay in force.
    Refused(String),
    /// The service is about to stop.
    Stopping,
}

/// The route; it answers once the settings are in force, or were refused.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(reloads: Reloads) -> Router<S> {
    Router::new()
        .route("/-/reload", post(reload))
        .with_state(reloads)
}

async fn reload(State(reloads): State<Reloads>, Acting(actor): Acting) -> Response {
    match ask(&reloads, &actor).await {
        ReloadOutcome::InForce => "the settings are in force\n".into_response(),
        ReloadOutcome::Refused(why) => {
            (StatusCode::INTERNAL_SERVER_ERROR, format!("{why}\n")).into_response()
        }
        ReloadOutcome::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response(),
    }
}

/// Has the settings read again, waits for it, and notes who asked.
pub(crate) async fn ask((reloads, access): &Reloads, actor: &Actor) -> ReloadOutcome {
    let (answer, outcome) = oneshot::channel();
    let asked = async {
        reloads.send(Reload { answer }).await.ok()?;
        outcome.await.ok()
    };
    let (outcome, told) = match asked.await {
        Some(Ok(())) => (ReloadOutcome::InForce, "in force"),
        Some(Err(why)) => (ReloadOutcome::Refused(why), "refused"),
        None => (ReloadOutcome::Stopping, "stopping"),
    };
    let entry = AuditEntry::new(actor, "reload", "settings");
    access.note(entry.detail(told)).await;
    outcome
}
