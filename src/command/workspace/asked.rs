//! Collectors that are asked once, without a server.

use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::app::build;
use crate::collect::Collector;
use crate::collect::probe::network::Network;
use crate::collect::schedule::Schedule;
use crate::collect::target::PushedTarget;
use crate::command::terminal::output::counted;
use crate::config::Config;
use crate::model::sample::{Scrape, Take};

/// How often a Redis is asked at most for the queues that an earlier answer names.
const NAMING: usize = 4;

/// A collector with what it answered.
#[derive(Debug)]
pub struct AskedCollector {
    /// Its id.
    pub id: String,
    /// What it answered.
    pub answer: CollectorAnswer,
}

/// What a collector answered.
#[derive(Debug)]
pub enum CollectorAnswer {
    /// Nobody can ask it: it waits for this.
    Pushed(&'static str),
    /// It was asked.
    Came {
        /// The samples; of a failed one what is known nevertheless.
        take: Take,
        /// Why it failed, if it did.
        failure: Option<String>,
        /// How long it took.
        took: Duration,
    },
}

impl AskedCollector {
    /// Whether it was asked in vain.
    pub fn failed(&self) -> bool {
        matches!(
            &self.answer,
            CollectorAnswer::Came {
                failure: Some(_),
                ..
            }
        )
    }

    /// What it answered, in one line.
    pub fn in_words(&self) -> String {
        let id = &self.id;
        match &self.answer {
            CollectorAnswer::Pushed(what) => {
                format!("{id} was not tried: it receives {what} only while a server runs")
            }
            CollectorAnswer::Came {
                take,
                failure,
                took,
            } => {
                let took = took.as_millis();
                let samples = counted(take.samples.len(), "sample");
                match failure {
                    None => format!("{id} answered in {took} ms with {samples}"),
                    Some(why) => format!("{id} failed after {took} ms: {why}"),
                }
            }
        }
    }
}

/// Asks every collector of the settings at the same time, each once, but a Redis until
/// its answers name no more queues; takes them out of the settings.
pub async fn ask(config: &mut Config) -> anyhow::Result<Vec<AskedCollector>> {
    Ok(CollectorRounds::of(config)?.ask_up_to(NAMING).await)
}

/// What a collector answered as the scrape of a moment.
pub fn scrape(asked: &AskedCollector, now: Timestamp) -> Option<Scrape> {
    match &asked.answer {
        CollectorAnswer::Came { take, .. } => Some(take.clone().at(now)),
        CollectorAnswer::Pushed(_) => None,
    }
}

/// Collectors that may be asked several times: what one answer names, the next
/// question asks for.
pub struct CollectorRounds {
    /// Each by its id, with what it waits for if nobody can ask it.
    known: Vec<(String, Option<&'static str>)>,
    collectors: Vec<(Schedule, Collector)>,
    /// Tells probes whether our own network is up, while they are asked.
    judging: Pin<Box<dyn Future<Output = Infallible> + Send>>,
}

impl fmt::Debug for CollectorRounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CollectorRounds").field(&self.known).finish()
    }
}

impl CollectorRounds {
    /// Takes the collectors out of the settings.
    pub fn of(config: &mut Config) -> anyhow::Result<Self> {
        let targets = std::mem::take(&mut config.collectors);
        let known = targets.iter().map(|(schedule, target)| {
            let id = schedule.id.clone();
            (id, target.pushed().map(PushedTarget::awaits))
        });
        let known = known.collect();
        let (_, targets) = targets
            .into_iter()
            .partition::<Vec<_>, _>(|(_, target)| target.pushed().is_some());
        // A probe asks whether our own network is up before it blames its target.
        let (network, referee) = Network::new(std::mem::take(&mut config.references)).unzip();
        let judging = async move {
            if let Some(referee) = referee {
                referee.run(CancellationToken::new()).await;
            }
            pending().await
        };
        Ok(Self {
            known,
            collectors: build::collectors(targets, network.as_ref())?,
            judging: Box::pin(judging),
        })
    }

    /// Asks all of them at the same time, each once.
    pub async fn ask(&mut self) -> Vec<AskedCollector> {
        self.ask_up_to(1).await
    }

    /// Asks all of them at the same time; a Redis up to so many times, as long as there
    /// is more in its answers.
    async fn ask_up_to(&mut self, times: usize) -> Vec<AskedCollector> {
        let answers = self
            .collectors
            .iter_mut()
            .map(|(schedule, collector)| async {
                let mut begun = Instant::now();
                let (mut take, mut failure) = collector.take(schedule).await;
                for _ in 1..times {
                    if failure.is_some() || !matches!(collector, Collector::Redis(_)) {
                        break;
                    }
                    let before = take.samples.len();
                    begun = Instant::now();
                    (take, failure) = collector.take(schedule).await;
                    if take.samples.len() <= before {
                        break;
                    }
                }
                CollectorAnswer::Came {
                    take,
                    failure: failure.map(|failure| failure.to_string()),
                    took: begun.elapsed(),
                }
            });
        let answers = tokio::select! {
            answers = join_all(answers) => answers,
            never = &mut self.judging => match never {},
        };
        let mut answers = answers.into_iter();
        let asked = self.known.iter().filter_map(|(id, awaits)| {
            let answer = match awaits {
                Some(what) => CollectorAnswer::Pushed(what),
                None => answers.next()?,
            };
            let id = id.clone();
            Some(AskedCollector { id, answer })
        });
        asked.collect()
    }
}
