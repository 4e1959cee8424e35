//! Requests that carry a key, so that who sends one twice has it done once.

use std::sync::mpsc::SyncSender;

use crate::model::access::Actor;
use crate::model::request::samples::push::Push;

/// What names a request: who sent it, and the key that they chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayKey {
    /// Who sent it: a token shares nothing with a person of the same name.
    pub actor: Actor,
    /// The key.
    pub key: String,
}

/// An answer as it was given first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The status.
    pub status: u16,
    /// The headers that belong to the answer.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What is asked of the table of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayErrand {
    /// A request begins; its print is the same only if all of it is.
    Begin(ReplayKey, String),
    /// It was answered so.
    Finish(ReplayKey, StoredAnswer),
    /// It came to nothing, and may be sent again.
    Forget(ReplayKey),
}

/// What the table answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayState {
    /// Nobody used the key before: go on.
    New,
    /// Another request used the key.
    Other,
    /// The same request was begun, and nobody knows what became of it.
    Unfinished,
    /// The same request was answered so.
    Answered(StoredAnswer),
    /// It is noted.
    Noted,
}

/// Where errands go in.
#[derive(Clone, Debug)]
pub struct ReplaysDoor {
    /// Where they go.
    pub errands: SyncSender<Push<ReplayErrand, ReplayState>>,
}
