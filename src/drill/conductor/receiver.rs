//! A chat on this machine: takes what is posted to a webhook, as Discord does.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{patch, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::pipeline::stages::Pipeline;

/// A message as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct ArrivedMessage {
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) payload: Value,
    /// Whether it replaced an earlier one.
    pub(crate) is_edit: bool,
}

type Messages = Arc<watch::Sender<Vec<ArrivedMessage>>>;

/// Listens for messages until it is dropped.
#[derive(Debug)]
pub(crate) struct ChatReceiver {
    address: SocketAddr,
    messages: Messages,
    /// Ends when it is dropped.
    _serving: JoinSet<()>,
}

impl ChatReceiver {
    /// Listens on a free port of this machine.
    pub(crate) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let messages = Messages::default();
        let routes = Router::new()
            .route("/api/webhooks/1/drill", post(take))
            .route("/api/webhooks/1/drill/messages/{id}", patch(take))
            .with_state(Arc::clone(&messages));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the drill's chat ended");
            }
        });
        Ok(Self {
            address,
            messages,
            _serving: serving,
        })
    }

    /// The address of its webhook.
    pub(crate) fn webhook(&self) -> String {
        format!("http://{}/api/webhooks/1/drill", self.address)
    }

    /// What has arrived, in order.
    pub(crate) fn messages(&self) -> Vec<ArrivedMessage> {
        self.messages.borrow().clone()
    }
}

async fn take(
    State(messages): State<Messages>,
    method: Method,
    Json(payload): Json<Value>,
) -> Response {
    let message = ArrivedMessage {
        at: Pipeline::clock(),
        payload,
        is_edit: method == Method::PATCH,
    };
    messages.send_modify(|messages| messages.push(message));
    let id = messages.borrow().len().to_string();
    (StatusCode::OK, Json(json!({ "id": id, "channel_id": "1" }))).into_response()
}
