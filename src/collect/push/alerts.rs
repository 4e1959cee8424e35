//! Alerts of a Prometheus or an Alertmanager as Prometheus' own series `ALERTS`.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::{mpsc, watch};

use crate::collect::failure::Failure;
use crate::collect::push::door::{Tools, WAITING, closed};
use crate::collect::push::standing::{Beliefs, Standing};
use crate::model::duration;
use crate::model::push::{AlertsDoor, Batch, Door, Firing, Push};
use crate::model::sample::{Metric, Sample};

/// An alert of a webhook that was not repeated when it should have been may
/// have been late; after the second time it is over.
const REPEATS: u32 = 2;

/// How many alerts fire; there only while alerts can be believed.
pub const SEEN_METRIC: &str = "critwatch_alerts";

/// A `[[collector]]` of the type `alerts`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertsSettings {
    /// The alert that always fires while its sender is well.
    watchdog: Option<String>,
    /// How long an alert is believed that was told without an end.
    #[serde(
        default = "resolve_timeout",
        deserialize_with = "duration::deserialize"
    )]
    resolve_timeout: Duration,
    /// How often Alertmanager's webhook repeats what still fires.
    #[serde(
        default = "repeat_interval",
        deserialize_with = "duration::deserialize"
    )]
    repeat_interval: Duration,
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
    /// Whether alerts are believed for any time at all.
    pub fn check(&self) -> Result<(), Failure> {
        if self.resolve_timeout.is_zero() || self.repeat_interval.is_zero() {
            return Err(Failure::Answer(
                "`resolve_timeout` and `repeat_interval` must be longer than zero".to_owned(),
            ));
        }
        Ok(())
    }
}

/// Takes alerts.
#[derive(Debug)]
pub struct AlertsCollector {
    settings: AlertsSettings,
    open: Option<Box<Open>>,
}

#[derive(Debug)]
struct Open {
    standing: Standing,
    inbox: mpsc::Receiver<Push<Batch>>,
    shown: watch::Sender<Arc<Vec<Firing>>>,
    clock: fn() -> Timestamp,
}

impl AlertsCollector {
    /// Starts with its door closed.
    pub fn new(settings: AlertsSettings) -> Self {
        Self {
            settings,
            open: None,
        }
    }

    /// Opens the door and reads what stood before.
    pub fn open(&mut self, tools: &Tools<'_>) -> Result<Door, Failure> {
        let beliefs = Beliefs {
            unsaid: self.settings.resolve_timeout,
            told: self.settings.repeat_interval * REPEATS,
        };
        let standing = Standing::open(tools.store()?, beliefs, (tools.clock)())
            .map_err(|error| Failure::Answer(format!("alerts cannot be read: {error}")))?;
        let (batches, inbox) = mpsc::channel(WAITING);
        let (shown, firing) = watch::channel(Arc::default());
        let open = self.open.insert(Box::new(Open {
            standing,
            inbox,
            shown,
            clock: tools.clock,
        }));
        open.show();
        Ok(Door::Alerts(AlertsDoor { batches, firing }))
    }

    /// Waits for alerts, and takes them and those behind them over.
    pub async fn pushed(&mut self) {
        let Some(open) = &mut self.open else {
            return std::future::pending().await;
        };
        let Some(first) = open.inbox.recv().await else {
            return std::future::pending().await;
        };
        let mut next = Some(first);
        while let Some(Push { what, answer }) = next {
            let outcome = open.standing.take(what, (open.clock)());
            open.show();
            // Who pushed may have gone away; the alerts stand all the same.
            let _ = answer.send(outcome);
            next = open.inbox.try_recv().ok();
        }
    }

    /// Says which alerts fire; without the watchdog nothing can be known.
    pub fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let open = self.open.as_mut().ok_or_else(closed)?;
        if open.standing.expire((open.clock)()) {
            open.show();
        }
        if let Some(watchdog) = &self.settings.watchdog {
            let named = |alert: &Firing| alert.labels.get("alertname") == Some(watchdog);
            if !open.standing.firing().any(named) {
                return Err(Failure::Answer(format!(
                    "the alert `{watchdog}`, which always fires, does not: its sender is silent"
                )));
            }
        }
        let alerts = open.standing.firing().map(|alert| {
            let mut metric = Metric::new("ALERTS", [("alertstate", "firing")]);
            for (name, value) in &alert.labels {
                let labels = &mut metric.labels;
                labels.entry(name.clone()).or_insert_with(|| value.clone());
            }
            Sample { metric, value: 1.0 }
        });
        let mut samples: Vec<_> = alerts.collect();
        // Only where alerts can be believed: rules take it for their eyes.
        let firing = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        samples.push(Sample::new(
            SEEN_METRIC,
            [("state", "firing")],
            firing.into(),
        ));
        samples.extend(self.lost());
        Ok(samples)
    }

    /// How many alerts did not come through so far: known at any time.
    pub fn lost(&self) -> Vec<Sample> {
        let Some(open) = &self.open else {
            return Vec::new();
        };
        let total = |name, count| Sample::new(name, [], float(count));
        vec![
            total("critwatch_alerts_refused_total", open.standing.refused),
            total("critwatch_alerts_truncated_total", open.standing.truncated),
        ]
    }
}

impl Open {
    /// Shows what fires to those who ask for it.
    fn show(&self) {
        let firing = self.standing.firing().cloned().collect();
        self.shown.send_replace(Arc::new(firing));
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
