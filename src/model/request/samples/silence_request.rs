//! What operators ask of the silences while we run, and what is silenced.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::sync::watch;

use crate::model::request::samples::push::Push;
use crate::model::silence::{Silence, SilenceRequest};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Keep a silence.
    Add(SilenceRequest),
    /// Keep a silence in place of the one of this number, which ends.
    Replace(i64, SilenceRequest),
    /// End the silence of this number.
    End(i64),
}

/// An errand; the answer is the silence as it is then, if there is one of that number.
pub type PendingSilence = Push<Errand, Option<Silence>>;

/// Where errands go in, and what is silenced at present.
#[derive(Clone, Debug)]
pub struct SilencesDoor {
    /// Where they go.
    pub errands: SyncSender<PendingSilence>,
    /// All that are kept.
    pub newest: watch::Receiver<Arc<Vec<Silence>>>,
}
