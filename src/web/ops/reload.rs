//! `POST /-/reload`: the settings are read again.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio::sync::{mpsc, oneshot};

use crate::model::request::access::{AccessDoor, AuditEntry};
use crate::model::request::reload::Reload;
use crate::web::ops::access::acting::Acting;

/// Where requests to reload go, and who made them.
type Reloads = (mpsc::Sender<Reload>, AccessDoor);

/// The route; it answers once the settings are in force, or were refused.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(reloads: Reloads) -> Router<S> {
    Router::new()
        .route("/-/reload", post(reload))
        .with_state(reloads)
}

async fn reload(State((reloads, access)): State<Reloads>, Acting(actor): Acting) -> Response {
    let (answer, outcome) = oneshot::channel();
    let asked = async {
        reloads.send(Reload { answer }).await.ok()?;
        outcome.await.ok()
    };
    let outcome = asked.await;
    let told = match &outcome {
        Some(Ok(())) => "in force",
        Some(Err(_)) => "refused",
        None => "stopping",
    };
    access
        .note(AuditEntry::new(&actor, "reload", "settings").detail(told))
        .await;
    match outcome {
        Some(Ok(())) => "the settings are in force\n".into_response(),
        Some(Err(why)) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{why}\n")).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response(),
    }
}
