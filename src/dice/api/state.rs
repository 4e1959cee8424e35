//! What every handler of the API can use.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::sync::Semaphore;

use crate::dice::api::admission::Admission;
use crate::dice::api::last_uses::LastUses;
use crate::dice::api::limits::rate::RateLimits;
use crate::dice::api::realtime::hub::HubHandle;
use crate::dice::api::realtime::signature::ChannelSigner;
use crate::dice::api::rolling::Rolling;
use crate::dice::database::connection::Database;
use crate::dice::metrics::ApiMetrics;
use crate::dice::queue::bookkeeping::Bookkeeping;

/// How many requests may be under way; more would only wait for the same Redis.
const REQUESTS_MAX: usize = 512;

/// What every handler can use.
#[derive(Clone)]
pub(crate) struct ApiState {
    /// The way to Redis.
    pub(crate) link: ConnectionManager,
    /// Users, rooms and rolls.
    pub(crate) database: Database,
    /// The door to rolls.
    pub(crate) rolling: Rolling,
    /// Whether the queues may take more.
    pub(crate) admission: Admission,
    /// Whether each job has records beside the queue.
    pub(crate) bookkeeping: Option<Bookkeeping>,
    /// The open sockets.
    pub(crate) hub: HubHandle,
    /// Signs who may hear a channel.
    pub(crate) signer: ChannelSigner,
    /// How many requests one may send.
    pub(crate) limits: RateLimits,
    /// Who and which rooms were used.
    pub(crate) uses: LastUses,
    /// What is counted.
    pub(crate) metrics: ApiMetrics,
    /// How long a request waits for the worker.
    pub(crate) answer_within: Duration,
    /// How long a session lives unused.
    pub(crate) session_ttl: Duration,
    /// How long a socket may be silent.
    pub(crate) activity_timeout: Duration,
    /// Free places for requests.
    pub(crate) places: Arc<Semaphore>,
}

/// Makes the places for requests.
pub(crate) fn places() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(REQUESTS_MAX))
}
