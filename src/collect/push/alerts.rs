//! Alerts of a Prometheus or an Alertmanager as Prometheus' own series `ALERTS`.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use tokio::sync::{mpsc, watch};

use crate::collect::failure::cause::Failure;
use crate::collect::push::entry::{Tools, WAITING, closed};
use crate::collect::push::standing::{AlertTrust, Standing};
use crate::collect::push::watchdogs::Watchdogs;
use crate::model::request::samples::push::{
    ALERT_ENDED, ALERT_LOST, ALERT_STARTED, ALERTS, AlertFate, AlertsDoor, Batch, Push, PushEntry,
    PushedAlert,
};
use crate::model::sample::{Metric, Sample};
use crate::model::series::label;
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// An alert of a webhook that was not repeated when it should have been may
/// have been late; after the second time it ran out.
const REPEATS: u32 = 2;

/// How many alerts fire; there only while alerts can be believed.
pub(crate) const SEEN_METRIC: &str = "critwatch_alerts";

/// Alerts that a Prometheus sends at once at the most; newer ones send more.
const FULL_BATCH: usize = 64;

/// How long the next batch may take behind a full one.
const NEXT_BATCH: Duration = Duration::from_millis(500);

/// A `[[collector]]` of the type `alerts`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertsSettings {
    /// The alerts that always fire while their senders are well, each by its name
    /// or by matchers of its labels.
    #[serde(default)]
    watchdog: WatchdogNames,
    /// How often Alertmanager's webhook repeats the watchdogs, if more often.
    #[serde(default, deserialize_with = "some_duration")]
    #[schemars(with = "Option<DurationText>")]
    watchdog_repeat_interval: Option<Duration>,
    /// How long an alert without an end stays valid.
    #[serde(
        default = "resolve_timeout",
        deserialize_with = "duration::deserialize"
    )]
    #[schemars(with = "DurationText")]
    resolve_timeout: Duration,
    /// How often Alertmanager's webhook repeats firing alerts.
    #[serde(
        default = "repeat_interval",
        deserialize_with = "duration::deserialize"
    )]
    #[schemars(with = "DurationText")]
    repeat_interval: Duration,
}

/// One text, or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "write a text, or a list of texts")]
enum WatchdogNames {
    One(String),
    Several(Vec<String>),
}

impl Default for WatchdogNames {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

fn some_duration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    duration::deserialize(from).map(Some)
}

/// Alertmanager's own default.
fn resolve_timeout() -> Duration {
    Duration::from_mins(5)
}

/// Alertmanager's own default.
fn repeat_interval() -> Duration {
    Duration::from_hours(4)
}

impl AlertsSettings {
    /// Whether alerts are believed for any time at all, and watchdogs can be told.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let repeats = self
            .watchdog_repeat_interval
            .unwrap_or(self.repeat_interval);
        if [self.resolve_timeout, self.repeat_interval, repeats].contains(&Duration::ZERO) {
            let words = "how long alerts are believed must be longer than zero";
            return Err(Failure::Answer(words.to_owned()));
        }
        self.watchdogs().map(drop)
    }

    /// Whether it is known if a sender is well.
    pub(crate) fn is_watched(&self) -> bool {
        !matches!(&self.watchdog, WatchdogNames::Several(names) if names.is_empty())
    }

    fn watchdogs(&self) -> Result<Watchdogs, Failure> {
        let names = match &self.watchdog {
            WatchdogNames::One(name) => std::slice::from_ref(name),
            WatchdogNames::Several(names) => names,
        };
        let read = Watchdogs::read(names);
        read.map_err(|error| Failure::Answer(format!("`watchdog`: {error}")))
    }

    fn trust(&self) -> AlertTrust {
        let repeats = self
            .watchdog_repeat_interval
            .unwrap_or(self.repeat_interval);
        AlertTrust {
            unsaid: self.resolve_timeout,
            repeated: self.repeat_interval * REPEATS,
            watchdog: repeats * REPEATS,
        }
    }
}

/// Takes alerts.
#[derive(Debug)]
pub struct AlertsCollector {
    settings: AlertsSettings,
    open: Option<Box<AlertsEntry>>,
}

#[derive(Debug)]
struct AlertsEntry {
    standing: Standing,
    inbox: mpsc::Receiver<Push<Batch>>,
    shown: watch::Sender<Arc<Vec<PushedAlert>>>,
    clock: fn() -> Timestamp,
}

impl AlertsCollector {
    /// Starts with its door closed.
    pub(crate) fn new(settings: AlertsSettings) -> Self {
        Self {
            settings,
            open: None,
        }
    }

    /// Opens the door and reads what stood before.
    pub(crate) fn open(&mut self, tools: &Tools<'_>) -> Result<PushEntry, Failure> {
        let (trust, watchdogs) = (self.settings.trust(), self.settings.watchdogs()?);
        let now = (tools.clock)();
        let standing = Standing::open(tools.store()?, trust, watchdogs, now)
            .map_err(|error| Failure::Answer(format!("alerts cannot be read: {error}")))?;
        let (batches, inbox) = mpsc::channel(WAITING);
        let (shown, firing) = watch::channel(Arc::default());
        let open = self.open.insert(Box::new(AlertsEntry {
            standing,
            inbox,
            shown,
            clock: tools.clock,
        }));
        open.show(now);
        Ok(PushEntry::Alerts(AlertsDoor { batches, firing }))
    }

    /// Waits for alerts, and takes them and those behind them over.
    ///
    /// A sender of many sends them in batches, one after the other. What follows a
    /// full one is waited for, so that a rule is judged by all of them and its
    /// text tells how many there are.
    pub(crate) async fn pushed(&mut self) {
        let Some(open) = &mut self.open else {
            return std::future::pending().await;
        };
        let Some(first) = open.inbox.recv().await else {
            return std::future::pending().await;
        };
        let mut next = Some(first);
        while let Some(Push { what, answer }) = next {
            let now = (open.clock)();
            let is_full = what.alerts.len() >= FULL_BATCH;
            let outcome = open.standing.take(what, now);
            open.show(now);
            // Who pushed may have gone away; the alerts stand all the same.
            let _ = answer.send(outcome);
            next = open.inbox.try_recv().ok();
            if next.is_none() && is_full {
                let behind = tokio::time::timeout(NEXT_BATCH, open.inbox.recv());
                next = behind.await.ok().flatten();
            }
        }
    }

    /// Says which alerts fire; without its watchdogs nothing else can be known.
    pub(crate) fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let open = self.open.as_mut().ok_or_else(closed)?;
        let now = (open.clock)();
        open.standing.expire(now);
        open.show(now);
        if let Some(watchdog) = open.standing.silent(now) {
            return Err(Failure::Answer(format!(
                "the alert `{watchdog}`, which always fires, does not: its sender is silent"
            )));
        }
        let firing = u32::try_from(open.standing.firing(now).count()).unwrap_or(u32::MAX);
        let mut samples = self.known();
        // Only where alerts can be believed: rules take it for their eyes.
        samples.push(Sample::new(
            SEEN_METRIC,
            [("state", "firing")],
            firing.into(),
        ));
        Ok(samples)
    }

    /// What was told and still holds, and how much did not come through: known
    /// at any time.
    pub(crate) fn known(&self) -> Vec<Sample> {
        let Some(open) = &self.open else {
            return Vec::new();
        };
        let now = (open.clock)();
        let mut samples: Vec<_> = open
            .standing
            .all()
            .flat_map(|alert| samples(alert, now))
            .collect();
        let total = |name, count| Sample::new(name, [], float(count));
        samples.extend([
            total("critwatch_alerts_refused_total", open.standing.refused),
            total("critwatch_alerts_truncated_total", open.standing.truncated),
        ]);
        samples
    }
}

/// What is known of an alert, in samples.
fn samples(alert: &PushedAlert, now: Timestamp) -> Vec<Sample> {
    let sample = |name: &str, value| {
        let labels = alert.labels.clone();
        let name = name.to_owned();
        Sample {
            metric: Metric { name, labels },
            value,
        }
    };
    let seconds = |at: Timestamp| at.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64();
    match alert.fate(now) {
        AlertFate::Fires => {
            let mut fires = sample(ALERTS, 1.0);
            label::put(&mut fires.metric.labels, "alertstate", "firing".to_owned());
            vec![fires, sample(ALERT_STARTED, seconds(alert.starts))]
        }
        AlertFate::Lost => vec![sample(ALERT_LOST, seconds(alert.ends))],
        AlertFate::Over => vec![sample(ALERT_ENDED, seconds(alert.ends))],
    }
}

impl AlertsEntry {
    /// Shows what fires to those who ask for it.
    fn show(&self, now: Timestamp) {
        let firing: Vec<_> = self.standing.firing(now).cloned().collect();
        self.shown.send_if_modified(|shown| {
            let changed = **shown != firing;
            if changed {
                *shown = Arc::new(firing);
            }
            changed
        });
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts stay far below 2^53"
)]
fn float(count: u64) -> f64 {
    count as f64
}
