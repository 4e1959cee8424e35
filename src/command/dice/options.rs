//! Options that several parts of the reference service have.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::dice::database::connection::DATABASE_VARIABLE;
use crate::dice::link::RedisUrl;
use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::roll::throw::chance::SEED_VARIABLE;
use crate::dice::worker::child_pool::REDIS_VARIABLE;
use crate::model;

/// Where Redis is.
#[derive(Debug, Args)]
pub(crate) struct Redis {
    /// Redis server: `redis://host:port` or `unix:///path`
    #[arg(
        long = "redis", value_name = "URL", env = REDIS_VARIABLE, hide_env_values = true,
        default_value = "redis://127.0.0.1:6379", value_parser = redis_url
    )]
    pub(crate) url: RedisUrl,
}

/// Where the database is.
#[derive(Debug, Args)]
pub(crate) struct DatabaseFile {
    /// Database file, shared by the API and the worker
    #[arg(
        long = "database", value_name = "FILE", env = DATABASE_VARIABLE,
        default_value = "dice.db"
    )]
    pub(crate) path: PathBuf,
}

/// What is kept of jobs beside the queue.
#[derive(Debug, Args)]
pub(crate) struct Records {
    /// Keep a record of each job in Redis, as Horizon does; about 4 kB per queued job
    #[arg(long)]
    pub(crate) bookkeeping: bool,
    /// Retention of these records
    #[arg(long, value_name = "TIME", default_value = "60m", value_parser = duration)]
    pub(crate) keep_records: Duration,
}

impl Records {
    /// What is kept of each job, if anything.
    pub(crate) fn bookkeeping(&self) -> Option<Bookkeeping> {
        let keep = self.keep_records;
        self.bookkeeping.then_some(Bookkeeping { keep })
    }
}

/// What the dice of a drill follow from.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct DrillSeed {
    /// Derive the dice of a roll from this number and the roll's `external_id` (or its uuid); makes
    /// rolls predictable, for drills only
    #[arg(long, value_name = "NUMBER", env = SEED_VARIABLE)]
    pub(crate) seed: Option<u64>,
}

impl DrillSeed {
    /// Warns where dice follow from a seed; false where others could roll them.
    pub(crate) fn allows(self, listen: SocketAddr) -> bool {
        if self.seed.is_none() {
            return true;
        }
        if !listen.ip().is_loopback() {
            tracing::error!(
                %listen,
                "--seed is for drills on this machine: listen on 127.0.0.1, or leave it out"
            );
            return false;
        }
        tracing::warn!("the dice follow from --seed and are not random: for drills only");
        true
    }
}

fn redis_url(text: &str) -> Result<RedisUrl, String> {
    RedisUrl::new(text.to_owned()).map_err(|error| error.to_string())
}

/// Reads a duration that is longer than zero.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let in_days = model::time::duration::parse(text).ok();
    let in_parts = || {
        let found: jiff::SignedDuration = text.parse().ok()?;
        Duration::try_from(found).ok()
    };
    let found = in_days.or_else(in_parts);
    let found = found.ok_or("expected a duration such as 500ms, 2s, 120m or 30d")?;
    if found.is_zero() {
        Err("the duration must be longer than zero".to_owned())
    } else {
        Ok(found)
    }
}
