//! Events in the database: noted by people and programs, or seen in samples.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::history::writer::pruning;
use crate::history::writer::pruning::oldest;
use crate::model::component::ComponentId;
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::request::samples::event_feed::{MAX_EVENTS, RECENT_HOURS};
use crate::store::file::Store;

/// How long a provider's notice is remembered.
const NOTICES_KNOWN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is read of each row, in this order.
const COLUMNS: &str = "at_ms, kind, text, components, noted_ms, source";

/// The table `event` (law 4), for those who come once.
#[derive(Debug)]
pub struct EventTable {
    pub(crate) store: Store,
}

impl EventTable {
    /// Takes the database, which others may have open as well.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Goes on in a new database if ours was deleted.
    pub fn renew(&mut self) -> rusqlite::Result<()> {
        self.store.renew().map(|_| ())
    }

    /// Keeps an event.
    pub fn add(&mut self, event: &Event) -> rusqlite::Result<()> {
        write(&self.store, event)
    }

    /// What was from one moment until before another, oldest first.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> rusqlite::Result<Vec<Event>> {
        let (from, until) = (from.as_millisecond(), until.as_millisecond());
        select(
            &self.store,
            "WHERE at_ms >= ?1 AND at_ms < ?2 ORDER BY at_ms, id",
            [from, until],
        )
    }
}

/// Writes an event; the caller may own a transaction.
pub(crate) fn write(store: &Connection, event: &Event) -> rusqlite::Result<()> {
    let components: Vec<_> = event.components.iter().map(|id| &*id.0).collect();
    store
        .prepare_cached(&format!(
            "INSERT INTO event ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))?
        .execute(params![
            event.at.as_millisecond(),
            event.kind.word(),
            event.text,
            serde_json::json!(components).to_string(),
            event.noted.as_millisecond(),
            event.source.word(),
        ])?;
    Ok(())
}

/// What was noted of late at `now`, in the order in which it happened.
pub(crate) fn recent(store: &Connection, now: Timestamp) -> rusqlite::Result<Vec<Event>> {
    let since = now
        .checked_sub(SignedDuration::from_hours(RECENT_HOURS))
        .unwrap_or(Timestamp::MIN);
    let limit = i64::try_from(MAX_EVENTS).unwrap_or(i64::MAX);
    select(
        store,
        "WHERE id IN (SELECT id FROM event WHERE noted_ms >= ?1 \
        ORDER BY noted_ms DESC, id DESC LIMIT ?2) ORDER BY at_ms, id",
        [since.as_millisecond(), limit],
    )
}

/// Notices of providers that were told before `now`, as far as that is known.
pub fn notices(store: &Connection, now: Timestamp) -> rusqlite::Result<Vec<Event>> {
    let since = now.checked_sub(NOTICES_KNOWN).unwrap_or(Timestamp::MIN);
    select(
        store,
        "WHERE kind = 'provider' AND noted_ms >= ?1 ORDER BY noted_ms",
        [since.as_millisecond()],
    )
}

/// Deletes a part of the old events that we saw ourselves; those of people stay.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let first = "SELECT min(noted_ms) FROM event WHERE source LIKE 'collector:%'";
    let until = pruning::part_of(store, first, oldest(now), pruning::REST)?;
    store.execute(
        "DELETE FROM event WHERE source LIKE 'collector:%' AND noted_ms < ?1",
        [until],
    )?;
    Ok(())
}

fn select<const N: usize>(
    store: &Connection,
    which: &str,
    values: [i64; N],
) -> rusqlite::Result<Vec<Event>> {
    let mut rows = store.prepare_cached(&format!("SELECT {COLUMNS} FROM event {which}"))?;
    let found = rows.query_map(rusqlite::params_from_iter(values), read)?;
    // A row that says nothing to us was not written by us.
    found.filter_map(Result::transpose).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Event>> {
    let (at, noted): (i64, i64) = (row.get(0)?, row.get(4)?);
    let (kind, components): (String, String) = (row.get(1)?, row.get(3)?);
    let text: String = row.get(2)?;
    let source: String = row.get(5)?;
    let moment = Timestamp::from_millisecond;
    let (Ok(at), Ok(noted)) = (moment(at), moment(noted)) else {
        return Ok(None);
    };
    let ids: Vec<String> = serde_json::from_str(&components).unwrap_or_default();
    Ok(Some(Event {
        at,
        // A newer program may know more kinds.
        kind: EventKind::from_word(&kind).unwrap_or(EventKind::Note),
        text,
        components: ids.into_iter().map(ComponentId).collect(),
        noted,
        source: EventSource::from_word(&source).unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use crate::model::sample::CollectorId;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(second: i64, text: &str) -> Event {
        Event::new(at(second), text, at(second)).unwrap()
    }

    #[test]
    fn events_are_listed_in_the_order_in_which_they_happened() {
        let folder = tempfile::tempdir().unwrap();
        let open = || EventTable::new(crate::store::open(folder.path()).unwrap());
        let (mut one, mut other) = (open(), open());
        one.add(&event(20, "restart")).unwrap();
        other.add(&event(10, "release")).unwrap();
        one.add(&event(30, "limit")).unwrap();
        let listed = other.between(at(10), at(30)).unwrap();
        assert_eq!(listed, [event(10, "release"), event(20, "restart")]);
        assert_eq!(
            other.between(Timestamp::MIN, Timestamp::MAX).unwrap().len(),
            3
        );
    }

    #[test]
    fn an_event_is_read_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let whole = Event {
            kind: EventKind::Limit,
            components: vec![ComponentId("cache".into()), ComponentId("a\"b".into())],
            source: EventSource::Collector(CollectorId("redis".into())),
            ..event(10, "Limit 🎲")
        };
        write(&store, &whole).unwrap();
        assert_eq!(recent(&store, at(11)).unwrap(), [whole]);
    }

    #[test]
    fn a_row_of_an_earlier_version_is_a_change_by_a_person() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let insert = "INSERT INTO event (at_ms, text, noted_ms) VALUES (10000, 'x', 10000)";
        store.execute(insert, []).unwrap();
        assert_eq!(recent(&store, at(11)).unwrap(), [event(10, "x")]);
    }

    #[test]
    fn of_late_is_what_was_noted_within_a_day_and_the_newest_of_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let day = 86_400;
        // Noted late, though it happened long ago.
        let late = Event {
            noted: at(2 * day),
            ..event(10, "late")
        };
        for one in [&late, &event(day - 1, "old"), &event(day, "young")] {
            write(&store, one).unwrap();
        }
        let listed = recent(&store, at(2 * day)).unwrap();
        assert_eq!(listed, [late, event(day, "young")]);
        for second in 0..600 {
            write(&store, &event(2 * day + second, "many")).unwrap();
        }
        let listed = recent(&store, at(2 * day + 600)).unwrap();
        assert_eq!(listed.len(), MAX_EVENTS);
        assert_eq!(listed[0].at, at(2 * day + 100));
    }

    #[test]
    fn what_people_noted_is_kept_and_what_was_seen_goes_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let seen = Event {
            source: EventSource::Collector(CollectorId("redis".into())),
            ..event(10, "seen")
        };
        write(&store, &seen).unwrap();
        write(&store, &event(10, "typed")).unwrap();
        prune(&store, at(10 + 86_400)).unwrap();
        let all = || select(&store, "ORDER BY id", []).unwrap();
        assert_eq!(all().len(), 2);
        prune(&store, at(10 + 500 * 86_400)).unwrap();
        assert_eq!(all(), [event(10, "typed")]);
    }
}
