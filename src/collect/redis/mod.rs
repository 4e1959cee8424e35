//! Asks a Redis for its figures and its queues, in one pipelined round trip.

pub mod canary;
pub mod fleet;
pub mod histogram;
pub mod info;
pub mod keys;
pub mod settings;
pub mod slowlog;
pub mod wire;

use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use redis::{Cmd, Pipeline, RedisResult, Value};

use crate::collect::failure::cause::Failure;
use crate::collect::failure::failure_log::FailureLog;
use crate::collect::failure::reason;
use crate::collect::queue::QueueReader;
use crate::collect::redis::canary::Canary;
use crate::collect::redis::fleet::node::{NodeAnswer, has_code};
use crate::collect::redis::fleet::part::{Parts, RedisPart};
use crate::collect::redis::fleet::topology::Topology;
use crate::collect::redis::info::keyspace;
use crate::collect::redis::keys::SizedKey;
use crate::collect::redis::settings::RedisSettings;
use crate::model::sample::{INCOMPLETE, Metric, Sample};

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

/// Those of them that are worth a word, as they may last.
const LASTING: [&str; 4] = ["LOADING", "MASTERDOWN", "BUSY", "CLUSTERDOWN"];

/// A Redis, alone, behind sentinels or as a cluster, with what is kept in it.
#[derive(Debug)]
pub struct RedisCollector {
    topology: Topology,
    queues: Vec<QueueReader>,
    keys: Vec<SizedKey>,
    canary: Option<Canary>,
    /// Whether another collector reports what the databases of a server share.
    hides_server: bool,
    /// What of our own we may not do.
    parts: Parts,
    /// What the log says of questions about keys, and of the canary's writes.
    reads: FailureLog,
    writes: FailureLog,
}

/// The commands about keys, and whose they are.
struct Questions {
    pipe: Pipeline,
    queues: Vec<Range<usize>>,
    keys: Vec<Range<usize>>,
    canary: Option<Range<usize>>,
}

/// The answers to them, each with the clock of the server that gave it.
struct ScrapeAnswers {
    values: Vec<Option<RedisResult<Value>>>,
    clocks: Vec<Option<i64>>,
    /// Whether any was about the data, and why any was not.
    any: bool,
    withheld: Option<String>,
    /// Whether a question had no answer about the data.
    lacking: bool,
}

impl RedisCollector {
    /// Reads the settings; connects when first asked.
    pub(crate) fn new(settings: &RedisSettings) -> Result<Self, Failure> {
        settings::check(settings)?;
        let topology = Topology::new(settings)?;
        let key = |name: &String| SizedKey::new(name, topology.database());
        Ok(Self {
            keys: settings.keys.iter().map(key).collect(),
            topology,
            queues: settings
                .queues
                .iter()
                .cloned()
                .map(QueueReader::new)
                .collect(),
            canary: settings.canary.as_ref().map(Canary::new),
            hides_server: settings.server == Some(false),
            parts: Parts::default(),
            reads: FailureLog::default(),
            writes: FailureLog::default(),
        })
    }

    /// Remembers a database that had keys in an earlier run, of which the series
    /// tells: if it was emptied meanwhile, it counts 0.
    pub(crate) fn recall(&mut self, series: &Metric) {
        if let Some(database) = keyspace::seen(series) {
            let instance = series.labels.get("instance").map(String::as_str);
            self.topology.recall(instance, database);
        }
    }

    /// What is known without an answer.
    pub(crate) fn silent(&mut self) -> Vec<Sample> {
        let mut samples = self.topology.aside();
        samples.push(Sample::new("redis_up", [], 0.0));
        self.hide_server(&mut samples);
        samples
    }

    fn hide_server(&self, samples: &mut Vec<Sample>) {
        if self.hides_server {
            samples.retain(|sample| !sample.metric.name.starts_with("redis_"));
        }
    }

    /// Takes all samples; the caller bounds the time to `within`.
    pub(crate) async fn collect(&mut self, within: Duration) -> Result<Vec<Sample>, Failure> {
        self.topology.find(within).await?;
        let questions = self.questions();
        let (scraped, answers) = self.ask(&questions, within).await;
        let is_whole = scraped.iter().all(Result::is_ok);
        let mut samples = self.topology.settle(scraped)?;
        samples.extend(self.topology.aside());
        self.hide_server(&mut samples);
        let (data, are_given) = self.read(&questions, answers);
        samples.extend(data);
        if !is_whole || !are_given {
            // What is missing was not seen: it may be there all the same.
            samples.push(Sample::new(INCOMPLETE, [], 1.0));
        }
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
        let own = [RedisPart::Keys, RedisPart::Canary];
        let wanted = self.parts.wanted(&own, Instant::now());
        let may = |part| wanted.contains(&part);
        let keys = self
            .keys
            .iter()
            .filter(|_| may(RedisPart::Keys))
            .map(|key| {
                let start = pipe.len();
                key.ask(&mut pipe);
                start..pipe.len()
            });
        let keys = keys.collect();
        let canary = self.canary.as_ref().filter(|_| may(RedisPart::Canary));
        let canary = canary.map(|canary| {
            let start = pipe.len();
            canary.ask(&mut pipe);
            start..pipe.len()
        });
        Questions {
            pipe,
            queues,
            keys,
            canary,
        }
    }

    /// Asks all servers at once, each for itself and for the keys that it holds.
    async fn ask(
        &mut self,
        questions: &Questions,
        within: Duration,
    ) -> (Vec<Result<NodeAnswer, Failure>>, ScrapeAnswers) {
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
        let mut scraped = join_all(takes).await;
        let mut answers = ScrapeAnswers {
            values: commands.iter().map(|_| None).collect(),
            clocks: vec![None; commands.len()],
            any: false,
            withheld: None,
            lacking: false,
        };
        for (scraped, places) in scraped.iter_mut().zip(&places) {
            let Ok(scraped) = scraped else { continue };
            let values = scraped.keyed.take().unwrap_or_default();
            for (at, value) in places.iter().zip(values) {
                answers.values[*at] = Some(value);
                answers.clocks[*at] = scraped.clock;
            }
        }
        (scraped, answers)
    }

    /// Makes samples of the answers, and says whether each question had one.
    fn read(&mut self, questions: &Questions, mut answers: ScrapeAnswers) -> (Vec<Sample>, bool) {
        let mut samples = Vec::new();
        for (queue, range) in self.queues.iter_mut().zip(&questions.queues) {
            if let Some((values, now_ms)) = answers.take(range) {
                let mut values = values.into_iter();
                let mut next = || values.next().unwrap_or(Ok(Value::Nil));
                samples.extend(queue.read(&mut next, now_ms));
            }
        }
        samples.extend(self.read_keys(questions, &mut answers));
        if let (Some(canary), Some(range)) = (&mut self.canary, &questions.canary)
            && let Some((values, now_ms)) = answers.take(range)
        {
            let read = canary.read(&values, now_ms);
            let error = read.as_ref().err();
            let place = "of the canary";
            self.parts
                .note(RedisPart::Canary, error, place, Instant::now());
            samples.extend(read.unwrap_or_default());
            let mut refused = values
                .iter()
                .skip(1)
                .filter_map(|value| value.as_ref().err());
            let why = refused.next().map(reason::of_redis);
            log(&mut self.writes, why.as_deref(), "writing the canary");
        }
        samples.extend(self.parts.samples());
        if answers.any || answers.withheld.is_some() {
            let what = "reading keys of the redis";
            log(&mut self.reads, answers.withheld.as_deref(), what);
        }
        (samples, !answers.lacking)
    }

    fn read_keys(&mut self, questions: &Questions, answers: &mut ScrapeAnswers) -> Vec<Sample> {
        let mut samples = Vec::new();
        let (mut asked, mut refused) = (false, None);
        for (key, range) in self.keys.iter_mut().zip(&questions.keys) {
            let Some((values, _)) = answers.take(range) else {
                continue;
            };
            asked = true;
            match key.read(&values) {
                Ok(sample) => samples.extend(sample),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if asked {
            let place = "with those `keys`";
            self.parts
                .note(RedisPart::Keys, refused.as_ref(), place, Instant::now());
        }
        samples
    }
}

/// Logs when work beside the scrape, such as reading keys, fails or recovers.
fn log(log: &mut FailureLog, failure: Option<&str>, what: &str) {
    let Some(line) = log.note(failure, Instant::now()) else {
        return;
    };
    let message = line.message();
    match line.error() {
        None => tracing::info!("{what} {message}"),
        Some(error) => tracing::warn!(%error, "{what} {message}"),
    }
}

impl ScrapeAnswers {
    /// The answers of a range, if all of them are there and are about the data,
    /// with the clock by which they were given.
    fn take(&mut self, range: &Range<usize>) -> Option<(Vec<RedisResult<Value>>, i64)> {
        let scraped = self.given(range);
        self.lacking |= scraped.is_none();
        scraped
    }

    fn given(&mut self, range: &Range<usize>) -> Option<(Vec<RedisResult<Value>>, i64)> {
        let now_ms = self.clocks[range.clone()].first().copied().flatten()?;
        let values: Option<Vec<_>> = self.values[range.clone()]
            .iter_mut()
            .map(Option::take)
            .collect();
        let values = values?;
        if let Some(Err(error)) = values
            .iter()
            .find(|value| has_code(value, &NOT_HERE_OR_NOW))
        {
            if has_code(&Err(error.clone()), &LASTING) {
                self.withheld.get_or_insert_with(|| reason::of_redis(error));
            }
            return None;
        }
        self.any = true;
        Some((values, now_ms))
    }
}
