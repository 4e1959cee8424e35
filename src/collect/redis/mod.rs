//! Asks a Redis for its figures and its queues, in one pipelined round trip.

pub mod address;
pub mod canary;
pub mod cluster_info;
pub mod commands;
pub mod figures;
pub mod info;
pub mod keyspace;
pub mod link;
pub mod node;
pub mod parse;
pub mod part;
pub mod replication;
pub mod reply;
pub mod route;
pub mod sentinel;
pub mod settings;
pub mod tls;
pub mod topology;
pub mod trouble;

use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use redis::{Cmd, Pipeline, RedisResult, Value};

use crate::collect::failure::Failure;
use crate::collect::queue::Queue;
use crate::collect::redis::canary::Canary;
use crate::collect::redis::node::{Told, has_code};
use crate::collect::redis::part::{Part, Parts};
use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::topology::Topology;
use crate::model::sample::Sample;

/// Errors that say nothing of a key: the server cannot answer for its data now,
/// or another one holds the key.
const NOT_HERE_OR_NOW: [&str; 7] = [
    "LOADING",
    "MASTERDOWN",
    "BUSY",
    "MOVED",
    "ASK",
    "CLUSTERDOWN",
    "TRYAGAIN",
];

/// A Redis, alone, behind sentinels or as a cluster, with what is kept in it.
#[derive(Debug)]
pub struct RedisCollector {
    topology: Topology,
    queues: Vec<Queue>,
    canary: Option<Canary>,
    /// What of our own we may not do.
    parts: Parts,
}

/// The commands about keys, and whose they are.
struct Questions {
    pipe: Pipeline,
    queues: Vec<Range<usize>>,
    canary: Option<Range<usize>>,
}

/// The answers to them, each with the clock of the server that gave it.
struct Answers {
    values: Vec<Option<RedisResult<Value>>>,
    clocks: Vec<Option<i64>>,
}

impl RedisCollector {
    /// Reads the settings; connects when first asked.
    pub fn new(settings: &RedisSettings) -> Result<Self, Failure> {
        settings::check(settings)?;
        Ok(Self {
            topology: Topology::new(settings)?,
            queues: settings.queues.iter().cloned().map(Queue::new).collect(),
            canary: settings.canary.as_ref().map(Canary::new),
            parts: Parts::default(),
        })
    }

    /// Takes all samples; the caller bounds the time to `within`.
    pub async fn collect(&mut self, within: Duration) -> Result<Vec<Sample>, Failure> {
        self.topology.find(within).await?;
        let questions = self.questions();
        let (told, answers) = self.ask(&questions, within).await;
        let mut samples = self.topology.settle(told)?;
        samples.extend(self.read(&questions, answers));
        Ok(samples)
    }

    fn questions(&mut self) -> Questions {
        let mut pipe = redis::pipe();
        let queues = self.queues.iter().map(|queue| {
            let start = pipe.len();
            queue.ask(&mut pipe);
            start..pipe.len()
        });
        let queues = queues.collect();
        let now = Instant::now();
        let may = |parts: &mut Parts| !parts.wanted(&[Part::Canary], now).is_empty();
        let canary = self
            .canary
            .as_ref()
            .filter(|_| may(&mut self.parts))
            .map(|canary| {
                let start = pipe.len();
                canary.ask(&mut pipe);
                start..pipe.len()
            });
        Questions {
            pipe,
            queues,
            canary,
        }
    }

    /// Asks all servers at once, each for itself and for the keys that it holds.
    async fn ask(
        &mut self,
        questions: &Questions,
        within: Duration,
    ) -> (Vec<Result<Told, Failure>>, Answers) {
        let commands: Vec<&Cmd> = questions.pipe.cmd_iter().collect();
        let places = self.topology.places(&commands);
        let keyed: Vec<Vec<&Cmd>> = places
            .iter()
            .map(|places| places.iter().map(|at| commands[*at]).collect())
            .collect();
        let each = self.topology.patience(within);
        let (nodes, access) = self.topology.nodes();
        let takes = nodes.iter_mut().zip(&keyed).map(|(node, keyed)| async {
            let take = tokio::time::timeout(each, node.take(access, keyed));
            take.await.unwrap_or(Err(Failure::Timeout))
        });
        let mut told = join_all(takes).await;
        let mut answers = Answers {
            values: commands.iter().map(|_| None).collect(),
            clocks: vec![None; commands.len()],
        };
        for (told, places) in told.iter_mut().zip(&places) {
            let Ok(told) = told else { continue };
            let values = told.keyed.take().unwrap_or_default();
            for (at, value) in places.iter().zip(values) {
                answers.values[*at] = Some(value);
                answers.clocks[*at] = told.clock;
            }
        }
        (told, answers)
    }

    fn read(&mut self, questions: &Questions, mut answers: Answers) -> Vec<Sample> {
        let mut samples = Vec::new();
        for (queue, range) in self.queues.iter_mut().zip(&questions.queues) {
            if let Some((values, now_ms)) = answers.take(range) {
                let mut values = values.into_iter();
                let mut next = || values.next().unwrap_or(Ok(Value::Nil));
                samples.extend(queue.read(&mut next, now_ms));
            }
        }
        if let (Some(canary), Some(range)) = (&mut self.canary, &questions.canary)
            && let Some((values, now_ms)) = answers.take(range)
        {
            let read = canary.read(&values, now_ms);
            let error = read.as_ref().err();
            let place = "of the canary";
            self.parts.note(Part::Canary, error, place, Instant::now());
            samples.extend(read.unwrap_or_default());
        }
        samples.extend(self.parts.samples());
        samples
    }
}

impl Answers {
    /// The answers of a range, if all of them are there and are about the data,
    /// with the clock by which they were given.
    fn take(&mut self, range: &Range<usize>) -> Option<(Vec<RedisResult<Value>>, i64)> {
        let now_ms = self.clocks[range.clone()].first().copied().flatten()?;
        let values: Option<Vec<_>> = self.values[range.clone()]
            .iter_mut()
            .map(Option::take)
            .collect();
        values
            .filter(|values| !values.iter().any(|value| has_code(value, &NOT_HERE_OR_NOW)))
            .map(|values| (values, now_ms))
    }
}
