//! One Redis server: what it is asked at a scrape, and what it tells of itself.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use redis::{Cmd, Pipeline, RedisError, RedisResult, Value};

use crate::collect::failure::Failure;
use crate::collect::redis::address::{Access, Address};
use crate::collect::redis::cluster_info;
use crate::collect::redis::info::Info;
use crate::collect::redis::link::{Link, Request, answered};
use crate::collect::redis::part::{Part, Parts, is_refusal};
use crate::collect::redis::route::Map;
use crate::collect::redis::trouble;
use crate::model::sample::Sample;

/// How long the limit of clients is believed where it must be asked for apart.
const CONFIG_BELIEVED: Duration = Duration::from_mins(5);

/// A server, with the connection to it while there is one.
#[derive(Debug)]
pub struct Node {
    /// Where it is.
    pub address: Address,
    /// Why it failed the last time, told once.
    pub failed: Option<String>,
    link: Option<Link>,
    parts: Parts,
    in_cluster: bool,
    /// Databases that have had keys.
    databases: BTreeSet<u32>,
    /// It told that it cannot answer for its data: to ask for them at each
    /// scrape would only raise errors.
    closed: bool,
    /// The limit of clients, and when it was asked for; before 7.0 `INFO` lacks it.
    clients: Option<(Instant, f64)>,
    /// Whether the last `INFO` told the limit of clients.
    tells_clients: bool,
}

/// What a server told at a scrape.
#[derive(Debug, Default)]
pub struct Told {
    /// Samples of the server itself.
    pub samples: Vec<Sample>,
    /// Its clock, in milliseconds.
    pub clock: Option<i64>,
    /// Answers to the commands about keys, in their order; none if it was not
    /// asked, as it cannot answer for its data.
    pub keyed: Option<Vec<RedisResult<Value>>>,
    /// What it knows of the cluster, and how recent that is.
    pub map: Option<(u64, Map)>,
    /// Whether it says that it is a master.
    pub is_master: bool,
}

impl Node {
    /// Knows nothing of the server yet.
    pub fn new(address: Address, in_cluster: bool) -> Self {
        Self {
            address,
            failed: None,
            link: None,
            parts: Parts::default(),
            in_cluster,
            databases: BTreeSet::new(),
            closed: false,
            clients: None,
            tells_clients: true,
        }
    }

    /// Asks for all figures and for what is stored under keys, in one round trip;
    /// the caller bounds the time.
    ///
    /// The connection is put back only after a good answer, so that one that
    /// hangs or was cut is never used again.
    pub async fn take(&mut self, access: &Access, keyed: &[&Cmd]) -> Result<Told, Failure> {
        let (mut link, kept) = match self.link.take() {
            Some(link) => (link, true),
            None => (self.open(access).await?, false),
        };
        let now = Instant::now();
        let asked = self.wanted(now);
        let mut pipe = redis::pipe();
        for part in &asked {
            ask(*part, &mut pipe);
        }
        let mut request = Request::of(&pipe);
        let keyed = if self.closed { &[] } else { keyed };
        for command in keyed {
            request.add(command);
        }
        let answers = match link.ask(&request).await {
            // The server may end a connection that was quiet for some time, or
            // have been restarted: that is no reason to call it out of reach.
            Err(error) if kept && error.is_io_error() => {
                link = self.open(access).await?;
                link.ask(&request).await?
            }
            answers => answers?,
        };
        let mut answers = answers.into_iter().map(answered);
        let mut told = self.read(&asked, &mut answers, now)?;
        told.keyed = (!self.closed).then(|| answers.collect());
        let data: &[RedisResult<Value>] = told.keyed.as_deref().unwrap_or_default();
        self.closed |= data
            .iter()
            .any(|answer| has_code(answer, &["LOADING", "MASTERDOWN"]));
        self.link = Some(link);
        Ok(told)
    }

    async fn open(&mut self, access: &Access) -> RedisResult<Link> {
        self.parts.afresh();
        Link::open(&self.address, access).await
    }

    fn wanted(&mut self, now: Instant) -> Vec<Part> {
        let mut parts = vec![Part::Info, Part::Time, Part::Slowlog, Part::Latency];
        let is_old = |(at, _): &(Instant, f64)| now.duration_since(*at) >= CONFIG_BELIEVED;
        if !self.tells_clients && self.clients.as_ref().is_none_or(is_old) {
            parts.push(Part::Config);
        }
        if self.in_cluster {
            parts.push(Part::Cluster);
        }
        self.parts.wanted(&parts, now)
    }

    fn read(
        &mut self,
        asked: &[Part],
        answers: &mut impl Iterator<Item = RedisResult<Value>>,
        now: Instant,
    ) -> Result<Told, Failure> {
        let place = self.address.to_string();
        let mut told = Told::default();
        let mut info = None;
        for part in asked {
            // All of them are taken, even if the first is an error: the next
            // part's answers follow.
            let values: Vec<_> = answers.take(commands(*part)).collect();
            let values: RedisResult<Vec<Value>> = values.into_iter().collect();
            self.parts.note(*part, values.as_ref().err(), &place, now);
            let values = match values {
                Ok(values) => values,
                // Refused for now, as while a script runs for too long.
                Err(error) if *part == Part::Info && !is_refusal(&error) => {
                    return Err(error.into());
                }
                Err(_) => continue,
            };
            match (part, &values[..]) {
                (Part::Info, [text]) => info = Some(text_of(text)),
                (Part::Time, [time]) => told.clock = millis(time),
                (Part::Slowlog, [length, newest]) => {
                    told.samples.extend(trouble::slowlog(length, newest));
                }
                (Part::Latency, [latest]) => told.samples.extend(trouble::latency(latest)),
                (Part::Config, [limit]) => {
                    self.clients = config_number(limit).map(|limit| (now, limit));
                }
                (Part::Cluster, [state, slots]) => {
                    let state = text_of(state);
                    told.samples.extend(cluster_info::samples(&state));
                    told.map = Map::read(slots, &self.address)
                        .map(|map| (cluster_info::epoch(&state), map));
                }
                _ => {}
            }
        }
        let up = f64::from(u8::from(info.is_some()));
        told.samples.push(Sample::new("redis_up", [], up));
        if let Some(text) = info {
            self.read_info(&Info::read(&text), &mut told);
        }
        told.samples.extend(self.parts.samples());
        Ok(told)
    }

    fn read_info(&mut self, info: &Info<'_>, told: &mut Told) {
        told.clock = told.clock.or_else(|| Some(info.clock()? / 1000));
        told.is_master = info.role() == Some("master");
        told.samples
            .extend(info.samples(told.clock, &mut self.databases));
        self.closed &= info.is_incomplete();
        self.tells_clients = info.text("maxclients").is_some();
        if let Some((_, limit)) = self.clients.filter(|_| !self.tells_clients) {
            told.samples
                .push(Sample::new("redis_config_maxclients", [], limit));
        }
    }
}

/// Adds the commands of a part.
fn ask(part: Part, pipe: &mut Pipeline) {
    match part {
        // Sections by name would be less text, but only 7.0 takes several.
        Part::Info => pipe.cmd("INFO").arg("all"),
        Part::Time => pipe.cmd("TIME"),
        Part::Slowlog => pipe
            .cmd("SLOWLOG")
            .arg("LEN")
            .cmd("SLOWLOG")
            .arg("GET")
            .arg(1),
        Part::Latency => pipe.cmd("LATENCY").arg("LATEST"),
        Part::Config => pipe.cmd("CONFIG").arg("GET").arg("maxclients"),
        Part::Cluster => pipe.cmd("CLUSTER").arg("INFO").cmd("CLUSTER").arg("SLOTS"),
        // It goes with the commands about keys.
        Part::Canary => pipe,
    };
}

/// How many commands a part has.
fn commands(part: Part) -> usize {
    let mut pipe = redis::pipe();
    ask(part, &mut pipe);
    pipe.len()
}

/// Whether an answer is an error of one of these kinds.
pub fn has_code(answer: &RedisResult<Value>, codes: &[&str]) -> bool {
    let code = answer.as_ref().err().and_then(RedisError::code);
    code.is_some_and(|code| codes.contains(&code))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::SimpleString(text) => text.clone(),
        _ => String::new(),
    }
}

/// Milliseconds of an answer of `TIME`.
fn millis(time: &Value) -> Option<i64> {
    let (seconds, micros): (i64, i64) = redis::from_redis_value_ref(time).ok()?;
    seconds.checked_mul(1000)?.checked_add(micros / 1000)
}

/// The number in an answer of `CONFIG GET`.
fn config_number(answer: &Value) -> Option<f64> {
    let (_, value): (String, f64) = redis::from_redis_value_ref(answer).ok()?;
    value.is_finite().then_some(value)
}
