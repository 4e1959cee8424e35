//! What is noted from outside while we run, on its way in and on its way on.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::sync::watch;

use crate::model::event::Event;
use crate::model::request::push::Push;

/// How long after it was noted an event is one of late, in hours.
pub const RECENT_HOURS: i64 = 24;

/// Events of late; of more the oldest are left out.
pub const MAX_EVENTS: usize = 500;

/// Something to be noted in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedEntry {
    /// Something was done to the service.
    Event(Event),
}

/// What stands in the database, whoever noted it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// What was noted of late, in the order in which it happened.
    pub events: Arc<Vec<Event>>,
}

/// Where entries go in, and what is noted at present.
#[derive(Clone, Debug)]
pub struct NotesDoor {
    /// Where they go.
    pub entries: SyncSender<Push<FeedEntry>>,
    /// All that is noted.
    pub noted: watch::Receiver<Noted>,
}
