//! What the operators' API works with, and who may use it.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use tokio::sync::oneshot;

use crate::model::event::Event;
use crate::model::request::access::{AccessDoor, AccessRequest, AuditEntry, AuditRecord};
use crate::model::request::samples::event_feed::NotesDoor;
use crate::model::request::samples::push::{Push, PushRefusal};
use crate::model::request::samples::silence_request::{Errand, SilencesDoor};
use crate::model::silence::Silence;
use crate::web::ops::access::error::OpsError;
use crate::web::site::Site;

/// Handed to every handler of the operators' API.
#[derive(Clone, Debug)]
pub(crate) struct Operators {
    /// The board, with all that is not public.
    pub(crate) site: Site,
    notes: NotesDoor,
    silences: SilencesDoor,
    access: AccessDoor,
}

impl Operators {
    /// Ties the board, what is noted, what is silenced and who did it together.
    pub(crate) fn new(
        site: Site,
        notes: NotesDoor,
        silences: SilencesDoor,
        access: AccessDoor,
    ) -> Self {
        Self {
            site,
            notes,
            silences,
            access,
        }
    }

    /// Writes down what somebody did.
    pub(crate) async fn audit(&self, entry: AuditEntry) {
        self.access.note(entry).await;
    }

    /// So many entries of the audit log, older than this one.
    pub(crate) async fn audited(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>, OpsError> {
        let read = self.access.ask(AccessRequest::Audit(before, limit)).await;
        read.ok_or_else(|| {
            let words = "the audit log cannot be read at the moment; try again";
            OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, words)
        })
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
