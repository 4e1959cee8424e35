//! What the operators' API works with, and who may use it.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::oneshot;

use crate::model::event::Event;
use crate::model::request::event_feed::NotesDoor;
use crate::model::request::push::{Push, PushRefusal};
use crate::model::request::silence_request::{Errand, SilencesDoor};
use crate::model::silence::Silence;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::token::TokenHash;
use crate::web::site::Site;

/// Handed to every handler of the operators' API.
#[derive(Clone, Debug)]
pub(crate) struct Operators {
    /// The board, with all that is not public.
    pub(crate) site: Site,
    notes: NotesDoor,
    silences: SilencesDoor,
}

impl Operators {
    /// Ties the board, what is noted and what is silenced together.
    pub(crate) fn new(site: Site, notes: NotesDoor, silences: SilencesDoor) -> Self {
        Self {
            site,
            notes,
            silences,
        }
    }

    /// All that is noted.
    pub(crate) fn noted(&self) -> Arc<Vec<Event>> {
        self.notes.noted.borrow().clone()
    }

    /// Notes something and waits until the database has it.
    pub(crate) async fn note(&self, event: Event) -> Result<(), OpsError> {
        send(&self.notes.entries, event).await
    }

    /// All stored silences.
    pub(crate) fn silences(&self) -> Arc<Vec<Silence>> {
        Arc::clone(&self.silences.newest.borrow())
    }

    /// Adds or ends a silence and waits until the database has it; `None` if there
    /// is none of that number.
    pub(crate) async fn change_silence(&self, what: Errand) -> Result<Option<Silence>, OpsError> {
        send(&self.silences.errands, what).await
    }
}

/// Hands something over and waits for the answer.
async fn send<T, A>(target: &SyncSender<Push<T, A>>, what: T) -> Result<A, OpsError> {
    let (answer, wait) = oneshot::channel();
    let refused = |message| OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, message);
    match target.try_send(Push { what, answer }) {
        Ok(()) => {}
        Err(TrySendError::Full(_)) => {
            return Err(refused("too much is noted at once; try again"));
        }
        Err(TrySendError::Disconnected(_)) => {
            return Err(refused("the service is about to stop; try again"));
        }
    }
    match wait.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(refusal)) => {
            let status = match refusal {
                PushRefusal::Full { .. } | PushRefusal::Crowded(_) => StatusCode::TOO_MANY_REQUESTS,
                PushRefusal::Unwritten => StatusCode::INTERNAL_SERVER_ERROR,
            };
            Err(OpsError::whole(status, refusal.to_string()))
        }
        Err(_) => Err(refused("the service is about to stop; try again")),
    }
}

/// Lets those through who have the token; without a key there is no such token.
pub(crate) async fn guard(
    State(key): State<Option<Arc<TokenHash>>>,
    request: Request,
    next: Next,
) -> Response {
    let refused = match key {
        Some(key) if key.admits(request.headers()) => return next.run(request).await,
        Some(_) => OpsError::whole(
            StatusCode::UNAUTHORIZED,
            "send the token of `[ops]` as `Authorization: Bearer TOKEN`",
        ),
        None => OpsError::whole(
            StatusCode::FORBIDDEN,
            "the operators' API is closed; set a `token` in `[ops]`",
        ),
    };
    refused.into_response()
}

/// The body, or why there is none.
pub(crate) fn body(read: Result<Bytes, BytesRejection>) -> Result<Bytes, OpsError> {
    read.map_err(|rejection| {
        let status = rejection.status();
        let message = if status == StatusCode::PAYLOAD_TOO_LARGE {
            "the body is longer than 64 KiB; send one at a time".to_owned()
        } else {
            rejection.to_string()
        };
        OpsError::whole(status, message)
    })
}
