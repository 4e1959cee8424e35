//! What every handler of the API can use.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::sync::Semaphore;

use crate::dice::api::waiters::Waiters;
use crate::dice::metrics::ApiMetrics;

/// How many requests may be under way; more would only wait for the same Redis.
const REQUESTS_MAX: usize = 512;

/// What every handler can use.
#[derive(Clone)]
pub(crate) struct ApiState {
    /// The way to Redis.
    pub(crate) link: ConnectionManager,
    /// Where requests wait for answers.
    pub(crate) waiters: Waiters,
    /// What is counted.
    pub(crate) metrics: ApiMetrics,
    /// How long a request waits for the worker.
    pub(crate) answer_within: Duration,
    /// How long a session lives unused.
    pub(crate) session_ttl: Duration,
    /// Free places for requests.
    pub(crate) places: Arc<Semaphore>,
}

impl ApiState {
    /// Puts together what handlers use.
    pub(crate) fn new(
        link: ConnectionManager,
        waiters: Waiters,
        metrics: ApiMetrics,
        answer_within: Duration,
        session_ttl: Duration,
    ) -> Self {
        let places = Arc::new(Semaphore::new(REQUESTS_MAX));
        Self {
            link,
            waiters,
            metrics,
            answer_within,
            session_ttl,
            places,
        }
    }
}
