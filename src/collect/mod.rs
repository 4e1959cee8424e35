//! Collectors: each asks one target in its own time, and delays nobody.

pub mod body;
pub mod failure;
pub mod page;
pub mod probe;
pub mod queue;
pub mod redis;

use std::time::{Duration, Instant};

use reqwest::Client;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::collect::failure::Failure;
use crate::collect::page::{PageCollector, PageSettings};
use crate::collect::probe::http::{HttpCollector, HttpSettings};
use crate::collect::probe::roll::{RollCollector, RollSettings};
use crate::collect::redis::{RedisCollector, RedisSettings};
use crate::model::duration;
use crate::model::sample::{CollectorId, Sample, Take};

/// A missed scrape or two is no blindness; a third one is.
const BELIEVED_INTERVALS: u32 = 3;

/// What every `[[collector]]` has: its name, and when it asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Its name, and the value of the label `job`.
    pub id: String,
    /// How often it asks.
    #[serde(
        default = "default_interval",
        deserialize_with = "duration::deserialize"
    )]
    pub interval: Duration,
    /// How long it waits for an answer.
    #[serde(
        default = "default_timeout",
        deserialize_with = "duration::deserialize"
    )]
    pub timeout: Duration,
}

impl Schedule {
    /// How long its samples may be believed if nothing newer arrives.
    pub fn good_for(&self) -> Duration {
        self.interval * BELIEVED_INTERVALS + self.timeout
    }
}

fn default_interval() -> Duration {
    Duration::from_secs(5)
}

fn default_timeout() -> Duration {
    Duration::from_secs(2)
}

/// What a `[[collector]]` asks, by its `type`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// A Redis and its queues.
    Redis(RedisSettings),
    /// A Prometheus metrics page.
    Prometheus(PageSettings),
    /// An address.
    Http(HttpSettings),
    /// A whole roll through the dice API.
    Roll(RollSettings),
}

/// One that asks its target, once at a time.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one of each `[[collector]]`, and it stays where it is"
)]
pub enum Collector {
    /// Asks a Redis and its queues.
    Redis(RedisCollector),
    /// Scrapes a metrics page.
    Prometheus(PageCollector),
    /// Asks an address.
    Http(HttpCollector),
    /// Rolls the dice.
    Roll(RollCollector),
}

impl Collector {
    /// Makes the collector of a target; the client is for those that speak HTTP.
    pub fn new(target: Target, client: &Client) -> Result<Self, Failure> {
        Ok(match target {
            Target::Redis(settings) => Self::Redis(RedisCollector::new(&settings)?),
            Target::Prometheus(settings) => {
                Self::Prometheus(PageCollector::new(settings, client.clone()))
            }
            Target::Http(settings) => Self::Http(HttpCollector::new(settings, client.clone())),
            Target::Roll(settings) => Self::Roll(RollCollector::new(settings, client.clone())),
        })
    }

    /// Whether the target's address can be read at all.
    pub fn check(target: &Target) -> Result<(), Failure> {
        let url = match target {
            Target::Redis(settings) => {
                let words = "write redis://host:port/db, rediss://… or unix:///path";
                return RedisCollector::new(settings).map(drop).map_err(|_| {
                    Failure::Answer(format!("this is no address of a Redis; {words}"))
                });
            }
            Target::Prometheus(settings) => &settings.url,
            Target::Http(settings) => &settings.url,
            Target::Roll(settings) => &settings.url,
        };
        match reqwest::Url::parse(url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
            Ok(_) => Err(Failure::Answer(
                "an address opens with http:// or https://".to_owned(),
            )),
            Err(error) => Err(Failure::Answer(format!("this is no address: {error}"))),
        }
    }

    async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        match self {
            Self::Redis(collector) => collector.collect().await,
            Self::Prometheus(collector) => collector.collect().await,
            Self::Http(collector) => collector.collect().await,
            Self::Roll(collector) => collector.collect().await,
        }
    }

    /// What is known without an answer: that there was none.
    fn silent(&self) -> Vec<Sample> {
        match self {
            Self::Redis(_) => vec![Sample::new("redis_up", [], 0.0)],
            Self::Prometheus(_) => Vec::new(),
            Self::Http(_) | Self::Roll(_) => vec![Sample::new("probe_success", [], 0.0)],
        }
    }

    /// Asks once, for no longer than the schedule allows.
    pub async fn take(&mut self, schedule: &Schedule) -> (Take, Option<Failure>) {
        let start = Instant::now();
        let answer = tokio::time::timeout(schedule.timeout, self.collect()).await;
        let took = start.elapsed();
        let (mut samples, failure) = match answer {
            Ok(Ok(samples)) => (samples, None),
            Ok(Err(failure)) => (self.silent(), Some(failure)),
            Err(_) => (self.silent(), Some(Failure::Timeout)),
        };
        let up = f64::from(u8::from(failure.is_none()));
        samples.push(Sample::new("up", [], up));
        if matches!(self, Self::Http(_) | Self::Roll(_)) {
            samples.push(Sample::new(
                "probe_duration_seconds",
                [],
                took.as_secs_f64(),
            ));
        }
        samples.push(Sample::new(
            "scrape_duration_seconds",
            [],
            took.as_secs_f64(),
        ));
        for sample in &mut samples {
            // As Prometheus does: our label wins, theirs moves aside.
            let labels = &mut sample.metric.labels;
            if let Some(theirs) = labels.insert("job".to_owned(), schedule.id.clone()) {
                labels.insert("exported_job".to_owned(), theirs);
            }
        }
        let collector = CollectorId(schedule.id.clone());
        (
            Take {
                collector,
                good_for: schedule.good_for(),
                samples,
            },
            failure,
        )
    }
}

/// Asks at every interval until told to stop.
///
/// A target that breaks is logged when it breaks and when it heals.
pub async fn run(
    mut collector: Collector,
    schedule: Schedule,
    takes: mpsc::Sender<Take>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(schedule.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut broken: Option<String> = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let (take, failure) = tokio::select! {
            () = stop.cancelled() => return,
            answer = collector.take(&schedule) => answer,
        };
        let failure = failure.map(|failure| failure.to_string());
        match (&broken, &failure) {
            (None, Some(why)) => {
                tracing::warn!(collector.name = schedule.id, "{} fails: {why}", schedule.id);
            }
            (Some(_), None) => {
                tracing::info!(
                    collector.name = schedule.id,
                    "{} answers again",
                    schedule.id
                );
            }
            _ => {}
        }
        broken = failure;
        if takes.send(take).await.is_err() {
            return;
        }
    }
}
