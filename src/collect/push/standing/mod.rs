//! The alerts that stand, kept in the database.

pub mod table;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::collect::push::persistence::Persistence;
use crate::collect::push::standing::table::AlertLabels;
use crate::collect::push::watchdogs::{KnownAlerts, Watchdogs};
use crate::model::request::samples::push::{
    Alert, AlertFate, Batch, Ends, PushRefusal, PushedAlert,
};
use crate::store::file::Store;

/// Alerts that may be known at a time.
pub(crate) const LIMIT: usize = 5000;

/// How long it is known of an alert when it ended; after that it is forgotten.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// How long alerts are believed of which no end is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AlertTrust {
    /// Of those without an end: Alertmanager's `resolve_timeout`.
    pub(crate) unsaid: Duration,
    /// Of those that are repeated until they are over.
    pub(crate) repeated: Duration,
    /// Of watchdogs that are repeated until they are over.
    pub(crate) watchdog: Duration,
}

/// The only writer of the table `alert` (law 4).
///
/// It forgets an alert only if it is over by word, or if its sender was heard
/// later and no longer told it: who falls silent tells no good news.
#[derive(Debug)]
pub(crate) struct Standing {
    store: Store,
    trust: AlertTrust,
    watchdogs: Watchdogs,
    alerts: KnownAlerts,
    /// Alerts that were refused so far as there were too many.
    pub(crate) refused: u64,
    /// Alerts that senders left out so far.
    pub(crate) truncated: u64,
    full: bool,
    /// Until when it was looked for alerts that ran out.
    looked: Timestamp,
    persistence: Persistence,
}

impl Standing {
    /// Reads those that were known when they were last written.
    pub(crate) fn open(
        store: Store,
        trust: AlertTrust,
        watchdogs: Watchdogs,
        now: Timestamp,
    ) -> rusqlite::Result<Self> {
        let alerts = table::read(&store)?;
        let mut standing = Self {
            store,
            trust,
            watchdogs,
            alerts,
            refused: 0,
            truncated: 0,
            full: false,
            looked: Timestamp::MIN,
            persistence: Persistence::new("alerts"),
        };
        standing.expire(now);
        Ok(standing)
    }

    /// Takes the alerts of a request over; the same ones again change nothing.
    pub(crate) fn take(&mut self, batch: Batch, now: Timestamp) -> Result<(), PushRefusal> {
        // What ran out before this came was not told in time.
        self.expire(now);
        if batch.truncated > 0 {
            self.truncated += batch.truncated;
            tracing::warn!(
                alerts = batch.truncated,
                "Alertmanager left alerts out of its webhook; raise its `max_alerts`"
            );
        }
        let mut refused = 0;
        let mut changed = Vec::new();
        for alert in batch.alerts {
            let labels = alert.labels.clone();
            let taken = match ended(alert.ends, now) {
                Some(end) => self.end(&alert, end, now),
                None if self.has_room_for(&labels, now, &mut changed) => {
                    self.stand(alert, now);
                    true
                }
                None => {
                    refused += 1;
                    false
                }
            };
            if taken {
                changed.push(labels);
            }
        }
        let written = self.write(&changed);
        self.persistence.log_changes(&written);
        self.watchdogs.update(&self.alerts, now);
        self.count(refused, now)
    }

    /// Looks which alerts ran out, and forgets those of which it is known by now
    /// that they are over.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        self.watchdogs.update(&self.alerts, now);
        let vouch = self.watchdogs.vouch(&self.alerts, now);
        let done = |alert: &&PushedAlert| match alert.fate(now) {
            AlertFate::Fires => false,
            AlertFate::Over => now.duration_since(alert.updated) >= REMEMBERED,
            AlertFate::Lost => vouch.is_some_and(|vouch| vouch.disproves(alert)),
        };
        let gone: Vec<_> = self.alerts.values().filter(done).cloned().collect();
        let gone: Vec<_> = gone.into_iter().map(|alert| alert.labels).collect();
        for labels in &gone {
            self.alerts.remove(labels);
        }
        let written = self.write(&gone);
        if !gone.is_empty() {
            self.persistence.log_changes(&written);
        }
        self.log_lost(now);
    }

    /// Those that fire, in the order of their labels.
    pub(crate) fn firing(&self, now: Timestamp) -> impl Iterator<Item = &PushedAlert> {
        let fires = move |alert: &&PushedAlert| alert.fate(now) == AlertFate::Fires;
        self.all().filter(fires)
    }

    /// All that are known, in the order of their labels.
    pub(crate) fn all(&self) -> impl Iterator<Item = &PushedAlert> {
        self.alerts.values()
    }

    /// The first watchdog that is silent, as the settings name it.
    pub(crate) fn silent(&self, now: Timestamp) -> Option<&str> {
        self.watchdogs.silent(&self.alerts, now)
    }

    /// Logs which alerts ran out since the last look.
    fn log_lost(&mut self, now: Timestamp) {
        let before = std::mem::replace(&mut self.looked, now);
        let is_new =
            |alert: &&PushedAlert| alert.fate(now) == AlertFate::Lost && alert.ends > before;
        let mut lost = self.all().filter(is_new).peekable();
        if let Some(first) = lost.peek() {
            let labels = serde_json::to_string(&first.labels).unwrap_or_default();
            let until = if self.watchdogs.is_empty() {
                "until its sender resolves it; name a `watchdog`, so that its end is known without that"
            } else {
                "until it is sent again, or its sender lives and no longer sends it"
            };
            tracing::warn!(
                labels,
                alerts = lost.count(),
                "alert ran out and was not resolved; it is unknown {until}",
            );
        }
    }

    /// Notes that an alert is over; whether that is news.
    fn end(&mut self, pushed: &Alert, end: Timestamp, now: Timestamp) -> bool {
        let Some(stored) = self.alerts.get_mut(&pushed.labels) else {
            return false;
        };
        if stored.fate(now) == AlertFate::Over {
            return false;
        }
        // It was told to fire, so it was not over then.
        stored.ends = end.max(stored.updated).min(now);
        stored.updated = now;
        true
    }

    /// Whether one more can be known; what is over makes room, then what was lost.
    fn has_room_for(
        &mut self,
        labels: &AlertLabels,
        now: Timestamp,
        changed: &mut Vec<AlertLabels>,
    ) -> bool {
        if self.alerts.contains_key(labels) || self.alerts.len() < LIMIT {
            return true;
        }
        let others = self.alerts.values();
        let others = others.filter(|alert| alert.fate(now) != AlertFate::Fires);
        let oldest = others.min_by_key(|alert| (alert.fate(now) == AlertFate::Lost, alert.ends));
        let Some(oldest) = oldest.map(|alert| alert.labels.clone()) else {
            return false;
        };
        self.alerts.remove(&oldest);
        changed.push(oldest);
        true
    }

    fn stand(&mut self, pushed: Alert, now: Timestamp) {
        let stored = self.alerts.remove(&pushed.labels);
        let starts = starts(&pushed, stored.as_ref(), now);
        let mut alert = PushedAlert {
            labels: pushed.labels.clone(),
            starts,
            ends: now,
            updated: now,
        };
        let after = |time: Duration| now.checked_add(time).unwrap_or(Timestamp::MAX);
        alert.ends = match pushed.ends {
            Ends::At(at) => at,
            Ends::Over(_) => now,
            Ends::Unsaid => after(self.trust.unsaid),
            Ends::Told if self.watchdogs.has(&alert) => after(self.trust.watchdog),
            Ends::Told => after(self.trust.repeated),
        };
        self.alerts.insert(pushed.labels, alert);
    }

    fn write(&mut self, changed: &[AlertLabels]) -> rusqlite::Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        // A new database knows of none.
        let all: Vec<_> = if self.store.renew()? {
            self.alerts.keys().cloned().collect()
        } else {
            changed.to_vec()
        };
        table::write(&mut self.store, &self.alerts, &all)
    }

    /// Counts those that were refused and tells it when that begins and ends.
    fn count(&mut self, refused: usize, now: Timestamp) -> Result<(), PushRefusal> {
        self.refused += u64::try_from(refused).unwrap_or(u64::MAX);
        if refused > 0 && !self.full {
            tracing::error!(
                limit = LIMIT,
                "too many alerts fire; further ones are refused"
            );
        }
        let is_full = self.firing(now).count() >= LIMIT;
        if self.full && !is_full {
            tracing::info!("alerts are accepted again");
        }
        self.full = is_full && (self.full || refused > 0);
        if refused > 0 {
            return Err(PushRefusal::Full {
                refused,
                limit: LIMIT,
            });
        }
        Ok(())
    }
}

/// When an alert is told to have ended; `None` if it fires.
fn ended(ends: Ends, now: Timestamp) -> Option<Timestamp> {
    match ends {
        // Milliseconds are kept: less is nothing.
        Ends::At(at) => (at.as_millisecond() <= now.as_millisecond()).then_some(at),
        Ends::Over(at) => Some(at.unwrap_or(now)),
        Ends::Unsaid | Ends::Told => None,
    }
}

/// Since when an alert fires that is told to: never before it was over last.
fn starts(pushed: &Alert, stored: Option<&PushedAlert>, now: Timestamp) -> Timestamp {
    let starts = pushed.starts.unwrap_or(now).min(now);
    match stored {
        Some(stored) if stored.fate(now) == AlertFate::Over => starts.max(stored.ends),
        Some(stored) if pushed.starts.is_none() => stored.starts,
        // As in Alertmanager: several senders may tell the same alert.
        Some(stored) if pushed.ends != Ends::Told && starts < stored.ends => {
            starts.min(stored.starts)
        }
        _ => starts,
    }
}

#[cfg(test)]
mod tests;
