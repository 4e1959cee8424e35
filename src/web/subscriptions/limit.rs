//! How many links visitors may ask for.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::request::receivers::subscription::SubscriptionLimits;
use crate::model::time::duration::elapsed;
use crate::web::serving::connections::visitor::{LEVELS, Visitor};

/// How long a request counts.
const HOUR: Duration = Duration::from_hours(1);

/// How many times as often as a visitor a network may ask, by its size, the widest first.
const CROWD: [usize; LEVELS] = [8, 3, 1];

/// The requests of late.
#[derive(Debug, Default)]
pub(crate) struct RecentRequests {
    visitors: VecDeque<(IpAddr, Timestamp)>,
}

impl RecentRequests {
    /// Whether a visitor may ask for a link now; if so, it counts.
    pub(crate) fn take(
        &mut self,
        visitor: Visitor,
        limits: &SubscriptionLimits,
        now: Timestamp,
    ) -> bool {
        self.visitors.retain(|(_, at)| elapsed(*at, now) < HOUR);
        let others = |level: usize| {
            let network = visitor.networks()[level];
            let all = self.visitors.iter();
            all.filter(|(other, _)| network.contains(other)).count()
        };
        let is_crowd = (0..LEVELS)
            .rev()
            .any(|level| others(level) >= CROWD[level].saturating_mul(limits.visitor));
        let may = !is_crowd && self.visitors.len() < limits.requests;
        if may {
            self.visitors.push_back((visitor.counted(), now));
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_a_network_and_all_together_ask_so_often_and_no_more() {
        let at = |minutes: u64| Timestamp::UNIX_EPOCH + Duration::from_mins(minutes);
        let limits = SubscriptionLimits::default();
        let mut recent = RecentRequests::default();
        let mut taken = |address: [u8; 4], times: usize, now| {
            let visitor = Visitor(IpAddr::from(address));
            (0..times)
                .filter(|_| recent.take(visitor, &limits, now))
                .count()
        };
        assert_eq!(taken([192, 0, 2, 1], 9, at(0)), 5);
        assert_eq!(taken([192, 0, 2, 1], 9, at(59)), 0);
        let near = (2..40).map(|last| taken([192, 0, 2, last], 9, at(59)));
        assert_eq!(near.sum::<usize>(), 35);
        assert_eq!(
            taken([192, 0, 2, 1], 9, at(60)),
            5,
            "an hour later it may again"
        );
        let far = (0..=255).map(|third| taken([198, 18, third, 1], 9, at(61)));
        assert_eq!(far.sum::<usize>(), 1_000 - 40);
    }
}
