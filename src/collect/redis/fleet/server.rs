//! What kind of server a Redis is, and what it can be asked.

use redis::{Pipeline, Value};

use crate::collect::redis::fleet::part::RedisPart;
use crate::collect::redis::fleet::sentinel_info::WatchedMaster;
use crate::collect::redis::info::sections::Info;
use crate::model::sample::Sample;

/// What the last `INFO` said of the server itself.
#[derive(Debug, Default)]
pub(crate) struct ServerKind {
    /// The limit of clients is not in `INFO`, as before 7.0.
    pub(crate) lacks_limit: bool,
    /// From 7.0 on it has histograms of its commands.
    pub(crate) has_histograms: bool,
    /// It is a sentinel, which has no data and few commands.
    pub(crate) is_sentinel: bool,
    /// What it watches, if it is one.
    pub(crate) masters: Vec<WatchedMaster>,
}

impl ServerKind {
    /// Reads the answer of `INFO`.
    pub(crate) fn of(info: &Info<'_>) -> Self {
        let is_sentinel = is_sentinel(info);
        Self {
            lacks_limit: info.text("maxclients").is_none(),
            has_histograms: major(info).is_some_and(|major| major >= 7),
            is_sentinel,
            masters: if is_sentinel {
                WatchedMaster::all(info)
            } else {
                Vec::new()
            },
        }
    }

    /// Adds the commands of a part.
    pub(crate) fn ask(&self, part: RedisPart, pipe: &mut Pipeline) {
        match part {
            // Sections by name would be less text, but only 7.0 takes several.
            RedisPart::Info => pipe.cmd("INFO").arg("all"),
            RedisPart::Time => pipe.cmd("TIME"),
            RedisPart::Slowlog => pipe
                .cmd("SLOWLOG")
                .arg("LEN")
                .cmd("SLOWLOG")
                .arg("GET")
                .arg(1),
            RedisPart::Latency => pipe.cmd("LATENCY").arg("LATEST"),
            RedisPart::Histogram => pipe.cmd("LATENCY").arg("HISTOGRAM"),
            RedisPart::Config => pipe
                .cmd("CONFIG")
                .arg("GET")
                .arg("maxclients")
                .cmd("CONFIG")
                .arg("GET")
                .arg("io-threads"),
            RedisPart::Cluster => pipe.cmd("CLUSTER").arg("INFO").cmd("CLUSTER").arg("SLOTS"),
            RedisPart::Sentinel => {
                self.masters.iter().for_each(|master| master.ask(pipe));
                pipe
            }
            // They go with the commands about keys.
            RedisPart::Canary | RedisPart::Keys => pipe,
        };
    }

    /// Samples of what `INFO` says of masters.
    pub(crate) fn samples(&self) -> impl Iterator<Item = Sample> {
        self.masters.iter().flat_map(WatchedMaster::samples)
    }
}

/// Settings that must be asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerConfig {
    clients: Option<f64>,
    threads: Option<f64>,
}

impl ServerConfig {
    /// Reads the answers of `CONFIG GET`; one that is empty tells nothing.
    pub(crate) fn read(clients: &Value, threads: &Value) -> Self {
        let number = |answer: &Value| {
            let (_, value): (String, f64) = redis::from_redis_value_ref(answer).ok()?;
            value.is_finite().then_some(value)
        };
        Self {
            clients: number(clients),
            threads: number(threads),
        }
    }

    /// Samples of them; the limit of clients only where `INFO` lacks it.
    pub(crate) fn samples(&self, lacks_limit: bool) -> impl Iterator<Item = Sample> + use<> {
        let metrics = [
            (
                self.clients.filter(|_| lacks_limit),
                "redis_config_maxclients",
            ),
            (self.threads, "redis_config_io_threads"),
        ];
        let metrics = metrics.into_iter();
        metrics.filter_map(|(value, metric)| Some(Sample::new(metric, [], value?)))
    }
}

/// Whether the server is a sentinel.
pub(crate) fn is_sentinel(info: &Info<'_>) -> bool {
    info.text("redis_mode") == Some("sentinel")
}

/// The version of Redis that the server is, or stands in for.
fn major(info: &Info<'_>) -> Option<u32> {
    info.text("redis_version")?.split('.').next()?.parse().ok()
}
