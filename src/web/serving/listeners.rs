//! Who listens: so many in all, and so many for one visitor.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Listeners that one visitor may have, if there is room for many: a house full
/// of people may have one address.
const EACH: usize = 512;

/// The parts of all that one visitor may have.
const PART: usize = 8;

type Parties = watch::Sender<HashMap<IpAddr, usize>>;

/// The places of those who listen.
#[derive(Clone, Debug)]
pub struct Listeners {
    free: Arc<Semaphore>,
    each: usize,
    parties: Arc<Parties>,
}

/// The place of one who listens; it is free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    party: Option<(IpAddr, Arc<Parties>)>,
    _place: OwnedSemaphorePermit,
}

impl Listeners {
    /// Starts with so many places, all free.
    pub fn new(places: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(places)),
            each: (places / PART).clamp(1, EACH),
            parties: Arc::default(),
        }
    }

    /// A place for a visitor; `None` if all are taken, or as many as one may have.
    ///
    /// Neighbours on this machine and proxies that name nobody are not counted.
    pub fn place(&self, visitor: Option<IpAddr>) -> Option<Place> {
        let place = Arc::clone(&self.free).try_acquire_owned().ok()?;
        let mut is_free = true;
        if let Some(visitor) = visitor {
            self.parties.send_if_modified(|parties| {
                let count = parties.entry(visitor).or_default();
                is_free = *count < self.each;
                *count += usize::from(is_free);
                is_free
            });
        }
        is_free.then(|| Place {
            party: visitor.map(|visitor| (visitor, Arc::clone(&self.parties))),
            _place: place,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((visitor, parties)) = &self.party else {
            return;
        };
        parties.send_if_modified(|parties| {
            let count = parties.get(visitor).map_or(0, |count| count - 1);
            if count > 0 {
                parties.insert(*visitor, count);
            } else {
                parties.remove(visitor);
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_visitor_leaves_room_for_others_and_nothing_behind() {
        let listeners = Listeners::new(16);
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().ok());
        let places = [listeners.place(one), listeners.place(one)];
        assert!(places.iter().all(Option::is_some) && listeners.place(one).is_none());
        assert!(listeners.place(other).is_some());
        drop(places);
        assert!(listeners.parties.borrow().is_empty());
        assert_eq!(listeners.free.available_permits(), 16);
        let all: Vec<_> = std::iter::from_fn(|| listeners.place(None)).collect();
        assert_eq!(all.len(), 16, "neighbours have as many as there are");
    }
}
