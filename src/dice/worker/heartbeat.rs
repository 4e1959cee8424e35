//! The worker's sign of life in Redis, where those look who do not ask it by HTTP.
//!
//! A full Redis refuses it, so the worker seems to be gone: the page of the worker counts that.

use std::convert::Infallible;
use std::time::Duration;

use redis::Cmd;
use redis::aio::ConnectionManager;
use serde_json::json;
use tokio::time::sleep;

use crate::dice::worker::metrics::WorkerMetrics;
use crate::dice::{clock, keys};

/// Heartbeats within the life of one.
const BEATS: u32 = 5;

/// Writes a key that lives for `ttl`, again and again.
pub(crate) async fn beat(
    mut link: ConnectionManager,
    ttl: Duration,
    metrics: WorkerMetrics,
) -> Infallible {
    let pid = std::process::id();
    let mut was_written = true;
    loop {
        let now = clock::now();
        let value = json!({ "pid": pid, "children": metrics.children.get(), "at": now });
        let ttl_ms = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
        let set = Cmd::pset_ex(keys::worker(pid), value.to_string(), ttl_ms);
        match set.exec_async(&mut link).await {
            Ok(()) => {
                metrics.heartbeat_at.set(now.as_second());
                if !std::mem::replace(&mut was_written, true) {
                    tracing::info!("writing the worker's heartbeat recovered");
                }
            }
            Err(error) => {
                metrics.heartbeats_refused.inc();
                if std::mem::replace(&mut was_written, false) {
                    tracing::warn!(%error, "cannot write the worker's heartbeat");
                }
            }
        }
        sleep(ttl / BEATS).await;
    }
}
