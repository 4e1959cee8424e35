//! What is noted from outside while we run, on its way in and on its way on.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::sync::watch;

use crate::model::event::Event;
use crate::model::request::samples::push::Push;

/// How long after it was noted an event is one of late, in hours.
pub const RECENT_HOURS: i64 = 24;

/// Events of late; of more the oldest are left out.
pub const MAX_EVENTS: usize = 500;

/// Where entries go in, and what is noted at present.
#[derive(Clone, Debug)]
pub struct NotesDoor {
    /// Where they go.
    pub entries: SyncSender<Push<Event>>,
    /// What was noted of late, whoever noted it, in the order in which it happened.
    pub noted: watch::Receiver<Arc<Vec<Event>>>,
}
