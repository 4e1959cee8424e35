//! Samples that somebody else took and pushed: by remote write or OTLP.

pub mod series;

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::collect::failure::cause::Failure;
use crate::collect::probe::fault::SettingsFault;
use crate::collect::push::entry::{Tools, WAITING, closed};
use crate::collect::push::samples::series::{PushedSeries, SeriesLimits};
use crate::model::request::samples::push::{
    Push, PushEntry, SampleBatch, SamplesDoor, TakenSamples,
};
use crate::model::sample::{CollectorId, INCOMPLETE, Sample};
use crate::model::text::shape::{DurationText, SecretText};
use crate::model::time::duration;
use crate::model::token_hash::TokenHash;

/// How often senders push if the settings do not say so.
pub(crate) const INTERVAL: Duration = Duration::from_secs(15);

/// A sender's request may be this late before it counts as missing.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(5);

/// A shorter token can be guessed.
pub(crate) const SHORTEST: usize = 16;

/// Between two looks at what was pushed: a sender may split one scrape into many requests.
const PAUSE: Duration = Duration::from_millis(200);

/// A `[[collector]]` of the type `push`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    /// The token of the senders, as a bearer token or as the password of basic authentication.
    #[schemars(with = "SecretText")]
    pub(crate) token: SecretString,
    /// Maximum number of series.
    #[serde(default = "most_series")]
    pub(crate) series: usize,
    /// How long to wait for a missing series before it counts as gone.
    #[serde(default = "forget_after", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) forget_after: Duration,
}

fn most_series() -> usize {
    10_000
}

fn forget_after() -> Duration {
    Duration::from_mins(15)
}

impl PushSettings {
    /// Whether the token can be kept secret, and series come at all.
    pub(crate) fn fault(&self) -> Option<SettingsFault> {
        if self.token.expose_secret().len() < SHORTEST {
            let words = "a token has at least 16 characters; make one with `openssl rand -hex 32`";
            return Some(SettingsFault::new("token", words));
        }
        if self.series == 0 {
            let words = "allow one series at least";
            return Some(SettingsFault::new("series", words));
        }
        None
    }
}

/// Takes samples that others push.
#[derive(Debug)]
pub struct SamplesCollector {
    settings: PushSettings,
    open: Option<Box<OpenSamples>>,
}

#[derive(Debug)]
struct OpenSamples {
    series: PushedSeries,
    inbox: mpsc::Receiver<Push<SampleBatch, TakenSamples>>,
    clock: fn() -> Timestamp,
    looked: Option<Instant>,
}

impl SamplesCollector {
    /// Starts with its door closed.
    pub(crate) fn new(settings: PushSettings) -> Self {
        Self {
            settings,
            open: None,
        }
    }

    /// Opens the door; samples are believed for so long.
    pub(crate) fn open(&mut self, tools: &Tools<'_>, id: &str, good_for: Duration) -> PushEntry {
        let (batches, inbox) = mpsc::channel(WAITING);
        let limits = SeriesLimits {
            series: self.settings.series,
            good_for,
            forget_after: self.settings.forget_after.max(good_for),
        };
        self.open = Some(Box::new(OpenSamples {
            series: PushedSeries::new(limits),
            inbox,
            clock: tools.clock,
            looked: None,
        }));
        PushEntry::Samples(SamplesDoor {
            collector: CollectorId(id.to_owned()),
            token: TokenHash::of(self.settings.token.expose_secret()),
            batches,
        })
    }

    /// Waits for samples, and takes them and those behind them over.
    pub(crate) async fn pushed(&mut self) {
        let Some(open) = &mut self.open else {
            return std::future::pending().await;
        };
        if let Some(looked) = open.looked {
            tokio::time::sleep_until(looked + PAUSE).await;
        }
        let Some(first) = open.inbox.recv().await else {
            return std::future::pending().await;
        };
        let mut next = Some(first);
        while let Some(Push { what, answer }) = next {
            let taken = open.series.take(what, (open.clock)());
            // Who pushed may have gone away; the samples count all the same.
            let _ = answer.send(Ok(taken));
            next = open.inbox.try_recv().ok();
        }
        open.looked = Some(Instant::now());
    }

    /// What was pushed, as far as it is not too old.
    pub(crate) fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let open = self.open.as_mut().ok_or_else(closed)?;
        let now = (open.clock)();
        let newest = open.series.newest();
        let is_heard = newest.is_some_and(|at| !open.series.is_old(at, now));
        if !is_heard {
            let words = match (open.series.late(), newest) {
                (Some(age), _) => format!(
                    "the pushed samples are {} old: the sender is behind, or its clock is",
                    duration::short(age),
                ),
                (None, Some(at)) => format!("no samples were pushed since {at:.0}"),
                (None, None) => "no samples were pushed yet".to_owned(),
            };
            return Err(Failure::Answer(words));
        }
        let seen = open.series.seen(now);
        let mut samples = seen.samples;
        samples.push(Sample::new("push_series", [], count(open.series.len())));
        samples.push(Sample::new("push_missing_series", [], count(seen.missing)));
        if seen.missing > 0 {
            // What one of several senders no longer tells is not gone: nobody looked.
            samples.push(Sample::new(INCOMPLETE, [], 1.0));
        }
        Ok(samples)
    }
}

fn count(series: usize) -> f64 {
    u32::try_from(series).map_or(f64::INFINITY, f64::from)
}
