//! One connection: who is at its other end, and whom of us both it waits for.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// It is our turn: a request is there as a whole, and is being answered.
const OURS: u64 = u64::MAX;

/// It listens, and takes no seat any more.
const LISTENS: u64 = u64::MAX - 1;

/// One connection.
#[derive(Debug)]
pub struct Sitting {
    peer: IpAddr,
    /// It comes from this machine or from a proxy of ours, which asks for many.
    is_neighbour: bool,
    came: Instant,
    /// The millisecond after `came` since which the peer is to do something, or
    /// one of the numbers above.
    turn: AtomicU64,
    leave: CancellationToken,
}

impl Sitting {
    /// Begins by waiting for the peer's first request.
    pub fn new(peer: IpAddr, is_neighbour: bool) -> Self {
        Self {
            peer,
            is_neighbour,
            came: Instant::now(),
            turn: AtomicU64::new(0),
            leave: CancellationToken::new(),
        }
    }

    /// Where the connection comes from.
    pub fn peer(&self) -> IpAddr {
        self.peer
    }

    /// Whether it comes from this machine or from a proxy of ours.
    pub fn is_neighbour(&self) -> bool {
        self.is_neighbour
    }

    /// It is the peer's turn from now on.
    pub fn wait(&self) {
        let millis = self.came.elapsed().as_millis();
        self.turn_to(u64::try_from(millis).unwrap_or(LISTENS - 1));
    }

    /// It is our turn: the request is there as a whole.
    pub fn work(&self) {
        self.turn_to(OURS);
    }

    /// How long we have waited for the peer; `None` if it is our turn.
    pub fn waited(&self) -> Option<Duration> {
        let turn = self.turn.load(Ordering::Relaxed);
        let since = Duration::from_millis(turn);
        (turn < LISTENS).then(|| self.came.elapsed().saturating_sub(since))
    }

    /// Gives its seat to others, as it will sit for long; false if it has done so.
    pub fn listens(&self) -> bool {
        self.turn.swap(LISTENS, Ordering::Relaxed) != LISTENS
    }

    /// Whether it listens.
    pub fn is_listening(&self) -> bool {
        self.turn.load(Ordering::Relaxed) == LISTENS
    }

    /// Has it end at once, as others want its seat.
    pub fn send_away(&self) {
        self.leave.cancel();
    }

    /// Whether it is to end.
    pub fn is_sent_away(&self) -> bool {
        self.leave.is_cancelled()
    }

    /// Waits until it is to end.
    pub async fn sent_away(&self) {
        self.leave.cancelled().await;
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

    #[tokio::test(start_paused = true)]
    async fn only_the_time_in_which_the_peer_is_to_do_something_counts() {
        let sitting = Sitting::new(IpAddr::from([192, 0, 2, 1]), false);
        let pass = async |seconds| tokio::time::advance(Duration::from_secs(seconds)).await;
        pass(7).await;
        assert_eq!(sitting.waited(), Some(Duration::from_secs(7)));
        sitting.work();
        pass(2).await;
        assert_eq!(sitting.waited(), None);
        sitting.wait();
        pass(3).await;
        assert_eq!(sitting.waited(), Some(Duration::from_secs(3)));
        assert!(sitting.listens() && !sitting.listens());
        sitting.wait();
        assert!(sitting.is_listening() && sitting.waited().is_none());
    }
}
