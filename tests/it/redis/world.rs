//! Real Redis servers for one test, each on ports and in a folder of its own,
//! and a collector that asks them as `serve` would.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use critwatch::collect::Collector;
use critwatch::collect::failure::cause::Failure;
use critwatch::collect::schedule::Schedule;
use critwatch::config;
use critwatch::model::sample::Sample;
use redis::{FromRedisValue, IntoConnectionInfo as _, RedisResult};

use crate::world::patience::{until, until_blocking};

/// A process that ends when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub port: u16,
    place: tempfile::TempDir,
    password: Option<String>,
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Server {
    /// Starts a Redis with further settings and waits until it answers.
    pub(crate) fn start(settings: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        Self::start_in(place, "redis-server", settings)
    }

    /// The same in a folder that holds something, with a program of that name.
    pub(crate) fn start_in(place: tempfile::TempDir, program: &str, settings: &[&str]) -> Self {
        let mut server = Self::spawn(place, program, settings);
        // Who takes no word from strangers is up as well.
        server.until("it answers", |server| {
            let ping: RedisResult<String> = server.try_ask(&["PING"]);
            ping.map_or_else(|error| error.code().is_some(), |_| true)
        });
        server
    }

    /// Starts it and waits for nothing.
    pub(crate) fn spawn(place: tempfile::TempDir, program: &str, settings: &[&str]) -> Self {
        let given = settings.iter().position(|word| *word == "--port");
        let port = given.map_or_else(free_port, |at| settings[at + 1].parse().unwrap());
        let sentinel = program.ends_with("sentinel");
        // A sentinel is the same program, which is not installed twice everywhere.
        let mut command = Command::new(if sentinel { "redis-server" } else { program });
        if sentinel {
            let file = place.path().join("sentinel.conf");
            let text = settings.join("\n");
            std::fs::write(&file, format!("port {port}\nbind 127.0.0.1\n{text}\n")).unwrap();
            command.arg(file).arg("--sentinel");
        } else {
            command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
            command
                .args(["--save", "", "--dir"])
                .arg(place.path())
                .args(settings);
        }
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let password = settings.iter().position(|word| *word == "--requirepass");
        let password = password.map(|at| settings[at + 1].to_owned());
        Self {
            child,
            port,
            place,
            password,
        }
    }

    pub(crate) fn url(&self) -> String {
        let password = self.password.as_ref();
        let password = password.map_or(String::new(), |password| format!(":{password}@"));
        format!("redis://{password}127.0.0.1:{}", self.port)
    }

    /// Sends it a signal, as `kill` names them.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([name, &id]).status();
        assert!(status.unwrap().success());
    }

    pub(crate) fn try_ask<T: FromRedisValue>(&self, words: &[&str]) -> RedisResult<T> {
        // The library's own greeting is an error to an old server.
        let info = self.url().into_connection_info()?;
        let settings = info.redis_settings().clone().set_skip_set_lib_name();
        let client = redis::Client::open(info.set_redis_settings(settings))?;
        let mut connection = client.get_connection()?;
        redis::cmd(words[0]).arg(&words[1..]).query(&mut connection)
    }

    /// Sends a command on a connection of its own.
    pub(crate) fn ask<T: FromRedisValue>(&self, words: &[&str]) -> T {
        self.try_ask(words)
            .unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// Sends a command that is refused, and says with which code.
    pub(crate) fn refused(&self, words: &[&str]) -> String {
        let refused: RedisResult<redis::Value> = self.try_ask(words);
        refused.unwrap_err().code().unwrap().to_owned()
    }

    /// How often it has answered with an error of that kind.
    pub(crate) fn errors(&self, kind: &str) -> u64 {
        let info: String = self.ask(&["INFO", "errorstats"]);
        let prefix = format!("errorstat_{kind}:count=");
        let count = info.lines().find_map(|line| line.strip_prefix(&prefix));
        count.map_or(0, |count| count.trim().parse().unwrap())
    }

    /// Waits until something is true of it.
    pub(crate) fn until(&mut self, what: &str, test: impl Fn(&Self) -> bool) {
        until_blocking(what, || {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended before {what}: {status}");
            }
            test(self)
        });
    }

    /// Ends it, without a word, and keeps what it left on disk.
    pub(crate) fn kill(mut self) -> tempfile::TempDir {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let empty = tempfile::tempdir().unwrap();
        std::mem::replace(&mut self.place, empty)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A collector of a Redis, and what it brought last.
pub(crate) struct Watcher {
    schedule: Schedule,
    collector: Collector,
    pub samples: Vec<Sample>,
    pub failure: Option<Failure>,
}

/// Reads the settings of a collector, its type first, or says what is wrong.
pub(crate) fn read_settings(settings: &str, folder: &Path) -> Result<config::Config, String> {
    let text = format!("[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = {settings}\n");
    config::read(&text, "alerts.toml", folder, [].into(), None).map_err(|error| error.to_string())
}

impl Watcher {
    pub(crate) fn new(settings: &str) -> Self {
        Self::in_folder(settings, &PathBuf::from("."))
    }

    /// The same, with files that the settings name.
    pub(crate) fn in_folder(settings: &str, folder: &Path) -> Self {
        Self::of_type(&format!("'redis'\n{settings}"), folder)
    }

    /// One of a metrics page, to compare with.
    pub(crate) fn of_page(url: &str) -> Self {
        Self::of_type(&format!("'prometheus'\nurl = '{url}'"), Path::new("."))
    }

    /// One of any type, which the settings begin with.
    pub(crate) fn of_type(settings: &str, folder: &Path) -> Self {
        let config = read_settings(settings, folder).unwrap_or_else(|error| panic!("{error}"));
        let (schedule, target) = config.collectors.into_iter().next().unwrap();
        let timeout = Duration::from_secs(30);
        let clients = critwatch::collect::http::clients::HttpClients {
            redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
            direct: critwatch::runtime::client::direct(timeout).unwrap(),
        };
        Self {
            schedule,
            collector: Collector::new(target, &clients).unwrap(),
            samples: Vec::new(),
            failure: None,
        }
    }

    pub(crate) fn of(server: &Server) -> Self {
        Self::new(&format!("url = '{}'", server.url()))
    }

    /// Makes one scrape.
    pub(crate) async fn take(&mut self) -> &mut Self {
        let (take, failure) = self.collector.take(&self.schedule).await;
        (self.samples, self.failure) = (take.samples, failure);
        self
    }

    /// Makes one that must not fail.
    pub(crate) async fn good(&mut self) -> &mut Self {
        self.take().await;
        assert!(self.failure.is_none(), "{:?}", self.failure);
        self
    }

    /// Makes scrapes until something is true of one.
    pub(crate) async fn until(&mut self, what: &str, test: impl Fn(&Self) -> bool) {
        until(what, async || {
            let it_is = test(self.take().await);
            let instead = || format!("{:?}, {:?}", self.failure, self.samples);
            it_is.then_some(()).ok_or_else(instead)
        })
        .await;
    }

    /// Values of a metric whose labels hold these.
    pub(crate) fn values(&self, name: &str, labels: &[(&str, &str)]) -> Vec<f64> {
        let has = |sample: &&Sample| {
            let has = |(label, value): &(&str, &str)| {
                sample.metric.labels.get(*label).map(String::as_str) == Some(*value)
            };
            sample.metric.name == name && labels.iter().all(has)
        };
        self.samples
            .iter()
            .filter(has)
            .map(|sample| sample.value)
            .collect()
    }

    /// The one value of a metric, if it is there.
    pub(crate) fn value(&self, name: &str) -> Option<f64> {
        let values = self.values(name, &[]);
        assert!(values.len() < 2, "{name}: {values:?}");
        values.first().copied()
    }

    /// Which parts are missing.
    pub(crate) fn missing(&self) -> Vec<&str> {
        let missing = self.samples.iter();
        let mut parts: Vec<_> = missing
            .filter(|sample| sample.metric.name == "critwatch_collector_missing")
            .map(|sample| &*sample.metric.labels["part"])
            .collect();
        parts.sort_unstable();
        parts
    }
}

/// Lets `critwatch` in with every access list of `docs/redis.md`, word by word.
pub(crate) fn let_in(server: &Server) -> String {
    let text = include_str!("../../../docs/redis.md");
    let lists: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("ACL SETUSER critwatch "))
        .collect();
    assert_eq!(lists.len(), 5, "{lists:?}");
    for list in lists {
        let _: String = server.ask(&list.split(' ').collect::<Vec<_>>());
    }
    format!(
        "redis://critwatch:a-long-password@127.0.0.1:{}",
        server.port
    )
}
