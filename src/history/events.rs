//! Events that people noted, kept in the database.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::model::event::{Event, EventKind};

/// The only writer of the table `event` (law 4).
#[derive(Debug)]
pub struct Events {
    store: Connection,
}

impl Events {
    /// Takes the database, which others may have open as well.
    pub fn new(store: Connection) -> Self {
        Self { store }
    }

    /// Keeps an event.
    pub fn add(&mut self, event: &Event) -> rusqlite::Result<()> {
        self.store.execute(
            "INSERT INTO event (at_ms, text, noted_ms) VALUES (?1, ?2, ?3)",
            params![
                event.at.as_millisecond(),
                event.text,
                event.noted.as_millisecond()
            ],
        )?;
        Ok(())
    }

    /// What was from one moment until before another, oldest first.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> rusqlite::Result<Vec<Event>> {
        let mut rows = self.store.prepare(
            "SELECT at_ms, text, noted_ms FROM event WHERE at_ms >= ?1 AND at_ms < ?2 \
            ORDER BY at_ms, id",
        )?;
        let kept = rows.query_map([from.as_millisecond(), until.as_millisecond()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, i64>(2)?))
        })?;
        let mut events = Vec::new();
        for row in kept {
            let (at, text, noted) = row?;
            let moments = (
                Timestamp::from_millisecond(at),
                Timestamp::from_millisecond(noted),
            );
            // A moment outside the calendar cannot have been written by us.
            if let (Ok(at), Ok(noted)) = moments {
                events.push(Event {
                    at,
                    kind: EventKind::default(),
                    text,
                    components: Vec::new(),
                    noted,
                });
            }
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, text: &str) -> Event {
        let at = Timestamp::from_second(second).unwrap();
        Event::new(at, text, at).unwrap()
    }

    #[test]
    fn events_are_listed_in_the_order_in_which_they_happened() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Events::new(crate::store::open(folder.path()).unwrap());
        let (mut one, mut other) = (open(), open());
        one.add(&event(20, "restart")).unwrap();
        other.add(&event(10, "release")).unwrap();
        one.add(&event(30, "limit")).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let listed = other.between(at(10), at(30)).unwrap();
        assert_eq!(listed, [event(10, "release"), event(20, "restart")]);
        assert_eq!(
            other.between(Timestamp::MIN, Timestamp::MAX).unwrap().len(),
            3
        );
    }
}
