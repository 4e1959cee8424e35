//! Wakes the requests that wait for an answer, over one pub/sub connection.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::Client;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::dice::link;
use crate::dice::queue::name::ANSWERED;

/// Between two attempts to subscribe.
const RECONNECT_PAUSE: Duration = Duration::from_millis(250);
/// Between two clearings of requests that gave up.
const SWEEP: Duration = Duration::from_secs(1);
/// So many answers may be unread by a listener, which then misses the oldest.
const UNREAD_MAX: usize = 1024;

type WaitRequest = (Uuid, oneshot::Sender<()>);

/// Where requests say which answer they wait for.
#[derive(Clone, Debug)]
pub(crate) struct Waiters {
    asks: mpsc::Sender<WaitRequest>,
    answered: broadcast::Sender<Uuid>,
}

/// The other end of [`Waiters`]; somebody must run it.
#[derive(Debug)]
pub(crate) struct Dispatch {
    asks: mpsc::Receiver<WaitRequest>,
    answered: broadcast::Sender<Uuid>,
}

enum Wake {
    One(Uuid),
    /// Messages may have been missed, so everybody has to look.
    All,
}

/// Makes both ends.
pub(crate) fn waiters() -> (Waiters, Dispatch) {
    let (sender, receiver) = mpsc::channel(1024);
    let (answered, _) = broadcast::channel(UNREAD_MAX);
    let dispatch = Dispatch {
        asks: receiver,
        answered: answered.clone(),
    };
    let waiters = Waiters {
        asks: sender,
        answered,
    };
    (waiters, dispatch)
}

impl Waiters {
    /// Waits for an answer; what comes back ends when it is time to look for it.
    pub(crate) async fn expect(&self, uuid: Uuid) -> oneshot::Receiver<()> {
        let (wake, woken) = oneshot::channel();
        // A failed send drops `wake`, which ends `woken`: the request then looks for itself.
        self.asks.send((uuid, wake)).await.ok();
        woken
    }

    /// Hears of each roll that was answered, by a worker or by this process.
    pub(crate) fn answered(&self) -> broadcast::Receiver<Uuid> {
        self.answered.subscribe()
    }

    /// Says that this process has answered a roll.
    pub(crate) fn announce(&self, uuid: Uuid) {
        // Nobody may be listening.
        self.answered.send(uuid).ok();
    }
}

impl Dispatch {
    /// Runs until stopped.
    pub(crate) async fn run(self, client: Client, stop: CancellationToken) {
        let (wakes, woken) = mpsc::channel(1024);
        tokio::select! {
            () = stop.cancelled() => {}
            () = listen(&client, &wakes) => {}
            () = self.wake(woken) => {}
        }
    }

    async fn wake(mut self, mut wakes: mpsc::Receiver<Wake>) {
        let mut waiting: HashMap<Uuid, oneshot::Sender<()>> = HashMap::new();
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // A request asks before its job is queued, so its ask must be seen before the
                // wake that its job causes.
                biased;
                Some((uuid, waiter)) = self.asks.recv() => {
                    waiting.insert(uuid, waiter);
                }
                Some(wake) = wakes.recv() => match wake {
                    Wake::One(uuid) => {
                        self.answered.send(uuid).ok();
                        waiting.remove(&uuid).map(|waiter| waiter.send(()));
                    }
                    Wake::All => {
                        for (_, waiter) in waiting.drain() {
                            waiter.send(()).ok();
                        }
                    }
                },
                _ = sweep.tick() => waiting.retain(|_, waiter| !waiter.is_closed()),
                else => return,
            }
        }
    }
}

/// Subscribes again and again, and passes on what is heard.
async fn listen(client: &Client, wakes: &mpsc::Sender<Wake>) {
    let mut was_heard = true;
    loop {
        match timeout(link::PATIENCE, subscribe(client)).await {
            Ok(Ok(mut messages)) => {
                tracing::info!("receiving answers from redis");
                was_heard = true;
                wakes.send(Wake::All).await.ok();
                while let Some(message) = messages.next().await {
                    if let Ok(uuid) = Uuid::try_parse_ascii(message.get_payload_bytes()) {
                        wakes.send(Wake::One(uuid)).await.ok();
                    }
                }
                tracing::warn!("answers are no longer received: redis closed the connection");
            }
            Ok(Err(error)) if was_heard => {
                tracing::warn!(%error, "cannot receive answers from redis");
                was_heard = false;
            }
            Err(_) if was_heard => {
                tracing::warn!("cannot receive answers: redis does not answer");
                was_heard = false;
            }
            _ => {}
        }
        sleep(RECONNECT_PAUSE).await;
    }
}

async fn subscribe(client: &Client) -> redis::RedisResult<redis::aio::PubSubStream> {
    let (mut sink, stream) = client.get_async_pubsub().await?.split();
    sink.subscribe(ANSWERED).await?;
    Ok(stream)
}
