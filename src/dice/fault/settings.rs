//! How the reference service is brought up, and where its parts are then.

use std::net::SocketAddr;
use std::path::PathBuf;

/// How the reference service is brought up.
#[derive(Clone, Debug)]
pub struct RigSettings {
    /// A private folder for sockets and logs; made if there is none.
    pub(crate) dir: PathBuf,
    /// The critwatch program.
    pub(crate) program: PathBuf,
    /// Memory limit of Redis, in bytes.
    pub(crate) redis_maxmemory: u64,
    /// Eviction policy of Redis.
    pub(crate) redis_policy: String,
    /// Where the API listens; the port may be 0.
    pub api_listen: SocketAddr,
    /// Where the worker shows its metrics; the port may be 0.
    pub worker_listen: SocketAddr,
    /// What the dice follow from; none for chance.
    pub seed: Option<u64>,
    /// Further arguments of `dice api`.
    pub api_arguments: Vec<String>,
    /// Further arguments of `dice worker`.
    pub worker_arguments: Vec<String>,
}

impl RigSettings {
    /// Makes settings with the usual limits, listening on free ports of this machine.
    pub fn new(dir: PathBuf, program: PathBuf) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            dir,
            program,
            redis_maxmemory: 20 * 1024 * 1024,
            redis_policy: "noeviction".to_owned(),
            api_listen: any,
            worker_listen: any,
            seed: None,
            // As in the outage: what is offered to a full Redis is refused by Redis.
            api_arguments: vec!["--admission".to_owned(), "off".to_owned()],
            worker_arguments: Vec::new(),
        }
    }
}

/// Where the parts of the service are.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The API.
    pub api: SocketAddr,
    /// The worker's metrics.
    pub worker: SocketAddr,
    /// Redis, as the redis client reads it.
    pub redis_url: String,
    /// Redis's socket.
    pub redis_socket: PathBuf,
}
