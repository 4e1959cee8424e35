//! One connection: its peer, and which side it waits for.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// It is our turn: a request is there as a whole, and is being answered.
const OURS: u64 = u64::MAX;

/// It listens, and needs no slot any more.
const LISTENS: u64 = u64::MAX - 1;

/// Who comes may take so long until the first request is there, and counts as new.
const NEW: Duration = Duration::from_secs(1);

/// The order in which connections are evicted, the last first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EvictionRank {
    /// Its first request is being answered.
    Answered,
    /// It came just now, and had no time yet to ask.
    New(Duration),
    /// It has had an answer, and is being answered again.
    AnsweredAgain,
    /// It keeps us waiting, for so long.
    Waits(Duration),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct ClientConnection {
    peer: IpAddr,
    /// Its peer is this machine or a trusted proxy, which asks for many.
    is_local_or_proxy: bool,
    clients: Instant,
    /// The millisecond after `clients` since which the peer is to do something, or
    /// one of the numbers above.
    turn: AtomicU64,
    /// It has had an answer.
    served: AtomicBool,
    uncount: CancellationToken,
}

impl ClientConnection {
    /// Begins by waiting for the peer's first request.
    pub(crate) fn new(peer: IpAddr, is_local_or_proxy: bool) -> Self {
        Self {
            peer,
            is_local_or_proxy,
            clients: Instant::now(),
            turn: AtomicU64::new(0),
            served: AtomicBool::new(false),
            uncount: CancellationToken::new(),
        }
    }

    /// Where the connection comes from.
    pub(crate) fn peer(&self) -> IpAddr {
        self.peer
    }

    /// Whether its peer is this machine or a trusted proxy.
    pub(crate) fn is_local_or_proxy(&self) -> bool {
        self.is_local_or_proxy
    }

    /// It is the peer's turn from now on.
    pub(crate) fn wait(&self) {
        let millis = self.clients.elapsed().as_millis();
        self.turn_to(u64::try_from(millis).unwrap_or(LISTENS - 1));
    }

    /// It is our turn: the request is there as a whole.
    pub(crate) fn work(&self) {
        self.turn_to(OURS);
    }

    /// It has its answer, and it is the peer's turn.
    pub(crate) fn serve(&self) {
        self.served.store(true, Ordering::Relaxed);
        self.wait();
    }

    /// How far it may stay at a moment.
    ///
    /// Whoever asks for much in one go is always being answered, and would keep
    /// everybody else out: the first answer of a connection goes before all others.
    pub(crate) fn eviction_rank(&self, now: Instant) -> EvictionRank {
        let turn = self.turn.load(Ordering::Relaxed);
        let served = self.served.load(Ordering::Relaxed);
        if turn >= LISTENS {
            return if served {
                EvictionRank::AnsweredAgain
            } else {
                EvictionRank::Answered
            };
        }
        let here = now.saturating_duration_since(self.clients);
        let waited = here.saturating_sub(Duration::from_millis(turn));
        if !served && here < NEW {
            EvictionRank::New(waited)
        } else {
            EvictionRank::Waits(waited)
        }
    }

    /// Gives up its slot, as it will stay for long; false if it has done so already.
    pub(crate) fn start_listening(&self) -> bool {
        self.turn.swap(LISTENS, Ordering::Relaxed) != LISTENS
    }

    /// Whether it listens.
    pub(crate) fn is_listening(&self) -> bool {
        self.turn.load(Ordering::Relaxed) == LISTENS
    }

    /// Ends it at once, as others need its slot.
    pub(crate) fn evict(&self) {
        self.uncount.cancel();
    }

    /// Whether it is to end.
    pub(crate) fn is_evicted(&self) -> bool {
        self.uncount.is_cancelled()
    }

    /// Waits until it is to end.
    pub(crate) async fn evicted(&self) {
        self.uncount.cancelled().await;
    }

    /// Who listens does so to the end.
    fn turn_to(&self, turn: u64) {
        let change = |before| (before != LISTENS).then_some(turn);
        let _ = (self.turn).fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pass(seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }

    fn eviction_rank(client: &ClientConnection) -> EvictionRank {
        client.eviction_rank(Instant::now())
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_time_in_which_the_peer_is_to_do_something_counts() {
        let client = ClientConnection::new(IpAddr::from([192, 0, 2, 1]), false);
        pass(7).await;
        assert_eq!(
            eviction_rank(&client),
            EvictionRank::Waits(Duration::from_secs(7))
        );
        client.work();
        pass(2).await;
        assert_eq!(eviction_rank(&client), EvictionRank::Answered);
        client.serve();
        pass(3).await;
        assert_eq!(
            eviction_rank(&client),
            EvictionRank::Waits(Duration::from_secs(3))
        );
        client.work();
        assert_eq!(eviction_rank(&client), EvictionRank::AnsweredAgain);
        assert!(client.start_listening() && !client.start_listening());
        client.wait();
        assert!(client.is_listening());
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_just_now_stays_before_those_who_ask_again_and_again() {
        let [idle, again, new, first] =
            [0; 4].map(|_| ClientConnection::new([192, 0, 2, 1].into(), false));
        idle.serve();
        again.serve();
        again.work();
        first.work();
        let mut all = [&idle, &again, &new, &first].map(eviction_rank);
        assert_eq!(all[2], EvictionRank::New(Duration::ZERO));
        all.sort_unstable();
        assert_eq!(all, [&first, &new, &again, &idle].map(eviction_rank));
        pass(1).await;
        assert_eq!(eviction_rank(&new), EvictionRank::Waits(NEW));
    }
}
