//! Reads what was written down, on a thread of its own, for those who must not wait.

use tokio::sync::mpsc;

use crate::history::events::table::EventTable;
use crate::history::minutes::table::Minutes;
use crate::model::request::ask::{FoundHistory, HistoryQuery};

/// Questions that may wait; who has more asks later.
const WAITING: usize = 32;

/// The reading door.
#[derive(Debug)]
pub struct Lookups {
    minutes: Minutes,
    events: EventTable,
    incoming: mpsc::Receiver<HistoryQuery>,
    failing: bool,
}

impl Lookups {
    /// Takes the ways to what is written down; the sender is for who asks.
    pub fn new(minutes: Minutes, events: EventTable) -> (Self, mpsc::Sender<HistoryQuery>) {
        let (sender, incoming) = mpsc::channel(WAITING);
        let lookups = Self {
            minutes,
            events,
            incoming,
            failing: false,
        };
        (lookups, sender)
    }

    /// Answers until nobody can ask any more.
    pub fn run(mut self) {
        while let Some(lookup) = self.incoming.blocking_recv() {
            self.answer(lookup);
        }
    }

    /// Answers one query; a failure is logged once.
    fn answer(&mut self, lookup: HistoryQuery) {
        match self.read(&lookup) {
            Ok(found) => {
                self.failing = false;
                // Who asked may have gone away.
                let _ = lookup.answer.send(found);
            }
            Err(error) if !self.failing => {
                self.failing = true;
                tracing::error!(%error, "cannot read history; charts keep their last state");
            }
            Err(_) => {}
        }
    }

    fn read(&mut self, lookup: &HistoryQuery) -> rusqlite::Result<FoundHistory> {
        self.minutes.renew()?;
        self.events.renew()?;
        let (from, until) = (lookup.from, lookup.until);
        Ok(FoundHistory {
            series: self.minutes.read_measured(&lookup.metrics, from, until)?,
            events: self.events.between(from, until)?,
        })
    }
}
