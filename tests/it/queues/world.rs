//! A real Redis of one test, watched through the settings and the collector.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use critwatch::collect::Collector;
use critwatch::collect::schedule::Schedule;
use critwatch::config;
use redis::aio::MultiplexedConnection;
use tokio::process::{Child, Command};

use crate::world::patience::until;

/// A Redis that ends with the test, and who watches it.
pub(crate) struct Watched {
    redis: MultiplexedConnection,
    schedule: Schedule,
    collector: Collector,
    server: Child,
    place: tempfile::TempDir,
}

/// The samples of one scrape.
pub(crate) struct Seen(BTreeMap<String, f64>);

impl Watched {
    /// Starts a Redis with these arguments, watched by these `[[collector.queue]]`
    /// tables, each without its head.
    pub(crate) async fn start(arguments: &[&str], queues: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        let socket = place.path().join("redis.sock");
        let server = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--unixsocket"])
            .arg(&socket)
            .args(["--dir".as_ref(), place.path().as_os_str()])
            .args(arguments)
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let url = format!("unix://{}", socket.display());
        let mut redis = connect(&url).await;
        // The client's own greeting counts as errors with older versions.
        let reset = redis::cmd("CONFIG")
            .arg("RESETSTAT")
            .exec_async(&mut redis)
            .await;
        reset.unwrap();
        let (schedule, collector) = collector(&url, queues);
        Self {
            redis,
            schedule,
            collector,
            server,
            place,
        }
    }

    /// A Redis with nothing special about it.
    pub(crate) async fn new(queues: &[&str]) -> Self {
        Self::start(&[], queues).await
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("unix://{}/redis.sock", self.place.path().display())
    }

    /// Ends the server without warning.
    pub(crate) async fn end(&mut self) {
        self.server.kill().await.unwrap();
    }

    /// Runs commands, a line each, their words parted by blanks; says the
    /// server's time in seconds.
    ///
    /// `@-30` stands for the second 30 seconds ago, `@-30ms` for it in
    /// milliseconds, `@-30iso` as a date, and `@-30bull` as `BullMQ` writes when a
    /// job is due.
    pub(crate) async fn fill(&mut self, script: &str) -> i64 {
        let now = self.now().await;
        let moments = regex::Regex::new("@([+-][0-9]+)(ms|iso|bull)?").unwrap();
        let script = moments.replace_all(script, |found: &regex::Captures<'_>| {
            let at = now + found[1].parse::<i64>().unwrap();
            match found.get(2).map(|unit| unit.as_str()) {
                Some("ms") => format!("{at}000"),
                Some("iso") => jiff::Timestamp::from_second(at).unwrap().to_string(),
                Some("bull") => (at * 1000 * 4096 + 17).to_string(),
                _ => at.to_string(),
            }
        });
        for line in script.lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<_> = line.trim().split(' ').map(str::as_bytes).collect();
            self.run(&words).await;
        }
        now
    }

    /// Runs a command of bytes.
    pub(crate) async fn run(&mut self, words: &[&[u8]]) -> redis::Value {
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(*word);
        }
        command.query_async(&mut self.redis).await.unwrap()
    }

    /// Runs a command that may be refused.
    pub(crate) async fn try_run(&mut self, command: &redis::Cmd) -> redis::RedisResult<()> {
        command.exec_async(&mut self.redis).await
    }

    /// The server's clock, in seconds.
    pub(crate) async fn now(&mut self) -> i64 {
        let time = self.run(&[b"TIME"]).await;
        redis::from_redis_value::<(i64, i64)>(time).unwrap().0
    }

    /// What a field of `INFO` says.
    pub(crate) async fn info(&mut self, field: &str) -> String {
        let info = self.run(&[b"INFO", b"all"]).await;
        let info: String = redis::from_redis_value(info).unwrap();
        if field == "ALL" {
            return info;
        }
        let line = info
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{field}:")));
        line.unwrap_or_default().to_owned()
    }

    /// Takes the samples once.
    pub(crate) async fn scrape(&mut self) -> Seen {
        let (take, failure) = self.collector.take(&self.schedule).await;
        assert!(failure.is_none(), "{failure:?}");
        let mut seen = BTreeMap::new();
        for sample in take.samples {
            let labels: Vec<_> = sample
                .metric
                .labels
                .iter()
                .filter(|(name, _)| *name != "job")
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let name = format!("{}{{{}}}", sample.metric.name, labels.join(","));
            let twice = seen.insert(name.clone(), sample.value);
            assert!(twice.is_none(), "{name} appears twice");
        }
        Seen(seen)
    }

    /// Takes the samples of the scrape of that number, the first being 1: names
    /// are found by one, asked for by the next, and told by a third.
    pub(crate) async fn scrapes(&mut self, number: usize) -> Seen {
        for _ in 1..number {
            self.scrape().await;
        }
        self.scrape().await
    }

    /// How many errors Redis has answered.
    pub(crate) async fn errors(&mut self) -> u64 {
        self.info("total_error_replies").await.parse().unwrap()
    }

    /// The same Redis, watched by a user who has seen nothing yet.
    pub(crate) fn watch_as(&mut self, user: &str, queues: &[&str]) {
        let socket = self.place.path().join("redis.sock");
        let url = format!("redis+unix://{}?user={user}&pass=x", socket.display());
        (self.schedule, self.collector) = collector(&url, queues);
    }
}

impl Seen {
    /// The value of a sample, written `name{label=value,…}` with sorted labels.
    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// Checks samples, a line each: `name{label=value,…}` and its value, `none` if
    /// it must not be there, or `about 30` for an age, which grows meanwhile.
    pub(crate) fn check(&self, expected: &str) {
        for line in expected.lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = line.trim().split_once("} ").unwrap();
            let found = self.get(&format!("{name}}}"));
            let good = match (value.strip_prefix("about "), found) {
                (Some(age), Some(found)) => {
                    let age: f64 = age.parse().unwrap();
                    (age..age + 15.0).contains(&found)
                }
                (None, Some(found)) => value.parse() == Ok(found),
                (_, None) => value == "none",
            };
            assert!(good, "{line}, and not {found:?}, of\n{}", self.list());
        }
    }

    /// All that is about queues, a line each.
    pub(crate) fn list(&self) -> String {
        let lines: Vec<_> = self
            .0
            .iter()
            .filter(|(name, _)| !name.starts_with("redis_") || name.starts_with("redis_stream"))
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        lines.join("\n")
    }

    /// How many samples have a name.
    pub(crate) fn count(&self, name: &str) -> usize {
        let start = format!("{name}{{");
        self.0
            .keys()
            .filter(|found| found.starts_with(&start))
            .count()
    }
}

/// The settings of a collector with these queues, read as a user's are.
pub(crate) fn settings(url: &str, queues: &[&str]) -> Result<config::Config, String> {
    let mut text = format!(
        "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = 'redis'\ntimeout = '20s'\nurl = '{url}'\n"
    );
    for queue in queues {
        text.extend(["[[collector.queue]]\n", queue, "\n"]);
    }
    config::read(&text, "alerts.toml", Path::new("."), [].into(), None)
        .map_err(|error| error.to_string())
}

fn collector(url: &str, queues: &[&str]) -> (Schedule, Collector) {
    let config = settings(url, queues).unwrap_or_else(|error| panic!("{error}"));
    let (schedule, target) = config.collectors.into_iter().next().unwrap();
    let timeout = Duration::from_secs(30);
    let clients = critwatch::collect::http::clients::HttpClients {
        redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
        direct: critwatch::runtime::client::direct(timeout).unwrap(),
    };
    (schedule, Collector::new(target, &clients).unwrap())
}

async fn connect(url: &str) -> MultiplexedConnection {
    let client = redis::Client::open(url).unwrap();
    until("redis-server answers", async || {
        client.get_multiplexed_async_connection().await
    })
    .await
}
