//! The tables of health and of when the monitor was last alive.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::history::health::log::HealthLog;
use crate::history::writer::owed::HealthChange;
use crate::history::writer::pruning;
use crate::history::writer::pruning::oldest;
use crate::model::component::{ComponentId, Health};

/// A change further ahead than this was written under another clock.
const AHEAD: Duration = Duration::from_secs(2);

/// The oldest moment at which a change took the place of an older one.
const FIRST: &str = "SELECT min(at_ms) FROM health AS later WHERE EXISTS (\
    SELECT 1 FROM health AS earlier WHERE earlier.component = later.component \
    AND earlier.at_ms < later.at_ms)";

/// Reads the health of earlier runs.
///
/// What a clock that was ahead has dated later than now is left out, or nothing
/// would be noted until then; it stays on the disk, as it may be our clock that
/// is behind.
pub(crate) fn read(store: &Connection, now: Timestamp) -> rusqlite::Result<HealthLog> {
    let until = now.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
    let mut rows = store.prepare(
        "SELECT component, at_ms, health FROM health WHERE at_ms <= ?1 \
        ORDER BY component, at_ms",
    )?;
    let found = rows.query_map([until.as_millisecond()], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    let mut changes = Vec::new();
    for row in found {
        let (component, at, health) = row?;
        if let (Ok(at), Some(health)) =
            (Timestamp::from_millisecond(at), Health::from_word(&health))
        {
            changes.push(HealthChange {
                component: ComponentId(component),
                at,
                health,
            });
        }
    }
    let seen = store
        .query_row("SELECT at_ms FROM seen", [], |row| row.get::<_, i64>(0))
        .ok()
        .and_then(|at| Timestamp::from_millisecond(at).ok())
        .filter(|seen| *seen <= now);
    Ok(HealthLog::new(changes, seen))
}

/// Writes a change; the caller owns the transaction.
pub(crate) fn write(store: &Connection, change: &HealthChange) -> rusqlite::Result<()> {
    store
        .prepare_cached("INSERT OR REPLACE INTO health VALUES (?1, ?2, ?3)")?
        .execute(params![
            change.component.0,
            change.at.as_millisecond(),
            change.health.word()
        ])?;
    Ok(())
}

/// Writes that the monitor is alive; the caller owns the transaction.
pub(crate) fn write_seen(store: &Connection, at: Timestamp) -> rusqlite::Result<()> {
    store
        .prepare_cached("INSERT OR REPLACE INTO seen VALUES (0, ?1)")?
        .execute([at.as_millisecond()])?;
    Ok(())
}

/// Deletes a part of what is too old at `now`, but for the change that still
/// held then.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let until = pruning::part_of(store, FIRST, oldest(now), pruning::REST)?;
    store.execute(
        "DELETE FROM health WHERE EXISTS (SELECT 1 FROM health AS later \
        WHERE later.component = health.component AND later.at_ms > health.at_ms \
        AND later.at_ms < ?1)",
        [until],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::history::writer::pruning::KEEP_DAYS;

    use super::*;

    #[test]
    fn what_held_for_longer_than_is_kept_is_not_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let day = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        for (when, health) in [(1, Health::Down), (2, Health::Ok), (500, Health::Down)] {
            let component = ComponentId("api".into());
            let at = day(when);
            write(
                &store,
                &HealthChange {
                    component,
                    at,
                    health,
                },
            )
            .unwrap();
        }
        let now = day(KEEP_DAYS + 100);
        prune(&store, now).unwrap();
        let from: Vec<_> = read(&store, now)
            .unwrap()
            .spans(&ComponentId("api".into()), now)
            .iter()
            .map(|span| span.from)
            .collect();
        assert_eq!(from, [day(2), day(500)]);
    }
}
