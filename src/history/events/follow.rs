//! What people and programs note while we run: written, and looked for, on a
//! thread of its own.
//!
//! The command writes into the database from another process. Whether anybody
//! did is asked four times a second, which costs a look at shared memory; who
//! needs what is noted reads it from a channel and never waits for the disk.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::history::events::table;
use crate::model::event::Event;
use crate::model::request::event_feed::NotesDoor;
use crate::model::request::push::{Push, PushRefusal};
use crate::store::file::Store;

/// How often it is looked for what others wrote.
const LOOK: Duration = Duration::from_millis(250);

/// Entries that may wait to be written.
const ENTRIES: usize = 64;

/// The thread, before it runs.
#[derive(Debug)]
pub struct EventFollower {
    store: Store,
    clock: fn() -> Timestamp,
    entries: Receiver<Push<Event>>,
    noted: watch::Sender<Arc<Vec<Event>>>,
    /// What the database calls its state; changes of others change it.
    version: i64,
    failing: bool,
}

impl EventFollower {
    /// Reads what is noted already, and opens the door.
    pub fn open(store: Store, clock: fn() -> Timestamp) -> rusqlite::Result<(Self, NotesDoor)> {
        // The number first: what is written in between is then looked at again.
        let version = version(&store)?;
        let (noted, reader) = watch::channel(read(&store, clock())?);
        let (sender, entries) = sync_channel(ENTRIES);
        let thread = Self {
            store,
            clock,
            entries,
            noted,
            version,
            failing: false,
        };
        let door = NotesDoor {
            entries: sender,
            noted: reader,
        };
        Ok((thread, door))
    }

    /// Writes and looks until nobody can send any more.
    pub fn run(mut self) {
        while self.step(LOOK) {}
    }

    /// Waits for an entry, but not for long, and looks; false at the end.
    fn step(&mut self, patience: Duration) -> bool {
        let pushed = match self.entries.recv_timeout(patience) {
            Ok(push) => Some(push),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return false,
        };
        let is_pushed = pushed.is_some();
        let written = pushed.map(|Push { what, answer }| (self.write(&what), answer));
        let looked = self.look(is_pushed);
        // Who asks next finds it; who noted it may have gone away.
        if let Some((result, answer)) = written {
            let _ = answer.send(result);
        }
        match looked {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!("reading events recovered");
            }
            Err(error) if !self.failing => {
                self.failing = true;
                tracing::error!(%error, "cannot read events; the last known ones stay");
            }
            Ok(()) | Err(_) => {}
        }
        true
    }

    fn write(&self, event: &Event) -> Result<(), PushRefusal> {
        table::write(&self.store, event).map_err(|error| {
            tracing::error!(%error, "cannot write event");
            PushRefusal::Unwritten
        })
    }

    /// Reads again what is noted, if we or others wrote.
    fn look(&mut self, written: bool) -> rusqlite::Result<()> {
        let written = self.store.renew()? || written;
        let version = version(&self.store)?;
        if version == self.version && !written && !self.failing {
            return Ok(());
        }
        let now = read(&self.store, (self.clock)())?;
        self.version = version;
        self.noted.send_if_modified(|noted| {
            let news = *noted != now;
            *noted = now;
            news
        });
        Ok(())
    }
}

fn version(store: &Connection) -> rusqlite::Result<i64> {
    store.pragma_query_value(None, "data_version", |row| row.get(0))
}

fn read(store: &Connection, now: Timestamp) -> rusqlite::Result<Arc<Vec<Event>>> {
    Ok(table::recent(store, now)?.into())
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use crate::history::events::table::EventTable;

    use super::*;

    fn clock() -> Timestamp {
        Timestamp::from_second(1_000_000).unwrap()
    }

    fn event(text: &str) -> Event {
        Event::new(clock(), text, clock()).unwrap()
    }

    fn texts(door: &NotesDoor) -> Vec<String> {
        let noted = door.noted.borrow();
        noted.iter().map(|one| one.text.clone()).collect()
    }

    #[test]
    fn what_another_process_writes_is_seen_at_the_next_look() {
        let folder = tempfile::tempdir().unwrap();
        let open = || crate::store::open(folder.path()).unwrap();
        let mut other = EventTable::new(open());
        other.add(&event("before")).unwrap();
        let (mut notes, door) = EventFollower::open(open(), clock).unwrap();
        assert_eq!(texts(&door), ["before"]);
        assert!(!door.noted.has_changed().unwrap());
        other.add(&event("meanwhile")).unwrap();
        assert!(notes.step(Duration::ZERO));
        assert_eq!(texts(&door), ["before", "meanwhile"]);
    }

    #[test]
    fn what_others_write_elsewhere_is_no_news() {
        let folder = tempfile::tempdir().unwrap();
        let open = || crate::store::open(folder.path()).unwrap();
        let other = open();
        let (mut notes, door) = EventFollower::open(open(), clock).unwrap();
        other.execute("INSERT INTO seen VALUES (0, 1)", []).unwrap();
        assert!(notes.step(Duration::ZERO));
        assert!(!door.noted.has_changed().unwrap());
    }

    #[test]
    fn an_entry_is_written_answered_and_known_and_the_end_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let open = || crate::store::open(folder.path()).unwrap();
        let (mut notes, door) = EventFollower::open(open(), clock).unwrap();
        let (answer, mut wait) = oneshot::channel();
        let what = event("release");
        door.entries.try_send(Push { what, answer }).unwrap();
        assert!(notes.step(Duration::ZERO));
        assert_eq!(wait.try_recv().unwrap(), Ok(()));
        assert_eq!(texts(&door), ["release"]);
        drop(door);
        assert!(!notes.step(Duration::ZERO));
    }

    #[test]
    fn a_database_that_takes_nothing_is_told_to_who_noted() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        store.pragma_update(None, "query_only", true).unwrap();
        let (mut notes, door) = EventFollower::open(store, clock).unwrap();
        let (answer, mut wait) = oneshot::channel();
        let what = event("release");
        door.entries.try_send(Push { what, answer }).unwrap();
        assert!(notes.step(Duration::ZERO));
        assert_eq!(wait.try_recv().unwrap(), Err(PushRefusal::Unwritten));
        assert!(texts(&door).is_empty());
    }
}
