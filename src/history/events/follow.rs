//! Follows the table of events: people and programs note them while we run.

use jiff::Timestamp;

use crate::history::events::table::{self, EventTable};
use crate::model::event::Event;
use crate::model::request::samples::event_feed::NotesDoor;
use crate::model::request::samples::push::PushRefusal;
use crate::store::file::Store;
use crate::store::follower::{FollowedTable, Follower};

/// Writes events, and reads those of late.
pub type EventFollower = Follower<EventTable>;

impl FollowedTable for EventTable {
    const ROWS: &'static str = "events";
    type Request = Event;
    type Answer = ();
    type Row = Event;

    fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    fn execute(&mut self, event: Event, _now: Timestamp) -> Result<(), PushRefusal> {
        self.add(&event).map_err(|error| {
            tracing::error!(%error, "cannot write event");
            PushRefusal::Unwritten
        })
    }

    fn read(&self, now: Timestamp) -> rusqlite::Result<Vec<Event>> {
        table::recent(&self.store, now)
    }
}

impl EventFollower {
    /// Reads the recent events, and opens the door for further ones.
    pub fn open(store: Store, clock: fn() -> Timestamp) -> rusqlite::Result<(Self, NotesDoor)> {
        let (follower, (entries, noted)) = Self::new(EventTable::new(store), clock)?;
        Ok((follower, NotesDoor { entries, noted }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;

    use crate::model::request::samples::push::Push;

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
