//! Holds the lease, or waits for it.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::{sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::lease::script::{LeaseOwner, LeaseRedis};
use crate::model::facts::trouble::{Trouble, Troubles};
use crate::model::request::leadership::{ReceiptRequest, ReceiptsDoor, UnsharedReceipt};
use crate::model::request::sync::SyncDoor;

/// Requests that may wait.
const REQUESTS: usize = 64;

/// Holds the lease, or waits for it.
#[derive(Debug)]
pub(crate) struct LeaseHolder {
    redis: LeaseRedis,
    ttl: Duration,
    until: watch::Sender<Option<Instant>>,
    requests: mpsc::Receiver<ReceiptRequest>,
    /// Brings in what the last holder wrote.
    sync: Option<SyncDoor>,
    troubles: Troubles,
    clock: fn() -> jiff::Timestamp,
    is_holding: bool,
    is_failing: bool,
}

impl LeaseHolder {
    /// Has no lease yet; `sync` brings in what the last holder wrote.
    pub(crate) fn new(
        redis: LeaseRedis,
        ttl: Duration,
        sync: Option<SyncDoor>,
        (troubles, clock): (Troubles, fn() -> jiff::Timestamp),
    ) -> (Self, watch::Receiver<Option<Instant>>, ReceiptsDoor) {
        let (until, holds) = watch::channel(None);
        let (door, requests) = mpsc::channel(REQUESTS);
        let holder = Self {
            redis,
            ttl,
            until,
            requests,
            sync,
            troubles,
            clock,
            is_holding: false,
            is_failing: false,
        };
        (holder, holds, ReceiptsDoor::new(door))
    }

    /// Holds the lease or waits for it until told to stop, and gives it back then.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        loop {
            let pause = self.take().await;
            let next = tokio::time::Instant::now() + pause;
            loop {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => {
                        self.stop().await;
                        return;
                    }
                    () = sleep_until(next) => break,
                    Some(request) = self.requests.recv() => self.answer(request).await,
                }
            }
        }
    }

    /// Takes or renews the lease; returns when to do so again.
    async fn take(&mut self) -> Duration {
        let sent = Instant::now();
        let taken = self.redis.take().await;
        self.note(taken.as_ref().err());
        match taken {
            Ok(LeaseOwner::Ours(number)) => {
                if !self.is_holding {
                    tracing::info!(
                        number,
                        "this instance holds the lease; it writes incidents and notifies"
                    );
                    if let Some(sync) = &self.sync {
                        // A remote that is away delays the takeover no longer than that.
                        let _ = timeout(self.ttl / 3, sync.caught_up()).await;
                    }
                }
                self.is_holding = true;
                // It ends for us before it ends for the others, whatever the clocks do:
                // it was prolonged after we asked, and a stopwatch knows no time of day.
                let until = sent + self.ttl.mul_f64(0.9);
                self.until.send_replace(Some(until));
                let third = self.ttl / 3;
                third.saturating_sub(sent.elapsed())
            }
            Ok(LeaseOwner::Theirs(rest)) => {
                self.loses("another critwatch has the lease");
                // Right after it ends, if nobody renews it.
                (rest + Duration::from_millis(1)).min(self.ttl / 6)
            }
            Err(_) => {
                if self
                    .until
                    .borrow()
                    .is_some_and(|until| until <= Instant::now())
                {
                    self.loses("the lease could not be renewed");
                }
                self.ttl / 6
            }
        }
    }

    fn loses(&mut self, why: &str) {
        self.until.send_replace(None);
        if std::mem::take(&mut self.is_holding) {
            tracing::warn!("{why}; this instance is now read-only and sends no messages");
        }
    }

    /// Says once that the Redis of the lease does not answer, and once that it does again.
    fn note(&mut self, error: Option<&redis::RedisError>) {
        match error {
            Some(error) if !self.is_failing => {
                self.is_failing = true;
                tracing::error!(%error, "cannot ask for the lease");
                self.troubles.put(
                    "lease",
                    Some(Trouble {
                        since: (self.clock)(),
                        title: "The Redis of the lease does not answer".to_owned(),
                        text: "Without it no monitor writes incidents or sends messages. See \
                            `redis` of `[lease]`."
                            .to_owned(),
                    }),
                );
            }
            None if self.is_failing => {
                self.is_failing = false;
                tracing::info!("asking for the lease recovered");
                self.troubles.put("lease", None);
            }
            Some(_) | None => {}
        }
    }

    async fn answer(&mut self, request: ReceiptRequest) {
        let unanswered = |error: redis::RedisError| UnsharedReceipt::Unanswered(error.to_string());
        match request {
            ReceiptRequest::Keep {
                field,
                receipt,
                answer,
            } => {
                let kept = self
                    .redis
                    .keep(&field, receipt.as_deref().unwrap_or_default())
                    .await;
                let kept = kept
                    .map_err(unanswered)
                    .and_then(|kept| kept.then_some(()).ok_or(UnsharedReceipt::NotOurs));
                // Who asked may have gone away.
                let _ = answer.send(kept);
            }
            ReceiptRequest::Load { answer } => {
                let _ = answer.send(self.redis.kept().await.map_err(unanswered));
            }
        }
    }

    /// Stops writing first, then lets others.
    async fn stop(&mut self) {
        self.until.send_replace(None);
        if self.is_holding && self.redis.give().await.is_err() {
            tracing::warn!("cannot release the lease; it expires by itself");
        }
    }
}
