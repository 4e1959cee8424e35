//! Connection slots: a limit in total, a limit for each network, and which
//! connection is evicted for a new one.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ipnet::IpNet;
use tokio::time::Instant;

use crate::web::serving::connections::client::{ClientConnection, EvictionRank};
use crate::web::serving::connections::visitor::{LEVELS, Visitor};

/// The part of all slots that a network may have, by its size, the widest first.
const PARTS: [usize; LEVELS] = [2, 4, 8];

/// A local client or a proxy stands for so many visitors.
const PROXY_WEIGHT: usize = 16;

/// Slots are scarce once fewer than this part of them is free.
const RESERVE: usize = 4;

/// How many slots a network has.
type NetworkCount = Arc<AtomicUsize>;

/// All open connections; one task owns them.
#[derive(Debug)]
pub(crate) struct ConnectionSlots {
    all: usize,
    occupied: Vec<ConnectionSlot>,
    counts: HashMap<IpNet, NetworkCount>,
}

/// An occupied slot.
#[derive(Debug)]
struct ConnectionSlot {
    client: Arc<ClientConnection>,
    networks: [IpNet; LEVELS],
    counts: [NetworkCount; LEVELS],
}

/// The order of eviction: connections of the networks with most slots go first, then
/// those with the highest [`EvictionRank`].
type Rank = ([usize; LEVELS], EvictionRank);

impl ConnectionSlots {
    /// Starts with all slots free.
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            all: slots,
            occupied: Vec::new(),
            counts: HashMap::new(),
        }
    }

    /// Admits a connection; `None` if no other is evicted for it.
    ///
    /// Nobody ever waits for a slot: a queue would belong to whoever opens most
    /// connections. If no slot is free, one is freed.
    pub(crate) fn admit(
        &mut self,
        peer: IpAddr,
        is_local_or_proxy: bool,
    ) -> Option<Arc<ClientConnection>> {
        let peer = peer.to_canonical();
        let is_local_or_proxy = is_local_or_proxy || peer.is_loopback();
        let client = Arc::new(ClientConnection::new(peer, is_local_or_proxy));
        let networks = Visitor(peer).networks();
        let counts = networks.map(|network| Arc::clone(self.counts.entry(network).or_default()));
        for count in &counts {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.occupied.push(ConnectionSlot {
            client: Arc::clone(&client),
            networks,
            counts,
        });
        // Below that no limit is reached, and nothing needs to be looked at.
        if self.occupied.len() > self.part(LEVELS - 1) {
            self.remove_ended();
            if !is_local_or_proxy {
                self.limit_networks(networks);
            }
            if self.occupied.len() > self.all {
                self.evict_one(|_| true);
            }
        }
        (!client.is_evicted()).then_some(client)
    }

    /// Whether few slots are free.
    pub(crate) fn are_scarce(&self) -> bool {
        self.occupied.len() > self.all - self.all / RESERVE
    }

    /// The slots that a network of that size may have.
    fn part(&self, level: usize) -> usize {
        (self.all / PARTS[level]).max(1)
    }

    /// Removes connections that have ended or need no slot any more.
    fn remove_ended(&mut self) {
        let gone: Vec<_> = self
            .occupied
            .extract_if(.., |slot| slot.is_vacant())
            .collect();
        for slot in gone {
            self.uncount(&slot);
        }
    }

    /// Evicts a connection from each network of the newcomer that exceeds its part.
    fn limit_networks(&mut self, networks: [IpNet; LEVELS]) {
        for level in (0..LEVELS).rev() {
            let network = networks[level];
            let count = self.counts.get(&network);
            let slots = count.map_or(0, |count| count.load(Ordering::Relaxed));
            if slots > self.part(level) {
                self.evict_one(|slot| slot.networks[level] == network);
            }
        }
    }

    /// Sends the one away of some who matters least; it may be who came last.
    fn evict_one(&mut self, among: impl Fn(&ConnectionSlot) -> bool) {
        let now = Instant::now();
        let slots = self.occupied.iter().enumerate();
        let least = slots
            .filter(|(_, slot)| among(slot))
            .max_by_key(|(at, slot)| (slot.rank(now), Reverse(*at)));
        if let Some((at, _)) = least {
            let slot = self.occupied.swap_remove(at);
            slot.client.evict();
            self.uncount(&slot);
        }
    }

    /// Counts somebody no longer, and forgets networks of which nobody is left.
    fn uncount(&mut self, slot: &ConnectionSlot) {
        for (network, count) in slot.networks.iter().zip(&slot.counts) {
            if count.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.counts.remove(network);
            }
        }
    }
}

impl ConnectionSlot {
    /// Whether nobody needs it: the connection has ended, or listens.
    fn is_vacant(&self) -> bool {
        Arc::strong_count(&self.client) == 1 || self.client.is_listening()
    }

    fn rank(&self, now: Instant) -> Rank {
        let weight = if self.client.is_local_or_proxy() {
            1
        } else {
            PROXY_WEIGHT
        };
        let slots = |count: &NetworkCount| count.load(Ordering::Relaxed) * weight;
        let slots = self.counts.each_ref().map(slots);
        (slots, self.client.eviction_rank(now))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    type Came = Option<Arc<ClientConnection>>;

    fn come(slots: &mut ConnectionSlots, peer: &str) -> Came {
        slots.admit(peer.parse().unwrap(), false)
    }

    async fn pass(millis: u64) {
        tokio::time::advance(Duration::from_millis(millis)).await;
    }

    fn stays(client: &Came) -> bool {
        client.as_ref().is_some_and(|client| !client.is_evicted())
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_few_seats_keeps_them_and_gets_one_whoever_holds_all_others() {
        let mut slots = ConnectionSlots::new(64);
        let first = come(&mut slots, "198.51.100.1");
        let mut many = Vec::new();
        for number in 0..2000 {
            pass(1).await;
            let peer = format!("203.0.{}.1", number % 20);
            many.push(come(&mut slots, &peer));
            assert!(stays(many.last().unwrap()), "{number}");
        }
        let last = come(&mut slots, "198.51.100.2");
        assert!(stays(&first) && stays(&last));
        assert_eq!(many.iter().filter(|client| stays(client)).count(), 62);
        assert!(many[..1900].iter().all(|client| !stays(client)));
        assert_eq!(slots.occupied.len(), 64);
    }

    #[tokio::test(start_paused = true)]
    async fn among_equals_who_keeps_us_waiting_longest_goes_and_who_is_answered_stays() {
        let mut slots = ConnectionSlots::new(8);
        let mut clients = Vec::new();
        for number in 0..8 {
            clients.push(come(&mut slots, &format!("203.0.{number}.1")));
            pass(10).await;
        }
        clients[0].as_ref().unwrap().work();
        clients[1].as_ref().unwrap().wait();
        let ninth = come(&mut slots, "198.51.100.1");
        assert!(stays(&ninth) && stays(&clients[0]) && stays(&clients[1]) && !stays(&clients[2]));
        // Where all are answered, who comes is not better than they are.
        for client in clients.iter().chain([&ninth]).flatten() {
            client.work();
        }
        assert!(come(&mut slots, "198.51.100.2").is_none());
        // But a client with many responses in progress keeps nobody out.
        let mut slots = ConnectionSlots::new(8);
        let all: Vec<_> = (0..4).map(|_| come(&mut slots, "127.0.0.1")).collect();
        let other: Vec<_> = (0..4).map(|_| come(&mut slots, "203.0.113.1")).collect();
        for client in all.iter().chain(&other).flatten() {
            client.work();
        }
        assert!(come(&mut slots, "198.51.100.1").is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_is_let_in_while_others_have_one_answer_after_the_other() {
        let neighbours = (0..12).map(|number| format!("127.0.0.{}", number % 4));
        let strangers = (0..4).map(|number| format!("203.0.{number}.1"));
        for (peers, newest) in [
            (neighbours.collect::<Vec<_>>(), "127.0.0.9"),
            (strangers.collect(), "192.0.2.1"),
        ] {
            let mut slots = ConnectionSlots::new(peers.len());
            let clients: Vec<_> = peers.iter().map(|peer| come(&mut slots, peer)).collect();
            for client in clients.iter().flatten() {
                client.serve();
                client.work();
            }
            assert!(stays(&come(&mut slots, newest)), "{newest}");
            assert_eq!(clients.iter().filter(|one| !stays(one)).count(), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_has_its_part_and_its_newest_visitor_is_let_in() {
        let mut slots = ConnectionSlots::new(64);
        let mut clients = Vec::new();
        let staying = |clients: &[Came]| clients.iter().filter(|client| stays(client)).count();
        for _ in 0..20 {
            pass(1).await;
            clients.push(come(&mut slots, "2001:db8::1"));
        }
        assert!(staying(&clients) == 8 && stays(clients.last().unwrap()));
        for number in 0..30 {
            pass(1).await;
            clients.push(come(&mut slots, &format!("2001:db8:0:{number:x}::1")));
        }
        assert!(
            staying(&clients) == 16 && stays(clients.last().unwrap()),
            "a /56"
        );
        for number in 0..100 {
            pass(1).await;
            clients.push(come(&mut slots, &format!("2001:db8:0:{number:x}00::1")));
        }
        assert!(
            staying(&clients) == 32 && stays(clients.last().unwrap()),
            "a /48"
        );
        drop(clients);
        let again: Vec<_> = (0..8).map(|_| come(&mut slots, "2001:db8::1")).collect();
        assert_eq!(staying(&again), 8);
        drop(again);
        slots.remove_ended();
        assert!(slots.occupied.is_empty() && slots.counts.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_listens_takes_no_seat_from_others() {
        let mut slots = ConnectionSlots::new(8);
        let listener = come(&mut slots, "192.0.2.1");
        assert!(listener.as_ref().unwrap().start_listening());
        let others: Vec<_> = (0..8)
            .map(|number| come(&mut slots, &format!("203.0.{number}.1")))
            .collect();
        assert!(stays(&listener) && others.iter().all(stays));
    }

    #[tokio::test(start_paused = true)]
    async fn neighbours_have_as_many_seats_as_there_are_but_not_for_themselves_alone() {
        let mut slots = ConnectionSlots::new(32);
        let mut neighbours: Vec<_> = (0..32)
            .map(|_| come(&mut slots, "::ffff:127.0.0.1"))
            .collect();
        assert!(neighbours.iter().all(stays));
        // Among equal networks, the connection that keeps us waiting longest is evicted.
        pass(1).await;
        let strangers = ["192.0.2.1", "198.51.100.1"].map(|peer| come(&mut slots, peer));
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
                let mut slots = ConnectionSlots::new(10);
                let mut clients: Vec<Arc<ClientConnection>> = Vec::new();
                for (network, address, what) in steps {
                    pass(1).await;
                    match (what, clients.is_empty()) {
                        (0, false) => drop(clients.remove(usize::from(address) % clients.len())),
                        (1, false) => clients[usize::from(address) % clients.len()].work(),
                        (2, false) => assert!(!clients[0].is_listening() || !clients[0].start_listening()),
                        _ => {
                            let peer = IpAddr::from([203, 0, network, address]);
                            clients.extend(slots.admit(peer, network == 0));
                        }
                    }
                    clients.retain(|client| !client.is_evicted());
                    assert!(slots.occupied.len() <= 10);
                }
                drop(clients);
                slots.remove_ended();
                assert!(slots.occupied.is_empty() && slots.counts.is_empty());
            });
        }
    }
}
