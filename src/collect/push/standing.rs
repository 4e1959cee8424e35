//! The alerts that stand, kept in the database.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::collect::push::keeping::Keeping;
use crate::model::push::{Alert, Batch, Ends, Firing, Refusal};

/// Alerts that may stand at a time.
pub const LIMIT: usize = 5000;

/// How long alerts are believed of which no end is told.
#[derive(Clone, Copy, Debug)]
pub struct Beliefs {
    /// Of those without an end: Alertmanager's `resolve_timeout`.
    pub unsaid: Duration,
    /// Of those that are repeated until they are over.
    pub told: Duration,
}

/// The only writer of the table `alert` (law 4).
#[derive(Debug)]
pub struct Standing {
    store: Connection,
    beliefs: Beliefs,
    firing: BTreeMap<Labels, Firing>,
    /// Alerts that were refused so far as there were too many.
    pub refused: u64,
    /// Alerts that senders left out so far.
    pub truncated: u64,
    full: bool,
    keeping: Keeping,
}

type Labels = BTreeMap<String, String>;

impl Standing {
    /// Reads those that stood when they were last written.
    pub fn open(store: Connection, beliefs: Beliefs, now: Timestamp) -> rusqlite::Result<Self> {
        let mut firing = BTreeMap::new();
        let mut rows = store.prepare("SELECT labels, starts_ms, ends_ms, updated_ms FROM alert")?;
        let kept = rows.query_map([], |row| {
            let labels: String = row.get(0)?;
            let moments = [row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?];
            Ok((labels, moments.map(Timestamp::from_millisecond)))
        })?;
        for row in kept {
            // What we cannot have written is left out.
            if let (labels, [Ok(starts), Ok(ends), Ok(updated)]) = row?
                && let Ok(labels) = serde_json::from_str::<Labels>(&labels)
            {
                let alert = Firing {
                    labels: labels.clone(),
                    starts,
                    ends,
                    updated,
                };
                firing.insert(labels, alert);
            }
        }
        drop(rows);
        let mut standing = Self {
            store,
            beliefs,
            firing,
            refused: 0,
            truncated: 0,
            full: false,
            keeping: Keeping::new("alerts"),
        };
        standing.expire(now);
        Ok(standing)
    }

    /// Takes the alerts of a request over; the same ones again change nothing.
    pub fn take(&mut self, batch: Batch, now: Timestamp) -> Result<(), Refusal> {
        if batch.truncated > 0 {
            self.truncated += batch.truncated;
            tracing::warn!(
                "Alertmanager left {} alerts out of its webhook; raise its `max_alerts`",
                batch.truncated
            );
        }
        let mut refused = 0;
        let mut changed = Vec::new();
        for alert in batch.alerts {
            let ends = self.ends(alert.ends, now);
            if ends <= now {
                if self.firing.remove(&alert.labels).is_some() {
                    changed.push(alert.labels);
                }
            } else if self.firing.contains_key(&alert.labels) || self.firing.len() < LIMIT {
                changed.push(alert.labels.clone());
                self.stand(alert, ends, now);
            } else {
                refused += 1;
            }
        }
        let written = self.write(&changed);
        self.keeping.tell(&written);
        self.count(refused)
    }

    /// Forgets those that are no longer believed; whether there were any.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let before = self.firing.len();
        self.firing.retain(|_, alert| alert.ends > now);
        if self.firing.len() == before {
            return false;
        }
        let written = self.store.execute(
            "DELETE FROM alert WHERE ends_ms <= ?1",
            [now.as_millisecond()],
        );
        self.keeping.tell(&written);
        true
    }

    /// Those that fire, in the order of their labels.
    pub fn firing(&self) -> impl ExactSizeIterator<Item = &Firing> {
        self.firing.values()
    }

    fn ends(&self, ends: Ends, now: Timestamp) -> Timestamp {
        let after = |time: Duration| now.checked_add(time).unwrap_or(Timestamp::MAX);
        match ends {
            Ends::At(at) => at,
            Ends::Over => now,
            Ends::Unsaid => after(self.beliefs.unsaid),
            Ends::Told => after(self.beliefs.told),
        }
    }

    fn stand(&mut self, alert: Alert, ends: Timestamp, now: Timestamp) {
        let starts = alert.starts.unwrap_or(now);
        let firing = self.firing.entry(alert.labels);
        let labels = firing.key().clone();
        let firing = firing.or_insert(Firing {
            labels,
            starts,
            ends,
            updated: now,
        });
        firing.starts = firing.starts.min(starts);
        firing.ends = ends;
        firing.updated = now;
    }

    fn write(&mut self, changed: &[Labels]) -> rusqlite::Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let change = self.store.transaction()?;
        for labels in changed {
            let key = serde_json::to_string(labels).unwrap_or_default();
            match self.firing.get(labels) {
                Some(alert) => change
                    .prepare_cached("INSERT OR REPLACE INTO alert VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![
                        key,
                        alert.starts.as_millisecond(),
                        alert.ends.as_millisecond(),
                        alert.updated.as_millisecond()
                    ])?,
                None => change
                    .prepare_cached("DELETE FROM alert WHERE labels = ?1")?
                    .execute([key])?,
            };
        }
        change.commit()
    }

    /// Counts those that were refused and tells it when that begins and ends.
    fn count(&mut self, refused: usize) -> Result<(), Refusal> {
        self.refused += u64::try_from(refused).unwrap_or(u64::MAX);
        if refused > 0 && !self.full {
            tracing::error!(
                "more than {LIMIT} alerts fire at a time; those that come late are refused"
            );
        }
        if self.full && self.firing.len() < LIMIT {
            tracing::info!("there is room for alerts again");
        }
        self.full = self.firing.len() >= LIMIT && (self.full || refused > 0);
        if refused > 0 {
            return Err(Refusal::Full {
                refused,
                limit: LIMIT,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn open(folder: &tempfile::TempDir, now: Timestamp) -> Standing {
        let beliefs = Beliefs {
            unsaid: Duration::from_mins(5),
            told: Duration::from_hours(8),
        };
        Standing::open(crate::store::open(folder.path()).unwrap(), beliefs, now).unwrap()
    }

    fn alert(name: &str, ends: Ends) -> Alert {
        Alert {
            labels: [("alertname".to_owned(), name.to_owned())].into(),
            starts: Some(at(0)),
            ends,
        }
    }

    fn batch(alerts: impl IntoIterator<Item = Alert>) -> Batch {
        Batch {
            alerts: alerts.into_iter().collect(),
            truncated: 0,
        }
    }

    fn names(standing: &Standing) -> Vec<&str> {
        standing
            .firing()
            .map(|alert| &*alert.labels["alertname"])
            .collect()
    }

    #[test]
    fn an_alert_stands_until_its_end_unless_it_is_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut standing = open(&folder, at(0));
        let told = [
            alert("four-minutes", Ends::At(at(240))),
            alert("unsaid", Ends::Unsaid),
            alert("webhook", Ends::Told),
            alert("long-over", Ends::At(at(-5))),
        ];
        standing.take(batch(told), at(0)).unwrap();
        let look = |standing: &mut Standing, second, expected: &[&str]| {
            standing.expire(at(second));
            assert_eq!(names(standing), expected, "after {second} s");
        };
        look(&mut standing, 239, &["four-minutes", "unsaid", "webhook"]);
        standing
            .take(batch([alert("four-minutes", Ends::At(at(479)))]), at(239))
            .unwrap();
        look(&mut standing, 299, &["four-minutes", "unsaid", "webhook"]);
        look(&mut standing, 300, &["four-minutes", "webhook"]);
        // A restart knows no less.
        drop(standing);
        let mut standing = open(&folder, at(400));
        look(&mut standing, 478, &["four-minutes", "webhook"]);
        look(&mut standing, 479, &["webhook"]);
        look(&mut standing, 8 * 3600, &[]);
        drop(standing);
        assert_eq!(names(&open(&folder, at(0))), [""; 0]);
    }

    #[test]
    fn deliveries_that_are_repeated_or_late_change_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut standing = open(&folder, at(0));
        for _ in 0..3 {
            let mixed = [alert("a", Ends::Told), alert("b", Ends::Over)];
            standing.take(batch(mixed), at(1)).unwrap();
            assert_eq!(names(&standing), ["a"]);
        }
        for _ in 0..2 {
            standing
                .take(batch([alert("a", Ends::Over)]), at(2))
                .unwrap();
            assert_eq!(names(&standing), [""; 0]);
        }
        drop(standing);
        assert_eq!(names(&open(&folder, at(2))), [""; 0]);
    }

    #[test]
    fn one_alert_too_many_is_refused_and_counted_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut standing = open(&folder, at(0));
        let many = (0..LIMIT + 2).map(|number| alert(&format!("{number:05}"), Ends::Unsaid));
        let refused = standing.take(batch(many), at(0)).unwrap_err();
        assert_eq!(
            refused,
            Refusal::Full {
                refused: 2,
                limit: LIMIT
            }
        );
        assert_eq!((standing.firing().len(), standing.refused), (LIMIT, 2));
        // Those that are known may still be told again, and be over.
        standing
            .take(batch([alert("00001", Ends::Unsaid)]), at(1))
            .unwrap();
        standing
            .take(batch([alert("00000", Ends::Over)]), at(1))
            .unwrap();
        standing
            .take(batch([alert("new", Ends::Unsaid)]), at(1))
            .unwrap();
        drop(standing);
        assert_eq!(open(&folder, at(2)).firing().len(), LIMIT);
    }
}
