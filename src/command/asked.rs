//! Collectors that are asked once, without a server.

use std::future::pending;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use crate::app::build;
use crate::collect::probe::network::Network;
use crate::collect::target::PushedTarget;
use crate::config::Config;
use crate::model::sample::Take;

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
                format!("{id} is not asked: it waits for {what}, which a running server receives")
            }
            CollectorAnswer::Came {
                take,
                failure,
                took,
            } => {
                let (took, samples) = (took.as_millis(), take.samples.len());
                match failure {
                    None => format!("{id} answered in {took} ms with {samples} samples"),
                    Some(why) => format!("{id} failed after {took} ms: {why}"),
                }
            }
        }
    }
}

/// Asks every collector of the settings at the same time, each once; takes them out
/// of the settings.
pub async fn ask(config: &mut Config) -> anyhow::Result<Vec<AskedCollector>> {
    let targets = std::mem::take(&mut config.collectors);
    let known = targets.iter().map(|(schedule, target)| {
        let id = schedule.id.clone();
        (id, target.pushed().map(PushedTarget::awaits))
    });
    let known: Vec<_> = known.collect();
    let (_, targets) = targets
        .into_iter()
        .partition::<Vec<_>, _>(|(_, target)| target.pushed().is_some());
    // A probe asks whether our own network is up before it blames its target.
    let (network, referee) = Network::new(std::mem::take(&mut config.references)).unzip();
    let collectors = build::collectors(targets, network.as_ref())?;
    let judging = async move {
        if let Some(referee) = referee {
            referee.run(CancellationToken::new()).await;
        }
        pending().await
    };
    let answers = collectors
        .into_iter()
        .map(|(schedule, collector)| async move {
            let mut collector = collector;
            let begun = Instant::now();
            let (take, failure) = collector.take(&schedule).await;
            CollectorAnswer::Came {
                take,
                failure: failure.map(|failure| failure.to_string()),
                took: begun.elapsed(),
            }
        });
    let answers = tokio::select! {
        answers = join_all(answers) => answers,
        never = judging => never,
    };
    let mut answers = answers.into_iter();
    let asked = known.into_iter().filter_map(|(id, awaits)| {
        let answer = match awaits {
            Some(what) => CollectorAnswer::Pushed(what),
            None => answers.next()?,
        };
        Some(AskedCollector { id, answer })
    });
    Ok(asked.collect())
}
