//! `POST /-/reload`: the settings are read again.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio::sync::{mpsc, oneshot};

use crate::model::request::reload::Reload;

/// The route; it answers once the settings are in force, or were refused.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(reloads: mpsc::Sender<Reload>) -> Router<S> {
    Router::new()
        .route("/-/reload", post(reload))
        .with_state(reloads)
}

async fn reload(State(reloads): State<mpsc::Sender<Reload>>) -> Response {
    let (answer, outcome) = oneshot::channel();
    let asked = async {
        reloads.send(Reload { answer }).await.ok()?;
        outcome.await.ok()
    };
    match asked.await {
        Some(Ok(())) => "the settings are in force\n".into_response(),
        Some(Err(why)) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{why}\n")).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response(),
    }
}
