//! Options that several parts of the reference service have.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::dice::database::connection::DATABASE_VARIABLE;
use crate::dice::link::RedisUrl;
use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::worker::child_pool::REDIS_VARIABLE;

/// Where Redis is.
#[derive(Debug, Args)]
pub(crate) struct Redis {
    /// Redis, as `redis://host:port` or `unix:///path`
    #[arg(
        long = "redis", value_name = "URL", env = REDIS_VARIABLE, hide_env_values = true,
        default_value = "redis://127.0.0.1:6379", value_parser = redis_url
    )]
    pub(crate) url: RedisUrl,
}

/// Where the database is.
#[derive(Debug, Args)]
pub(crate) struct DatabaseFile {
    /// The service's database, which the API and the worker share
    #[arg(
        long = "database", value_name = "FILE", env = DATABASE_VARIABLE,
        default_value = "dice.db"
    )]
    pub(crate) path: PathBuf,
}

/// What is kept of jobs beside the queue.
#[derive(Debug, Args)]
pub(crate) struct Records {
    /// Keep records of each job in Redis, as Horizon does: about 4 kB while a job is queued
    #[arg(long)]
    pub(crate) bookkeeping: bool,
    /// How long the records stay
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

fn redis_url(text: &str) -> Result<RedisUrl, String> {
    RedisUrl::new(text.to_owned()).map_err(|error| error.to_string())
}

/// Reads a duration that is longer than zero.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let found: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "expected a duration such as 500ms, 2s or 120m".to_owned())?;
    let found = Duration::try_from(found)
        .ok()
        .filter(|found| !found.is_zero());
    found.ok_or_else(|| "the duration must be longer than zero".to_owned())
}
