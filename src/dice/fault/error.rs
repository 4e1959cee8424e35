//! Says why the rig could not do something.

use std::path::PathBuf;

use crate::dice::fault::place::PlaceError;
use crate::dice::fault::switches::FaultError;

/// Says why the rig could not do something.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// The folder cannot be used.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Neither redis-server nor valkey-server is installed.
    #[error(
        "neither redis-server nor valkey-server is on PATH: install one, for example with \
         `apt-get install redis-server` or `brew install redis`"
    )]
    NoRedis,
    /// A part did not come up.
    #[error("{part} did not start: see {log}")]
    NotUp {
        /// Which part.
        part: &'static str,
        /// Where it says why.
        log: PathBuf,
    },
    /// A process could not be started or signalled.
    #[error("cannot start or signal {0}")]
    Process(&'static str, #[source] std::io::Error),
    /// A fault could not be made or undone.
    #[error(transparent)]
    Fault(#[from] FaultError),
    /// Redis did not answer.
    #[error("redis does not answer")]
    Redis(#[from] redis::RedisError),
}
