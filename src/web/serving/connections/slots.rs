//! The seats of visitors: so many in all, so many for one network, and who
//! gives up a seat when somebody comes.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ipnet::IpNet;
use tokio::time::Instant;

use crate::web::serving::connections::client::{ClientConnection, EvictionRank};
use crate::web::serving::connections::visitor::{LEVELS, Visitor};

/// The part of all seats that a network may have, by its size, the widest first.
const PARTS: [usize; LEVELS] = [2, 4, 8];

/// A neighbour stands for so many visitors: a proxy asks for all who come to it.
const NEIGHBOUR: usize = 16;

/// Seats are scarce once fewer than this part of them is free.
const RESERVE: usize = 4;

/// How many seats a network has.
type NetworkCount = Arc<AtomicUsize>;

/// The connections that there are; one task keeps it.
#[derive(Debug)]
pub(crate) struct ConnectionSlots {
    all: usize,
    taken: Vec<ConnectionSlot>,
    parties: HashMap<IpNet, NetworkCount>,
}

/// A seat that is taken.
#[derive(Debug)]
struct ConnectionSlot {
    sitting: Arc<ClientConnection>,
    networks: [IpNet; LEVELS],
    parties: [NetworkCount; LEVELS],
}

/// How little it matters that somebody stays: whose networks have most seats goes
/// first, then who stands last.
type Rank = ([usize; LEVELS], EvictionRank);

impl ConnectionSlots {
    /// Starts with all seats free.
    pub(crate) fn new(seats: usize) -> Self {
        Self {
            all: seats,
            taken: Vec::new(),
            parties: HashMap::new(),
        }
    }

    /// Seats a connection; `None` if nobody is to make room for it.
    ///
    /// Nobody ever waits for a seat: who waits would stand behind all the
    /// connections that somebody else opens to keep them out. If none is free, one
    /// becomes so.
    pub(crate) fn sit(
        &mut self,
        peer: IpAddr,
        is_neighbour: bool,
    ) -> Option<Arc<ClientConnection>> {
        let peer = peer.to_canonical();
        let is_neighbour = is_neighbour || peer.is_loopback();
        let sitting = Arc::new(ClientConnection::new(peer, is_neighbour));
        let networks = Visitor(peer).networks();
        let parties = networks.map(|network| Arc::clone(self.parties.entry(network).or_default()));
        for party in &parties {
            party.fetch_add(1, Ordering::Relaxed);
        }
        self.taken.push(ConnectionSlot {
            sitting: Arc::clone(&sitting),
            networks,
            parties,
        });
        // Below that no limit is reached, and nothing needs to be looked at.
        if self.taken.len() > self.part(LEVELS - 1) {
            self.tidy();
            if !is_neighbour {
                self.keep_apart(networks);
            }
            if self.taken.len() > self.all {
                self.make_room(|_| true);
            }
        }
        (!sitting.is_sent_away()).then_some(sitting)
    }

    /// Whether few seats are free.
    pub(crate) fn are_scarce(&self) -> bool {
        self.taken.len() > self.all - self.all / RESERVE
    }

    /// The seats that a network of that size may have.
    fn part(&self, level: usize) -> usize {
        (self.all / PARTS[level]).max(1)
    }

    /// Forgets connections that have ended or take no seat any more.
    fn tidy(&mut self) {
        let gone: Vec<_> = self.taken.extract_if(.., |seat| seat.is_free()).collect();
        for seat in gone {
            self.leave(&seat);
        }
    }

    /// Has the networks of who has just come keep to their parts.
    fn keep_apart(&mut self, networks: [IpNet; LEVELS]) {
        for level in (0..LEVELS).rev() {
            let network = networks[level];
            let party = self.parties.get(&network);
            let seats = party.map_or(0, |party| party.load(Ordering::Relaxed));
            if seats > self.part(level) {
                self.make_room(|seat| seat.networks[level] == network);
            }
        }
    }

    /// Sends the one away of some who matters least; it may be who came last.
    fn make_room(&mut self, among: impl Fn(&ConnectionSlot) -> bool) {
        let now = Instant::now();
        let seats = self.taken.iter().enumerate();
        let least = seats
            .filter(|(_, seat)| among(seat))
            .max_by_key(|(at, seat)| (seat.rank(now), Reverse(*at)));
        if let Some((at, _)) = least {
            let seat = self.taken.swap_remove(at);
            seat.sitting.send_away();
            self.leave(&seat);
        }
    }

    /// Counts somebody no longer, and forgets networks of which nobody is left.
    fn leave(&mut self, seat: &ConnectionSlot) {
        for (network, party) in seat.networks.iter().zip(&seat.parties) {
            if party.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.parties.remove(network);
            }
        }
    }
}

impl ConnectionSlot {
    /// Whether nobody needs it: the connection has ended, or listens.
    fn is_free(&self) -> bool {
        Arc::strong_count(&self.sitting) == 1 || self.sitting.is_listening()
    }

    fn rank(&self, now: Instant) -> Rank {
        let weight = if self.sitting.is_neighbour() {
            1
        } else {
            NEIGHBOUR
        };
        let seats = |party: &NetworkCount| party.load(Ordering::Relaxed) * weight;
        let seats = self.parties.each_ref().map(seats);
        (seats, self.sitting.standing(now))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    type Came = Option<Arc<ClientConnection>>;

    fn come(seats: &mut ConnectionSlots, peer: &str) -> Came {
        seats.sit(peer.parse().unwrap(), false)
    }

    async fn pass(millis: u64) {
        tokio::time::advance(Duration::from_millis(millis)).await;
    }

    fn stays(sitting: &Came) -> bool {
        sitting
            .as_ref()
            .is_some_and(|sitting| !sitting.is_sent_away())
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_few_seats_keeps_them_and_gets_one_whoever_holds_all_others() {
        let mut seats = ConnectionSlots::new(64);
        let first = come(&mut seats, "198.51.100.1");
        let mut many = Vec::new();
        for number in 0..2000 {
            pass(1).await;
            let peer = format!("203.0.{}.1", number % 20);
            many.push(come(&mut seats, &peer));
            assert!(stays(many.last().unwrap()), "{number}");
        }
        let last = come(&mut seats, "198.51.100.2");
        assert!(stays(&first) && stays(&last));
        assert_eq!(many.iter().filter(|sitting| stays(sitting)).count(), 62);
        assert!(many[..1900].iter().all(|sitting| !stays(sitting)));
        assert_eq!(seats.taken.len(), 64);
    }

    #[tokio::test(start_paused = true)]
    async fn among_equals_who_keeps_us_waiting_longest_goes_and_who_is_answered_stays() {
        let mut seats = ConnectionSlots::new(8);
        let mut came = Vec::new();
        for number in 0..8 {
            came.push(come(&mut seats, &format!("203.0.{number}.1")));
            pass(10).await;
        }
        came[0].as_ref().unwrap().work();
        came[1].as_ref().unwrap().wait();
        let ninth = come(&mut seats, "198.51.100.1");
        assert!(stays(&ninth) && stays(&came[0]) && stays(&came[1]) && !stays(&came[2]));
        // Where all are answered, who comes is not better than they are.
        for sitting in came.iter().chain([&ninth]).flatten() {
            sitting.work();
        }
        assert!(come(&mut seats, "198.51.100.2").is_none());
        // But nobody is kept out by one who has many answers made.
        let mut seats = ConnectionSlots::new(8);
        let all: Vec<_> = (0..4).map(|_| come(&mut seats, "127.0.0.1")).collect();
        let other: Vec<_> = (0..4).map(|_| come(&mut seats, "203.0.113.1")).collect();
        for sitting in all.iter().chain(&other).flatten() {
            sitting.work();
        }
        assert!(come(&mut seats, "198.51.100.1").is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_is_let_in_while_others_have_one_answer_after_the_other() {
        let neighbours = (0..12).map(|number| format!("127.0.0.{}", number % 4));
        let strangers = (0..4).map(|number| format!("203.0.{number}.1"));
        for (peers, newest) in [
            (neighbours.collect::<Vec<_>>(), "127.0.0.9"),
            (strangers.collect(), "192.0.2.1"),
        ] {
            let mut seats = ConnectionSlots::new(peers.len());
            let came: Vec<_> = peers.iter().map(|peer| come(&mut seats, peer)).collect();
            for sitting in came.iter().flatten() {
                sitting.serve();
                sitting.work();
            }
            assert!(stays(&come(&mut seats, newest)), "{newest}");
            assert_eq!(came.iter().filter(|one| !stays(one)).count(), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_has_its_part_and_its_newest_visitor_is_let_in() {
        let mut seats = ConnectionSlots::new(64);
        let mut came = Vec::new();
        let kept = |came: &[Came]| came.iter().filter(|sitting| stays(sitting)).count();
        for _ in 0..20 {
            pass(1).await;
            came.push(come(&mut seats, "2001:db8::1"));
        }
        assert!(kept(&came) == 8 && stays(came.last().unwrap()));
        for number in 0..30 {
            pass(1).await;
            came.push(come(&mut seats, &format!("2001:db8:0:{number:x}::1")));
        }
        assert!(kept(&came) == 16 && stays(came.last().unwrap()), "a /56");
        for number in 0..100 {
            pass(1).await;
            came.push(come(&mut seats, &format!("2001:db8:0:{number:x}00::1")));
        }
        assert!(kept(&came) == 32 && stays(came.last().unwrap()), "a /48");
        drop(came);
        let again: Vec<_> = (0..8).map(|_| come(&mut seats, "2001:db8::1")).collect();
        assert_eq!(kept(&again), 8);
        drop(again);
        seats.tidy();
        assert!(seats.taken.is_empty() && seats.parties.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_listens_takes_no_seat_from_others() {
        let mut seats = ConnectionSlots::new(8);
        let listener = come(&mut seats, "192.0.2.1");
        assert!(listener.as_ref().unwrap().listens());
        let others: Vec<_> = (0..8)
            .map(|number| come(&mut seats, &format!("203.0.{number}.1")))
            .collect();
        assert!(stays(&listener) && others.iter().all(stays));
    }

    #[tokio::test(start_paused = true)]
    async fn neighbours_have_as_many_seats_as_there_are_but_not_for_themselves_alone() {
        let mut seats = ConnectionSlots::new(32);
        let mut neighbours: Vec<_> = (0..32)
            .map(|_| come(&mut seats, "::ffff:127.0.0.1"))
            .collect();
        assert!(neighbours.iter().all(stays));
        // Of those whose seats count alike, who keeps us waiting longest goes.
        pass(1).await;
        let strangers = ["192.0.2.1", "198.51.100.1"].map(|peer| come(&mut seats, peer));
        assert!(strangers.iter().all(stays));
        neighbours.retain(stays);
        assert_eq!(neighbours.len(), 30);
    }

    proptest! {
        #[test]
        fn seats_are_never_more_than_there_are_and_nothing_is_left_behind(
            steps in prop::collection::vec((0_u8..12, 0_u8..6, 0_u8..4), 0..200)
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
            runtime.block_on(async {
                let mut seats = ConnectionSlots::new(10);
                let mut came: Vec<Arc<ClientConnection>> = Vec::new();
                for (network, address, what) in steps {
                    pass(1).await;
                    match (what, came.is_empty()) {
                        (0, false) => drop(came.remove(usize::from(address) % came.len())),
                        (1, false) => came[usize::from(address) % came.len()].work(),
                        (2, false) => assert!(!came[0].is_listening() || !came[0].listens()),
                        _ => {
                            let peer = IpAddr::from([203, 0, network, address]);
                            came.extend(seats.sit(peer, network == 0));
                        }
                    }
                    came.retain(|sitting| !sitting.is_sent_away());
                    assert!(seats.taken.len() <= 10);
                }
                drop(came);
                seats.tidy();
                assert!(seats.taken.is_empty() && seats.parties.is_empty());
            });
        }
    }
}
