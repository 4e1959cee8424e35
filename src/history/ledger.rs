//! Changes of each component's measured health, kept in the database.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::model::component::{ComponentId, Health};
use crate::model::uptime::Span;

/// Changes older than this are deleted.
const KEEP_DAYS: i64 = 400;

/// The only writer of the tables `health` and `seen` (law 4).
#[derive(Debug)]
pub struct Ledger {
    store: Connection,
    changes: BTreeMap<ComponentId, Vec<(Timestamp, Health)>>,
    /// Last moment known to the database, from which a restart goes on.
    seen: Option<Timestamp>,
}

impl Ledger {
    /// Reads what is kept; the time since it was last written counts as unseen.
    pub fn open(store: Connection, now: Timestamp) -> rusqlite::Result<Self> {
        let oldest = now.as_millisecond() - KEEP_DAYS * 86_400_000;
        store.execute("DELETE FROM health WHERE at_ms < ?1", [oldest])?;
        let mut changes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut rows = store
            .prepare("SELECT component, at_ms, health FROM health ORDER BY component, at_ms")?;
        let kept = rows.query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, String>(2)?,
            ))
        })?;
        for row in kept {
            let (component, at, health) = row?;
            let (Ok(at), Some(health)) =
                (Timestamp::from_millisecond(at), Health::from_word(&health))
            else {
                continue;
            };
            changes
                .entry(ComponentId(component))
                .or_default()
                .push((at, health));
        }
        drop(rows);
        let seen = store
            .query_row("SELECT at_ms FROM seen", [], |row| row.get::<_, i64>(0))
            .ok()
            .and_then(|at| Timestamp::from_millisecond(at).ok())
            .filter(|seen| *seen <= now);
        let mut ledger = Self {
            store,
            changes,
            seen,
        };
        if let Some(seen) = seen {
            let components: Vec<_> = ledger.changes.keys().cloned().collect();
            for component in components {
                ledger.change(&component, Health::Unknown, seen)?;
            }
        }
        Ok(ledger)
    }

    /// Notes the health of components at `now`; only changes are written.
    pub fn note(
        &mut self,
        healths: &[(ComponentId, Health)],
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        for (component, health) in healths {
            self.change(component, *health, now)?;
        }
        // Once a minute is enough to know how long we were away.
        let stale = |seen: Timestamp| now.duration_since(seen).as_secs() >= 60;
        if self.seen.is_none_or(|seen| stale(seen) || seen > now) {
            self.store.execute(
                "INSERT INTO seen VALUES (0, ?1) ON CONFLICT (id) DO UPDATE SET at_ms = ?1",
                [now.as_millisecond()],
            )?;
            self.seen = Some(now);
        }
        Ok(())
    }

    fn change(
        &mut self,
        component: &ComponentId,
        health: Health,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        let known = self
            .changes
            .get(component)
            .and_then(|changes| changes.last());
        // A clock that stepped back must not put changes out of order.
        if known.is_some_and(|(last, known)| *known == health || *last >= at) {
            return Ok(());
        }
        self.store.execute(
            "INSERT OR REPLACE INTO health VALUES (?1, ?2, ?3)",
            params![component.0, at.as_millisecond(), health.word()],
        )?;
        self.changes
            .entry(component.clone())
            .or_default()
            .push((at, health));
        Ok(())
    }

    /// A component's past until `now`, oldest first.
    pub fn spans(&self, component: &ComponentId, now: Timestamp) -> Vec<Span> {
        let changes = self
            .changes
            .get(component)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([now]);
        changes
            .iter()
            .zip(ends)
            .map(|((from, health), to)| Span {
                from: *from,
                to: to.max(*from),
                health: *health,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn the_time_between_two_runs_is_unseen() {
        let folder = tempfile::tempdir().unwrap();
        let api = ComponentId("api".into());
        let open = |now| Ledger::open(crate::store::open(folder.path()).unwrap(), now).unwrap();

        let mut ledger = open(at(0));
        ledger.note(&[(api.clone(), Health::Ok)], at(0)).unwrap();
        ledger.note(&[(api.clone(), Health::Ok)], at(59)).unwrap();
        ledger
            .note(&[(api.clone(), Health::Down)], at(120))
            .unwrap();
        drop(ledger);
        let mut ledger = open(at(500));
        ledger.note(&[(api.clone(), Health::Ok)], at(501)).unwrap();

        let spans: Vec<_> = ledger
            .spans(&api, at(510))
            .iter()
            .map(|span| (span.from.as_second() - 1_000_000, span.health))
            .collect();
        // What was written last at 120 is the last that was seen.
        assert_eq!(
            spans,
            [(0, Health::Ok), (120, Health::Down), (501, Health::Ok)]
        );
    }

    #[test]
    fn a_clock_that_steps_back_keeps_the_order() {
        let folder = tempfile::tempdir().unwrap();
        let api = ComponentId("api".into());
        let mut ledger = Ledger::open(crate::store::open(folder.path()).unwrap(), at(0)).unwrap();
        for (second, health) in [(10, Health::Ok), (5, Health::Down), (11, Health::Down)] {
            ledger.note(&[(api.clone(), health)], at(second)).unwrap();
        }
        let spans = ledger.spans(&api, at(20));
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert_eq!(spans.last().unwrap().health, Health::Down);
    }
}
