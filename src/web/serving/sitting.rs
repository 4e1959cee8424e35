//! The seats of visitors: so many in all, and so many for one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::web::serving::visitor::Visitor;

/// How many may sit.
#[derive(Clone, Copy, Debug)]
pub struct Seating {
    /// Connections at once.
    pub seats: usize,
    /// Those of one address.
    pub each: usize,
}

/// How many seats an address has.
type Party = AtomicUsize;

/// The connections that there are; one task keeps it.
#[derive(Debug)]
pub struct Seats {
    seating: Seating,
    free: Arc<Semaphore>,
    parties: HashMap<IpAddr, Arc<Party>>,
}

/// One connection's seat.
#[derive(Debug)]
pub struct Sitting {
    peer: IpAddr,
    /// `None` for neighbours on this machine and proxies: they ask for many.
    party: Option<(IpAddr, Arc<Party>)>,
    listening: AtomicBool,
    free: Arc<Semaphore>,
}

impl Seats {
    /// Starts with all seats free.
    pub fn new(seating: Seating) -> Self {
        Self {
            seating,
            free: Arc::new(Semaphore::new(seating.seats)),
            parties: HashMap::new(),
        }
    }

    /// Waits for a free seat.
    pub async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Seats a connection; `None` if its address has enough of them.
    pub fn sit(
        &mut self,
        peer: IpAddr,
        seat: OwnedSemaphorePermit,
        is_neighbour: bool,
    ) -> Option<Sitting> {
        let peer = peer.to_canonical();
        let party = if is_neighbour || peer.is_loopback() {
            None
        } else {
            let counted = Visitor(peer).counted();
            let party = self.parties.entry(counted).or_default();
            let seated = party.fetch_add(1, Ordering::Relaxed);
            if seated >= self.seating.each {
                party.fetch_sub(1, Ordering::Relaxed);
                return None;
            }
            Some((counted, Arc::clone(party)))
        };
        // It goes back when the sitting ends, or when it begins to listen.
        seat.forget();
        Some(Sitting {
            peer,
            party,
            listening: AtomicBool::new(false),
            free: Arc::clone(&self.free),
        })
    }

    /// Forgets an address that has no connection any more.
    pub fn left(&mut self, address: Option<IpAddr>) {
        let Some(address) = address else { return };
        let party = self.parties.get(&address);
        let gone = party.is_some_and(|party| party.load(Ordering::Relaxed) == 0);
        if gone {
            self.parties.remove(&address);
        }
    }
}

impl Sitting {
    /// Where the connection comes from.
    pub fn peer(&self) -> IpAddr {
        self.peer
    }

    /// What its address is counted by, if it is counted.
    pub fn counted(&self) -> Option<IpAddr> {
        self.party.as_ref().map(|(address, _)| *address)
    }

    /// Whether it listens.
    pub fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Relaxed)
    }

    /// Gives its seat to others, as it will sit for long; false if it has done so.
    pub fn listens(&self) -> bool {
        let first = !self.listening.swap(true, Ordering::Relaxed);
        if first {
            self.stand();
        }
        first
    }

    fn stand(&self) {
        if let Some((_, party)) = &self.party {
            party.fetch_sub(1, Ordering::Relaxed);
        }
        self.free.add_permits(1);
    }
}

impl Drop for Sitting {
    fn drop(&mut self) {
        if !self.is_listening() {
            self.stand();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(seats: usize, each: usize) -> Seats {
        Seats::new(Seating { seats, each })
    }

    fn come(seats: &mut Seats, peer: &str) -> Option<Sitting> {
        let seat = Arc::clone(&seats.free).try_acquire_owned().ok()?;
        seats.sit(peer.parse().unwrap(), seat, false)
    }

    #[test]
    fn an_address_gets_so_many_seats_and_no_more_and_leaves_nothing_behind() {
        let mut seats = seats(9, 2);
        let first = come(&mut seats, "192.0.2.1").unwrap();
        let second = come(&mut seats, "192.0.2.1");
        assert!(second.is_some() && come(&mut seats, "192.0.2.1").is_none());
        assert!(come(&mut seats, "192.0.2.2").is_some());
        let counted = first.counted();
        drop(first);
        seats.left(counted);
        assert!(come(&mut seats, "192.0.2.1").is_some());
        drop(second);
        seats.left(counted);
        seats.left(Some("192.0.2.2".parse().unwrap()));
        assert!(seats.parties.is_empty() && seats.free.available_permits() == 9);
    }

    #[test]
    fn who_listens_takes_no_seat_from_others() {
        let mut seats = seats(1, 1);
        let listener = come(&mut seats, "192.0.2.1").unwrap();
        assert!(come(&mut seats, "192.0.2.2").is_none());
        assert!(listener.listens() && !listener.listens());
        let other = come(&mut seats, "192.0.2.1").unwrap();
        drop((listener, other));
        assert_eq!(seats.free.available_permits(), 1);
    }

    #[test]
    fn neighbours_on_this_machine_are_not_counted() {
        let mut seats = seats(9, 1);
        let both = [come(&mut seats, "127.0.0.1"), come(&mut seats, "::1")];
        let third = come(&mut seats, "::ffff:127.0.0.1");
        assert!(both.iter().chain([&third]).all(Option::is_some));
        assert!(seats.parties.is_empty());
    }
}
