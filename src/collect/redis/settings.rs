//! The settings of a Redis collector, and what makes them usable.

use std::time::Duration;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::collect::failure::cause::Failure;
use crate::collect::queue::QueueSettings;
use crate::model::text::shape::{DurationText, SecretText};
use crate::model::time::duration;

/// A `[[collector]]` of `type = "redis"`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    /// `redis://[user:password@]host:port/db`, `rediss://…` for TLS, or
    /// `unix:///path`; with sentinels its host is the one they name.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) url: Option<SecretString>,
    /// The user, if the URL does not contain it.
    pub(crate) username: Option<String>,
    /// The password, if the URL does not contain it; here it needs no encoding.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) password: Option<SecretString>,
    /// Trusted certificate authorities, as PEM; by default the well-known ones.
    pub(crate) ca: Option<String>,
    /// The client certificate, as PEM, for a server that asks for one.
    pub(crate) cert: Option<String>,
    /// The key of the client certificate, as PEM.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) key: Option<SecretString>,
    /// `host:port` of the sentinels.
    #[serde(default)]
    pub(crate) sentinels: Vec<String>,
    /// The sentinels' name of the master.
    pub(crate) master: Option<String>,
    /// The password of the sentinels.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) sentinel_password: Option<SecretString>,
    /// Whether the URL is a node of a cluster.
    #[serde(default)]
    pub(crate) cluster: bool,
    /// `false` if another collector watches another database of the same server: then only
    /// queues, keys and the test session are reported here, so that rules about the server see
    /// it once.
    pub(crate) server: Option<bool>,
    /// A test session, to see whether Redis keeps sessions.
    pub(crate) canary: Option<CanarySettings>,
    /// Keys whose size to report.
    #[serde(default)]
    pub(crate) keys: Vec<String>,
    /// Queues in this Redis.
    #[serde(default, rename = "queue")]
    pub(crate) queues: Vec<QueueSettings>,
}

/// The table `[collector.canary]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CanarySettings {
    /// The key of the session; the value written at each scrape has the same key with the suffix
    /// `:write`.
    #[serde(deserialize_with = "own_key")]
    pub(crate) key: String,
    /// How long the session lives without being renewed.
    #[serde(deserialize_with = "long_enough")]
    #[schemars(with = "DurationText")]
    pub(crate) ttl: Duration,
}

/// Keys whose size is told, at most: each is asked for at every scrape.
const MOST_KEYS: usize = 100;

/// A session that lives for less could end between two scrapes.
const SHORTEST_TTL: Duration = Duration::from_secs(10);

fn own_key<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let key = String::deserialize(from)?;
    if key.is_empty() {
        let words = "give the canary a `key` of its own, such as \"critwatch:canary\"";
        return Err(D::Error::custom(words));
    }
    Ok(key)
}

fn long_enough<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let ttl = duration::deserialize(from)?;
    if ttl < SHORTEST_TTL {
        return Err(D::Error::custom("a canary's `ttl` is at least 10s"));
    }
    Ok(ttl)
}

/// Tells what of the settings contradicts itself, with the way out.
pub(crate) fn check(settings: &RedisSettings) -> Result<(), Failure> {
    let with_sentinels = !settings.sentinels.is_empty();
    let fault = if settings.url.is_none() && !with_sentinels {
        "name the Redis: `url = \"redis://host:port/db\"`, rediss://… or unix:///path"
    } else if with_sentinels && settings.master.is_none() {
        "sentinels are asked for a name; write it as `master = \"mymaster\"`"
    } else if !with_sentinels && settings.master.is_some() {
        "`master` is what sentinels are asked for; name them: `sentinels = [\"host:26379\"]`"
    } else if !with_sentinels && settings.sentinel_password.is_some() {
        "`sentinel_password` needs `sentinels = [\"host:26379\"]`"
    } else if with_sentinels && settings.cluster {
        "a cluster finds its masters without sentinels; keep `cluster` or `sentinels`"
    } else if settings.cert.is_some() != settings.key.is_some() {
        "`cert_file` and `key_file` belong together; give both or neither"
    } else if settings.username.is_some() && settings.password.is_none() {
        "`username` needs a `password`"
    } else if settings.keys.len() > MOST_KEYS {
        "`keys` names more than 100 keys, and each is asked for at every scrape"
    } else if settings.keys.iter().any(String::is_empty) {
        "`keys` holds an empty name"
    } else {
        return Ok(());
    };
    Err(Failure::Answer(fault.to_owned()))
}
