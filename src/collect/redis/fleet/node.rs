//! One Redis server: what it is asked at a scrape, and what it tells of itself.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use redis::{Cmd, RedisError, RedisResult, Value};

use crate::collect::failure::cause::Failure;
use crate::collect::failure::failure_log::FailureLog;
use crate::collect::redis::fleet::cluster_info;
use crate::collect::redis::fleet::part::{Parts, RedisPart, is_refusal};
use crate::collect::redis::fleet::route::SlotMap;
use crate::collect::redis::fleet::sentinel_info;
use crate::collect::redis::fleet::server::{self, ServerConfig, ServerKind};
use crate::collect::redis::histogram;
use crate::collect::redis::info;
use crate::collect::redis::info::sections::Info;
use crate::collect::redis::slowlog;
use crate::collect::redis::wire::address::{Login, ServerAddress};
use crate::collect::redis::wire::connection::{CommandBatch, RedisConnection, answered};
use crate::model::sample::Sample;

/// How long settings are believed that must be asked for apart.
const CONFIG_BELIEVED: Duration = Duration::from_mins(5);

/// A server, with the connection to it while there is one.
#[derive(Debug)]
pub(crate) struct RedisNode {
    /// Where it is.
    pub(crate) address: ServerAddress,
    /// What the log says of it, if it is one of several.
    pub(crate) log: FailureLog,
    /// Databases that have had keys.
    pub(crate) databases: BTreeSet<u32>,
    link: Option<RedisConnection>,
    parts: Parts,
    /// Whether it is one of several.
    pub(crate) in_cluster: bool,
    /// It told that it cannot answer for its data: to ask for them at each
    /// scrape would only raise errors.
    closed: bool,
    /// Settings that `INFO` does not tell, and when they were asked for.
    config: Option<(Instant, ServerConfig)>,
    /// It does not tell them, and they are not needed.
    hides_config: bool,
    /// What the last `INFO` said of the server itself.
    kind: ServerKind,
}

/// What a server told at a scrape.
#[derive(Debug, Default)]
pub(crate) struct NodeAnswer {
    /// Samples of the server itself.
    pub(crate) samples: Vec<Sample>,
    /// Its clock, in milliseconds.
    pub(crate) clock: Option<i64>,
    /// Answers to the commands about keys, in their order; none if it was not
    /// asked, as it cannot answer for its data.
    pub(crate) keyed: Option<Vec<RedisResult<Value>>>,
    /// What it knows of the cluster, and how recent that is.
    pub(crate) map: Option<(u64, SlotMap)>,
    /// Whether it says that it is a master.
    pub(crate) is_master: bool,
}

impl RedisNode {
    /// Knows nothing of the server yet.
    pub(crate) fn new(address: ServerAddress, in_cluster: bool) -> Self {
        Self {
            address,
            log: FailureLog::default(),
            databases: BTreeSet::new(),
            link: None,
            parts: Parts::default(),
            in_cluster,
            closed: false,
            config: None,
            hides_config: false,
            kind: ServerKind::default(),
        }
    }

    /// Asks for all figures and for what is stored under keys, in one round trip;
    /// the caller bounds the time.
    ///
    /// The connection is put back only after a good answer, so that one that
    /// hangs or was cut is never used again.
    pub(crate) async fn take(
        &mut self,
        access: &Login,
        keyed: &[&Cmd],
    ) -> Result<NodeAnswer, Failure> {
        let (mut link, kept) = match self.link.take() {
            Some(link) => (link, true),
            None => (self.open(access).await?, false),
        };
        let now = Instant::now();
        let asked = self.wanted(access, now);
        let mut pipe = redis::pipe();
        let asked: Vec<_> = asked
            .into_iter()
            .map(|part| {
                let before = pipe.len();
                self.kind.ask(part, &mut pipe);
                (part, pipe.len() - before)
            })
            .collect();
        let mut request = CommandBatch::of(&pipe);
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
        let mut answer = self.read(&asked, &mut answers, now)?;
        answer.keyed = (!self.closed).then(|| answers.collect());
        let data: &[RedisResult<Value>] = answer.keyed.as_deref().unwrap_or_default();
        self.closed |= data
            .iter()
            .any(|answer| has_code(answer, &["LOADING", "MASTERDOWN"]));
        self.link = Some(link);
        Ok(answer)
    }

    async fn open(&mut self, access: &Login) -> Result<RedisConnection, Failure> {
        self.parts.afresh();
        let opened = RedisConnection::open(&self.address, access).await;
        opened.map_err(|error| match error.code() {
            Some("WRONGPASS") if access.is_decoded => {
                let hint = "in `url` a `%` begins a code such as `%40`: write `%25`, or use \
                    `password`";
                Failure::Answer(format!("{}; {hint}", Failure::Redis(error)))
            }
            _ => error.into(),
        })
    }

    fn wanted(&mut self, access: &Login, now: Instant) -> Vec<RedisPart> {
        let kind = &self.kind;
        let mut parts = vec![RedisPart::Info];
        if kind.is_sentinel {
            parts.push(RedisPart::Sentinel);
            return self.parts.wanted(&parts, now);
        }
        parts.extend([RedisPart::Time, RedisPart::Slowlog, RedisPart::Latency]);
        if kind.has_histograms {
            parts.push(RedisPart::Histogram);
        }
        let is_old = |(at, _): &(Instant, ServerConfig)| now.duration_since(*at) >= CONFIG_BELIEVED;
        // Somebody with a name of its own has an access list, in which this
        // permission has no place: it would show passwords.
        let may = access.user.is_none() && !self.hides_config;
        if (kind.lacks_limit || may) && self.config.as_ref().is_none_or(is_old) {
            parts.push(RedisPart::Config);
        }
        if self.in_cluster {
            parts.push(RedisPart::Cluster);
        }
        self.parts.wanted(&parts, now)
    }

    fn read(
        &mut self,
        asked: &[(RedisPart, usize)],
        answers: &mut impl Iterator<Item = RedisResult<Value>>,
        now: Instant,
    ) -> Result<NodeAnswer, Failure> {
        let mut answer = NodeAnswer::default();
        let mut replies = Vec::new();
        for (part, commands) in asked {
            // All of them are taken, even if the first is an error: the next
            // part's answers follow.
            let values: Vec<_> = answers.take(*commands).collect();
            replies.push((*part, values));
        }
        let text = match replies.first_mut() {
            Some((RedisPart::Info, values)) => values.pop(),
            _ => None,
        };
        let text = match text {
            Some(Ok(text)) => Some(text_of(&text)),
            // Refused for now, as while a script runs for too long.
            Some(Err(error)) if !is_refusal(&error) => return Err(error.into()),
            Some(Err(error)) => {
                replies[0].1.push(Err(error));
                None
            }
            None => None,
        };
        let info = text.as_deref().map(Info::read);
        let is_sentinel = info.as_ref().is_some_and(server::is_sentinel);
        let info = info.unwrap_or_else(|| Info::read(""));
        for (part, values) in replies {
            if part == RedisPart::Sentinel {
                self.read_masters(&values, &mut answer, now);
                continue;
            }
            let values: RedisResult<Vec<Value>> = values.into_iter().collect();
            let error = values.as_ref().err();
            let place = self.address.to_string();
            if part == RedisPart::Config && !self.kind.lacks_limit && error.is_some_and(is_refusal)
            {
                self.hides_config = true;
            } else if part == RedisPart::Info || !is_sentinel {
                // What a sentinel does not have, nobody can allow.
                self.parts.note(part, error, &place, now);
            }
            if let Ok(values) = values {
                self.read_part(part, &values, &info, &mut answer, now);
            }
        }
        let up = f64::from(u8::from(text.is_some()));
        answer.samples.push(Sample::new("redis_up", [], up));
        if text.is_some() {
            self.read_info(&info, &mut answer);
        }
        answer.samples.extend(self.parts.samples());
        Ok(answer)
    }

    fn read_part(
        &mut self,
        part: RedisPart,
        values: &[Value],
        info: &Info<'_>,
        answer: &mut NodeAnswer,
        now: Instant,
    ) {
        match (part, values) {
            (RedisPart::Time, [time]) => answer.clock = millis(time),
            (RedisPart::Slowlog, [length, newest]) => {
                answer.samples.extend(slowlog::slowlog(length, newest));
            }
            (RedisPart::Latency, [latest]) => answer.samples.extend(slowlog::latency(latest)),
            (RedisPart::Histogram, [all]) => answer.samples.extend(histogram::samples(all, info)),
            (RedisPart::Config, [clients, threads]) => {
                self.config = Some((now, ServerConfig::read(clients, threads)));
            }
            (RedisPart::Cluster, [state, slots]) => {
                let state = text_of(state);
                answer.samples.extend(cluster_info::samples(&state));
                answer.map = SlotMap::read(slots, &self.address)
                    .map(|map| (cluster_info::epoch(&state), map));
            }
            _ => {}
        }
    }

    fn read_masters(
        &mut self,
        values: &[RedisResult<Value>],
        answer: &mut NodeAnswer,
        now: Instant,
    ) {
        let errors = values.iter().filter_map(|value| value.as_ref().err());
        let refused = errors.clone().find(|error| error.code() == Some("NOPERM"));
        let place = self.address.to_string();
        self.parts.note(RedisPart::Sentinel, refused, &place, now);
        let each = values.chunks(sentinel_info::COMMANDS);
        for (master, answers) in self.kind.masters.iter().zip(each) {
            answer.samples.extend(master.read(answers));
        }
    }

    fn read_info(&mut self, info: &Info<'_>, answer: &mut NodeAnswer) {
        answer.clock = answer.clock.or_else(|| Some(info.clock()? / 1000));
        answer.is_master = info.role() == Some("master");
        answer
            .samples
            .extend(info::samples(info, answer.clock, &mut self.databases));
        self.kind = ServerKind::of(info);
        answer.samples.extend(self.kind.samples());
        // A sentinel has no keys: to ask for them would only raise errors.
        self.closed = self.kind.is_sentinel || (self.closed && info.is_incomplete());
        if let Some((_, config)) = &self.config {
            answer.samples.extend(config.samples(self.kind.lacks_limit));
        }
    }
}

/// Whether an answer is an error of one of these kinds.
pub(crate) fn has_code(answer: &RedisResult<Value>, codes: &[&str]) -> bool {
    let code = answer.as_ref().err().and_then(RedisError::code);
    code.is_some_and(|code| codes.contains(&code))
}

/// The text of an answer; none is empty.
pub(crate) fn text_of(value: &Value) -> String {
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
