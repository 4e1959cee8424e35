//! The collectors that take pushes from outside, and who may push to which.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, oneshot};

use crate::model::request::samples::push::{
    Beat, Push, PushEntry, SampleBatch, SamplesDoor, TakenSamples,
};
use crate::model::token_hash::TokenHash;

/// Bodies that may be read at once, which bounds the memory that they take.
const BODIES: usize = 2;

/// The collectors that take pushes from outside.
#[derive(Debug)]
pub(crate) struct PushDoors {
    /// By the hash of the secret: whose beat it is, and where it goes.
    beats: BTreeMap<TokenHash, (String, mpsc::Sender<Push<Beat>>)>,
    samples: Vec<SamplesDoor>,
    slots: Semaphore,
}

impl PushDoors {
    /// Collects the entries that collectors opened.
    pub(crate) fn new<'e>(opened: impl IntoIterator<Item = &'e PushEntry>) -> Self {
        let mut doors = Self {
            beats: BTreeMap::new(),
            samples: Vec::new(),
            slots: Semaphore::new(BODIES),
        };
        for entry in opened {
            match entry {
                PushEntry::Heartbeats { secrets, beats, .. } => {
                    let own = secrets.iter();
                    let own = own.map(|(hash, name)| (*hash, (name.clone(), beats.clone())));
                    doors.beats.extend(own);
                }
                PushEntry::Samples(door) => doors.samples.push(door.clone()),
                PushEntry::Alerts(_) => {}
            }
        }
        doors
    }

    /// The heartbeat that a secret stands for.
    ///
    /// It is found by its hash, of which nobody outside can choose the first bytes.
    pub(crate) fn beat(&self, secret: &str) -> Option<&(String, mpsc::Sender<Push<Beat>>)> {
        self.beats.get(&TokenHash::of(secret))
    }

    /// The collector whose token a request brings, as a bearer token or as the password of
    /// basic authentication.
    pub(crate) fn samples(&self, headers: &HeaderMap) -> Option<&SamplesDoor> {
        let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, credentials) = sent.split_once(' ')?;
        let token = if scheme.eq_ignore_ascii_case("bearer") {
            credentials.trim().to_owned()
        } else if scheme.eq_ignore_ascii_case("basic") {
            let decoded = STANDARD.decode(credentials.trim()).ok()?;
            let decoded = String::from_utf8(decoded).ok()?;
            decoded.split_once(':')?.1.to_owned()
        } else {
            return None;
        };
        let token = TokenHash::of(&token);
        self.samples.iter().find(|door| door.token == token)
    }

    /// A place for a body; none if too many are read already.
    pub(crate) fn slot(&self) -> Option<SemaphorePermit<'_>> {
        self.slots.try_acquire().ok()
    }
}

/// What whoever has no token of a collector is told.
pub(crate) fn unauthorized() -> Response {
    (
        StatusCode::UNAUTHORIZED,
        [(header::WWW_AUTHENTICATE, "Bearer")],
        "send the token of a collector of the type `push` as `Authorization: Bearer TOKEN`\n",
    )
        .into_response()
}

/// What whoever must come again is told.
pub(crate) fn busy() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "1")],
        "too much is pushed at once; try again\n",
    )
        .into_response()
}

/// Hands samples to their collector and waits until they count; none if they must come again.
pub(crate) async fn deliver(door: &SamplesDoor, batch: SampleBatch) -> Option<TakenSamples> {
    let (answer, wait) = oneshot::channel();
    let push = Push {
        what: batch,
        answer,
    };
    door.batches.try_send(push).ok()?;
    wait.await.ok()?.ok()
}
