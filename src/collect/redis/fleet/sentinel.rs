//! Asks sentinels where the master is, and how they are themselves.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use redis::Value;
use tokio::task::JoinSet;

use crate::collect::failure::cause::Failure;
use crate::collect::failure::failure_log::FailureLog;
use crate::collect::redis::fleet::node::text_of;
use crate::collect::redis::fleet::part::{Parts, RedisPart};
use crate::collect::redis::fleet::sentinel_info::{COMMANDS, WatchedMaster};
use crate::collect::redis::info::sections::Info;
use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::wire::address::{Login, ServerAddress};
use crate::collect::redis::wire::connection::{CommandBatch, RedisConnection, answered};
use crate::model::sample::Sample;

/// How long the answer is believed while the master answers and is one.
const BELIEVED: Duration = Duration::from_secs(10);

/// The sentinels of one master.
#[derive(Debug)]
pub(crate) struct Sentinels {
    each: Vec<OneSentinel>,
    access: Login,
    master: String,
    /// When they were asked with success; none asks them anew.
    asked: Option<Instant>,
    /// Those that are being asked: one that hangs is waited for by nobody, and
    /// is known as such once its time is over. It ends with us.
    asking: JoinSet<(usize, Result<SentinelAnswer, Failure>)>,
}

/// A sentinel, and how it was at the last look.
#[derive(Debug)]
struct OneSentinel {
    address: ServerAddress,
    /// The master as it sees it, if it knows it.
    watched: Option<WatchedMaster>,
    samples: Vec<Sample>,
    log: FailureLog,
    /// Whether it answered; none before it was asked.
    is_up: Option<bool>,
    is_asked: bool,
    parts: Parts,
}

/// What one of them said.
#[derive(Debug, Default)]
struct SentinelAnswer {
    /// Where the master is.
    named: Option<ServerAddress>,
    watched: Option<WatchedMaster>,
    samples: Vec<Sample>,
    /// Why it does not tell more.
    refused: Option<redis::RedisError>,
}

impl Sentinels {
    /// Reads the addresses; the master's TLS settings hold for sentinels, too.
    pub(crate) fn new(settings: &RedisSettings, access: &Login) -> Result<Self, Failure> {
        let one = |text: &String| {
            let address = ServerAddress::parse(text).ok_or_else(|| {
                Failure::Answer(format!(
                    "`{text}` is not the address of a sentinel; write host:26379"
                ))
            })?;
            Ok(OneSentinel {
                address,
                watched: None,
                samples: Vec::new(),
                log: FailureLog::default(),
                is_up: None,
                is_asked: false,
                parts: Parts::default(),
            })
        };
        Ok(Self {
            each: settings
                .sentinels
                .iter()
                .map(one)
                .collect::<Result<_, Failure>>()?,
            access: Login {
                password: settings.sentinel_password.clone(),
                tls: access.tls.clone(),
                ..Login::default()
            },
            master: settings.master.clone().unwrap_or_default(),
            asked: None,
            asking: JoinSet::new(),
        })
    }

    /// Whether it is time to ask them.
    pub(crate) fn are_due(&self) -> bool {
        self.asked.is_none_or(|asked| asked.elapsed() >= BELIEVED)
    }

    /// Asks them the next time, whenever that is.
    pub(crate) fn doubt(&mut self) {
        self.asked = None;
    }

    /// Asks all at once; the address that most of them name is the master's.
    ///
    /// A majority is waited for no longer than it takes, so that one sentinel
    /// that hangs delays nothing; what the others say is heard by a later scrape.
    pub(crate) async fn ask(&mut self, within: Duration) -> Result<ServerAddress, Failure> {
        let mut votes: BTreeMap<ServerAddress, usize> = BTreeMap::new();
        let mut failure = None;
        let deadline = tokio::time::Instant::now() + within / 2;
        self.begin(within);
        while let Ok(Some(done)) = tokio::time::timeout_at(deadline, self.asking.join_next()).await
        {
            match done.ok().map(|(at, reply)| self.read_reply(at, reply)) {
                Some(Ok(Some(address))) => {
                    let count = votes.entry(address).or_default();
                    *count += 1;
                    if *count > self.each.len() / 2 {
                        break;
                    }
                }
                Some(Err(error)) => failure = Some(error),
                Some(Ok(None)) | None => {}
            }
        }
        let found = votes.into_iter().max_by_key(|(_, count)| *count);
        if let Some((address, _)) = found {
            self.asked = Some(Instant::now());
            return Ok(address);
        }
        let why = failure.unwrap_or_else(|| {
            if self.asking.is_empty() {
                format!("they know no master of the name `{}`", self.master)
            } else {
                Failure::Timeout.to_string()
            }
        });
        Err(Failure::Answer(format!(
            "no sentinel names the master: {why}"
        )))
    }

    /// Takes in what was said since, and tells how each of them is.
    pub(crate) fn samples(&mut self) -> Vec<Sample> {
        while let Some(done) = self.asking.try_join_next() {
            if let Ok((at, reply)) = done {
                // Whom it names counts when they are asked the next time.
                let _ = self.read_reply(at, reply);
            }
        }
        let mut samples = Vec::new();
        for sentinel in &self.each {
            let place = sentinel.address.to_string();
            let up = sentinel.is_up.map(|up| {
                let up = f64::from(u8::from(up));
                Sample::new("redis_sentinel_up", [], up)
            });
            let of_sentinel = sentinel.samples.iter().cloned().chain(up);
            samples.extend(of_sentinel.map(|mut sample| {
                let labels = &mut sample.metric.labels;
                labels.insert("instance".to_owned(), place.clone());
                sample
            }));
        }
        samples
    }

    /// Begins to ask all but those that still owe an answer.
    fn begin(&mut self, within: Duration) {
        for (at, sentinel) in self.each.iter_mut().enumerate() {
            if std::mem::replace(&mut sentinel.is_asked, true) {
                continue;
            }
            let is_wanted = !sentinel
                .parts
                .wanted(&[RedisPart::Sentinel], Instant::now())
                .is_empty();
            let watched = sentinel.watched.clone().filter(|_| is_wanted);
            let (address, access) = (sentinel.address.clone(), self.access.clone());
            let master = self.master.clone();
            self.asking.spawn(async move {
                let reply = ask_one(&address, &access, &master, watched);
                let reply = tokio::time::timeout(within, reply).await;
                (at, reply.unwrap_or(Err(Failure::Timeout)))
            });
        }
    }

    /// Notes what one of them said; the words are why it said nothing.
    fn read_reply(
        &mut self,
        at: usize,
        reply: Result<SentinelAnswer, Failure>,
    ) -> Result<Option<ServerAddress>, String> {
        let all = self.each.len();
        let sentinel = &mut self.each[at];
        sentinel.is_asked = false;
        sentinel.is_up = Some(reply.is_ok());
        let failure = reply.as_ref().err().map(ToString::to_string);
        let reply = reply.unwrap_or_default();
        if failure.is_none() {
            let place = sentinel.address.to_string();
            let refused = reply.refused.as_ref();
            sentinel
                .parts
                .note(RedisPart::Sentinel, refused, &place, Instant::now());
        }
        sentinel.watched = reply.watched;
        sentinel.samples = reply.samples;
        let line = sentinel.log.note(failure.as_deref(), Instant::now());
        let address = &self.each[at].address;
        let up = self
            .each
            .iter()
            .filter(|one| one.is_up != Some(false))
            .count();
        let Some(line) = line else {
            return failure.map_or(Ok(reply.named), Err);
        };
        let few = if up > all / 2 {
            ""
        } else {
            "; too few answer to begin a failover"
        };
        let message = line.message();
        match line.error() {
            None => tracing::info!(
                sentinel = %address, answering = up, sentinels = all, "sentinel {message}{few}"
            ),
            Some(error) => tracing::warn!(
                sentinel = %address, answering = up, sentinels = all, %error,
                "sentinel {message}{few}"
            ),
        }
        failure.map_or(Ok(reply.named), Err)
    }
}

/// Asks one sentinel where the master is, and how it sees it if it knows it.
async fn ask_one(
    address: &ServerAddress,
    access: &Login,
    master: &str,
    watched: Option<WatchedMaster>,
) -> Result<SentinelAnswer, Failure> {
    let mut link = RedisConnection::open(address, access).await?;
    let mut pipe = redis::pipe();
    pipe.cmd("SENTINEL")
        .arg("get-master-addr-by-name")
        .arg(master);
    pipe.cmd("INFO").arg("sentinel");
    if let Some(watched) = &watched {
        watched.ask(&mut pipe);
    }
    let answers = link.ask(&CommandBatch::of(&pipe)).await?;
    let mut answers = answers.into_iter().map(answered);
    let mut next = || answers.next().unwrap_or(Ok(Value::Nil));
    let named: Option<(String, u16)> = redis::from_redis_value(next()?)?;
    let mut reply = SentinelAnswer {
        named: named.map(|(host, port)| ServerAddress::Tcp(host, port)),
        ..SentinelAnswer::default()
    };
    // Who may not ask for more knows where the master is all the same.
    let info = next().map(|info| text_of(&info)).unwrap_or_default();
    let mut all = WatchedMaster::all(&Info::read(&info)).into_iter();
    reply.watched = all.find(|one| one.name == master);
    if let Some(now) = &reply.watched {
        reply.samples = now.samples();
    }
    if let Some(watched) = watched {
        let answers: Vec<_> = (0..COMMANDS).map(|_| next()).collect();
        reply.samples.extend(watched.read(&answers));
        let mut errors = answers.iter().filter_map(|answer| answer.as_ref().err());
        reply.refused = errors.find(|error| error.code() == Some("NOPERM")).cloned();
    }
    Ok(reply)
}
