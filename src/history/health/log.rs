//! Changes of each component's measured health, in memory.
//!
//! The disk gets them later and in order: what is owed to it waits in `due`.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use crate::history::writer::owed::{HealthChange, Owed};
use crate::history::writer::pruning;
use crate::model::component::{ComponentId, Health};
use crate::model::facts::uptime::HealthSpan;

/// Seconds between two notes that the monitor is alive: exact enough to know
/// how long it was away.
const SEEN_EVERY: i64 = 60;

/// What the monitor itself could see is kept like a component's health, under a
/// name that no component can have.
const SIGHT: &str = "*";

/// How every component was.
#[derive(Debug, Default)]
pub struct HealthLog {
    changes: BTreeMap<ComponentId, Vec<(Timestamp, Health)>>,
    seen: Option<Timestamp>,
    /// The last moment that was noted.
    noted: Option<Timestamp>,
    /// What the database does not know yet, in order.
    pub(crate) due: VecDeque<Owed>,
}

impl HealthLog {
    /// Continues from stored rows; the time since the last one counts as unseen.
    ///
    /// The changes of one component come in the order of time.
    pub fn new(rows: impl IntoIterator<Item = HealthChange>, seen: Option<Timestamp>) -> Self {
        let mut log = Self {
            seen,
            ..Self::default()
        };
        for change in rows {
            log.changes
                .entry(change.component)
                .or_default()
                .push((change.at, change.health));
        }
        if let Some(seen) = seen {
            let components: Vec<_> = log.changes.keys().cloned().collect();
            for component in components {
                log.change(&component, Health::Unknown, seen);
            }
        }
        log
    }

    /// Notes the health of components at `now`; only changes are owed to the database.
    pub fn note(&mut self, healths: &[(ComponentId, Health)], now: Timestamp) {
        self.follow(now);
        for (component, health) in healths {
            self.change(component, *health, now);
        }
        let stale = |seen: Timestamp| now.duration_since(seen).as_secs() >= SEEN_EVERY;
        if self.seen.is_none_or(|seen| stale(seen) || seen > now) {
            self.due.push_back(Owed::Seen(now));
            self.seen = Some(now);
            self.forget(now);
        }
    }

    /// Follows a clock that steps back: what it dated later than now would keep
    /// everything else from being noted until then.
    fn follow(&mut self, now: Timestamp) {
        let before = self.noted.replace(now);
        if before.is_some_and(|before| now < before) {
            for changes in self.changes.values_mut() {
                let later = changes.partition_point(|(at, _)| *at <= now);
                changes.truncate(later);
            }
        }
    }

    /// Notes that nobody looked from a moment on until now: the program or the
    /// machine stood still.
    pub fn away(&mut self, since: Timestamp) {
        let components: Vec<_> = self.changes.keys().cloned().collect();
        for component in components {
            self.change(&component, Health::Unknown, since);
        }
    }

    /// Owes all that is known to the database once more.
    pub(crate) fn owe_all(&mut self) {
        let all = self.changes.iter().flat_map(|(component, changes)| {
            changes.iter().map(|(at, health)| HealthChange {
                component: component.clone(),
                at: *at,
                health: *health,
            })
        });
        self.due = all.map(Owed::Change).collect();
        self.due.extend(self.seen.map(Owed::Seen));
    }

    /// Notes whether the monitor saw anything at all at `now`.
    pub fn see(&mut self, sees: bool, now: Timestamp) {
        let health = if sees { Health::Ok } else { Health::Unknown };
        self.change(&ComponentId(SIGHT.to_owned()), health, now);
    }

    /// When the monitor saw and when it was blind or away, until `now`.
    pub fn sight(&self, now: Timestamp) -> Vec<HealthSpan> {
        self.spans(&ComponentId(SIGHT.to_owned()), now)
    }

    fn change(&mut self, component: &ComponentId, health: Health, at: Timestamp) {
        let last = self
            .changes
            .get(component)
            .and_then(|changes| changes.last());
        // A clock that stepped back must not put changes out of order.
        if last.is_some_and(|(since, last)| *last == health || *since >= at) {
            return;
        }
        self.changes
            .entry(component.clone())
            .or_default()
            .push((at, health));
        self.due.push_back(Owed::Change(HealthChange {
            component: component.clone(),
            at,
            health,
        }));
    }

    /// Drops a part of what is too old, but for the change that still held then.
    fn forget(&mut self, now: Timestamp) {
        let first = self.changes.values().filter_map(|changes| changes.get(1));
        let first = first.map(|(at, _)| *at).min();
        let oldest = pruning::part(pruning::oldest(now), first, pruning::REST);
        for changes in self.changes.values_mut() {
            let later = changes.partition_point(|(at, _)| *at < oldest);
            changes.drain(..later.saturating_sub(1));
        }
    }

    /// A component's past until `now`, oldest first.
    pub fn spans(&self, component: &ComponentId, now: Timestamp) -> Vec<HealthSpan> {
        let changes = self
            .changes
            .get(component)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([now]);
        changes
            .iter()
            .zip(ends)
            .map(|((from, health), to)| HealthSpan {
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
    fn a_clock_that_steps_back_keeps_the_order() {
        let api = ComponentId("api".into());
        let mut log = HealthLog::default();
        for (second, health) in [(10, Health::Ok), (5, Health::Down), (11, Health::Down)] {
            log.note(&[(api.clone(), health)], at(second));
        }
        let spans = log.spans(&api, at(20));
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert_eq!(spans.last().unwrap().health, Health::Down);
    }

    #[test]
    fn a_clock_that_was_a_year_ahead_keeps_nothing_from_being_noted() {
        let api = ComponentId("api".into());
        let mut log = HealthLog::default();
        let leap = 400 * 86_400;
        for (second, health) in [
            (0, Health::Ok),
            (1, Health::Down),
            (2, Health::Ok),
            (leap, Health::Ok),
            (leap + 1, Health::Down),
            (3, Health::Down),
            (4, Health::Ok),
        ] {
            log.note(&[(api.clone(), health)], at(second));
        }
        let spans = log.spans(&api, at(5));
        let from: Vec<_> = spans.iter().map(|span| (span.from, span.health)).collect();
        let expected = [
            (at(0), Health::Ok),
            (at(1), Health::Down),
            (at(2), Health::Ok),
            (at(3), Health::Down),
            (at(4), Health::Ok),
        ];
        assert_eq!(from, expected);
    }

    #[test]
    fn time_away_was_seen_by_nobody() {
        let api = ComponentId("api".into());
        let mut log = HealthLog::default();
        for second in [0, 10, 600, 601] {
            if second == 600 {
                log.away(at(10));
            }
            log.note(&[(api.clone(), Health::Ok)], at(second));
            log.see(true, at(second));
        }
        let expected = [
            (at(0), Health::Ok),
            (at(10), Health::Unknown),
            (at(600), Health::Ok),
        ];
        for spans in [log.spans(&api, at(700)), log.sight(at(700))] {
            let from: Vec<_> = spans.iter().map(|span| (span.from, span.health)).collect();
            assert_eq!(from, expected);
        }
    }

    #[test]
    fn a_monitor_that_runs_for_years_forgets_what_is_too_old() {
        let api = ComponentId("api".into());
        let mut log = HealthLog::default();
        let day = |day: i64| at(day * 86_400);
        for (when, health) in [(0, Health::Ok), (1, Health::Down), (2, Health::Ok)] {
            log.note(&[(api.clone(), health)], day(when));
        }
        log.note(
            &[(api.clone(), Health::Ok)],
            day(1 + pruning::KEEP_DAYS + 1),
        );
        let from: Vec<_> = log
            .spans(&api, day(500))
            .iter()
            .map(|span| span.from)
            .collect();
        // The change of the first day still held when the kept time begins.
        assert_eq!(from, [day(1), day(2)]);
    }
}
