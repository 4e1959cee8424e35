//! What the monitor can see: whether any collector brings fresh samples.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::board::Sight;
use crate::model::sample::{CollectorId, Expected, Scrape};

/// Remembers how long each collector's last scrape may be believed.
#[derive(Debug)]
pub(crate) struct Lookout {
    started: Timestamp,
    watched: bool,
    scrapes: BTreeMap<CollectorId, (Timestamp, Timestamp)>,
}

impl Lookout {
    /// Starts without any scrape; `watched` tells whether one is to come.
    pub(crate) fn new(started: Timestamp, watched: bool) -> Self {
        Self {
            started,
            watched,
            scrapes: BTreeMap::new(),
        }
    }

    /// Goes on from an earlier one, with those who are still there.
    pub(crate) fn go_on(&mut self, before: Self, is_there: impl Fn(&CollectorId) -> bool) {
        self.started = before.started;
        self.scrapes = before.scrapes;
        self.scrapes.retain(|collector, _| is_there(collector));
    }

    /// Takes notice of a scrape.
    pub(crate) fn note(&mut self, scrape: &Scrape) {
        self.scrapes
            .insert(scrape.collector.clone(), (scrape.at, scrape.good_until));
    }

    /// Those who have not answered since the start, neither well nor badly.
    pub(crate) fn awaited(&self, expected: &[Expected]) -> Vec<String> {
        let has_answered = |id: &&CollectorId| {
            let scrape = self.scrapes.get(id);
            scrape.is_some_and(|(at, _)| *at >= self.started)
        };
        let ids = expected.iter().map(|one| &one.collector);
        let awaited = ids.filter(|id| !has_answered(id));
        awaited.map(|id| id.0.clone()).collect()
    }

    /// Whether a scrape lost its worth at one moment or later and before another.
    pub(crate) fn lapsed(&self, from: Timestamp, until: Timestamp) -> bool {
        let mut ends = self.scrapes.values().map(|(_, end)| *end);
        ends.any(|end| end >= from && end < until)
    }

    /// What can be seen at `now`.
    pub(crate) fn sight(&self, now: Timestamp) -> Sight {
        if !self.watched {
            return Sight::Unwatched;
        }
        let fresh = self.scrapes.values().filter(|(_, until)| *until >= now);
        match fresh.map(|(at, _)| *at).max() {
            Some(last) => Sight::Fresh { last },
            None => Sight::Blind {
                since: self
                    .scrapes
                    .values()
                    .map(|(at, _)| *at)
                    .max()
                    .unwrap_or(self.started),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn without_a_fresh_scrape_the_monitor_is_blind_since_the_last_one() {
        let mut lookout = Lookout::new(at(0), true);
        assert_eq!(lookout.sight(at(1)), Sight::Blind { since: at(0) });
        lookout.note(&Scrape {
            collector: CollectorId("redis".into()),
            at: at(2),
            good_until: at(2) + Duration::from_secs(3),
            samples: Vec::new(),
        });
        assert_eq!(lookout.sight(at(5)), Sight::Fresh { last: at(2) });
        assert_eq!(lookout.sight(at(6)), Sight::Blind { since: at(2) });
        assert_eq!(Lookout::new(at(0), false).sight(at(9)), Sight::Unwatched);
    }
}
