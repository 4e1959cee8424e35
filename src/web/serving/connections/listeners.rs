//! Who listens: so many in all, and so many for one visitor.

use std::collections::HashMap;
use std::sync::Arc;

use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::web::serving::connections::visitor::{LEVELS, Visitor};

/// Listeners that one visitor may have, if there is room for many: a house full
/// of people may have one address.
const EACH: usize = 512;

/// The part of all places that others leave which one visitor may have: however
/// many there are who take all that they get, some places stay free.
const PART: usize = 8;

/// How many visitors a network counts as, by its size, the widest first.
const COUNTS_AS: [usize; LEVELS] = [4, 2, 1];

type NetworkCounts = watch::Sender<HashMap<IpNet, usize>>;

/// The places of those who listen.
#[derive(Clone, Debug)]
pub(crate) struct Listeners {
    free: Arc<Semaphore>,
    counts: Arc<NetworkCounts>,
}

/// The place of one who listens; it is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct ListenerSlot {
    count: Option<([IpNet; LEVELS], Arc<NetworkCounts>)>,
    _place: OwnedSemaphorePermit,
}

impl Listeners {
    /// Starts with so many places, all free.
    pub(crate) fn new(places: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(places)),
            counts: Arc::default(),
        }
    }

    /// A place for a visitor; `None` if all are taken, or as many as one may have.
    ///
    /// Neighbours on this machine and proxies that name nobody are not counted.
    pub(crate) fn place(&self, visitor: Option<Visitor>) -> Option<ListenerSlot> {
        let free = self.free.available_permits();
        let place = Arc::clone(&self.free).try_acquire_owned().ok()?;
        let networks = visitor.map(Visitor::networks);
        let mut is_admitted = true;
        if let Some(networks) = networks {
            self.counts.send_if_modified(|counts| {
                is_admitted = networks.iter().zip(COUNTS_AS).all(|(network, many)| {
                    let own = counts.get(network).copied().unwrap_or_default();
                    let part = ((free + own) / PART).clamp(1, EACH);
                    own < many * part
                });
                for network in networks.iter().filter(|_| is_admitted) {
                    *counts.entry(*network).or_default() += 1;
                }
                is_admitted
            });
        }
        is_admitted.then(|| ListenerSlot {
            count: networks.map(|networks| (networks, Arc::clone(&self.counts))),
            _place: place,
        })
    }
}

impl Drop for ListenerSlot {
    fn drop(&mut self) {
        let Some((networks, counts)) = &self.count else {
            return;
        };
        counts.send_if_modified(|counts| {
            for network in networks {
                let count = counts.get(network).map_or(0, |count| count - 1);
                if count > 0 {
                    counts.insert(*network, count);
                } else {
                    counts.remove(network);
                }
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn at(text: &str) -> Visitor {
        Visitor(text.parse().unwrap())
    }

    #[test]
    fn one_visitor_leaves_room_for_others_and_nothing_behind() {
        let listeners = Listeners::new(16);
        let [one, other] = ["192.0.2.1", "192.0.2.200"].map(|text| Some(at(text)));
        let places = [listeners.place(one), listeners.place(one)];
        assert!(places.iter().all(Option::is_some) && listeners.place(one).is_none());
        assert!(listeners.place(other).is_some());
        drop(places);
        assert!(listeners.counts.borrow().is_empty());
        assert_eq!(listeners.free.available_permits(), 16);
        let all: Vec<_> = std::iter::from_fn(|| listeners.place(None)).collect();
        assert_eq!(all.len(), 16, "neighbours have as many as there are");
    }

    #[test]
    fn however_many_take_all_that_they_get_there_is_a_place_for_one_more() {
        let listeners = Listeners::new(2000);
        let mut taken = Vec::new();
        for _ in 0..300 {
            let each = (0..60).map(|number| Some(Visitor(IpAddr::from([203, 0, number, 1]))));
            taken.extend(each.filter_map(|visitor| listeners.place(visitor)));
        }
        assert!(taken.len() > 1500, "{}", taken.len());
        assert!(listeners.place(Some(at("192.0.2.1"))).is_some());
    }

    #[test]
    fn one_owner_of_many_networks_is_few_visitors() {
        let listeners = Listeners::new(800);
        let places = |prefix: &str| {
            let each = (0..2000).map(|number| Some(at(&format!("{prefix}{number:x}::1"))));
            let places: Vec<_> = each
                .filter_map(|visitor| listeners.place(visitor))
                .collect();
            places.len()
        };
        // Half of all: four times what one visitor may have of what is left.
        assert!(places("2001:db8:0:") < 420, "a /48");
    }
}
