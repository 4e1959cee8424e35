//! The settings of `[lease]`.

use std::time::Duration;

use redis::IntoConnectionInfo as _;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::model::text::shape::{DurationText, SecretText};
use crate::model::time::duration;

/// A shorter lease is lost whenever the network stutters.
const SHORTEST: Duration = Duration::from_secs(1);

/// After a longer one nobody would take over in time.
const LONGEST: Duration = Duration::from_mins(5);

/// The table `[lease]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaseSettings {
    /// `redis://[user:password@]host:port/db`, or `rediss://…` for TLS.
    #[schemars(with = "SecretText")]
    pub(crate) redis: SecretString,
    /// The key of the lease, and the prefix of further keys.
    #[serde(default = "critwatch")]
    pub(crate) key: String,
    /// How long the lease lasts without being renewed.
    #[serde(default = "three_seconds", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) ttl: Duration,
}

fn critwatch() -> String {
    "critwatch".to_owned()
}

fn three_seconds() -> Duration {
    Duration::from_secs(3)
}

impl LeaseSettings {
    /// What cannot work, each by its key.
    pub(crate) fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        if self.server().is_none() {
            faults.push((
                "redis",
                "write the address of a Redis: `redis://:${LEASE_PASSWORD}@redis.internal:6379`",
            ));
        }
        if self.key.is_empty() {
            faults.push(("key", "a key has a name, such as `critwatch`"));
        }
        if !(SHORTEST..=LONGEST).contains(&self.ttl) {
            faults.push(("ttl", "a lease lasts between `1s` and `5m`; `3s` is usual"));
        }
        faults
    }

    /// The server without credentials and database, to compare it with others.
    pub(crate) fn server(&self) -> Option<String> {
        server(self.redis.expose_secret())
    }
}

/// The server that an address names.
pub(crate) fn server(url: &str) -> Option<String> {
    let info = url.into_connection_info().ok()?;
    Some(info.addr().to_string())
}
