//! The ledger of rolls: what was wanted, what was taken, what was answered, and how often.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::dice::load::histogram::LatencyHistogram;
use crate::dice::load::user::{LaterState, RollReply};

/// What became of every roll that was wanted.
#[derive(Clone, Debug, Default)]
pub struct RollLedger {
    /// Rolls that were wanted.
    pub offered: u64,
    /// Rolls that were not sent, because too many were under way.
    pub unsent: u64,
    /// Rolls that the service refused, or that never reached it.
    pub refused: u64,
    /// Rolls that were taken, and not answered within their request.
    pub late: u64,
    /// Rolls that met a session which was there no more.
    pub logged_out: u64,
    /// How long answered requests took.
    pub times: LatencyHistogram,
    /// Rolls that were taken, with the answer if it came within the request.
    taken: BTreeMap<Uuid, Option<u64>>,
}

/// What can be told of the rolls at any moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerCounts {
    /// Rolls answered within their request.
    pub in_time: u64,
    /// Rolls that failed for who made them: refused, or not answered in time.
    pub failed: u64,
    /// Rolls that met a session which was there no more.
    pub logged_out: u64,
}

/// What the ledger says at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerSum {
    /// Rolls that the service took.
    pub accepted: u64,
    /// Rolls answered within their request.
    pub in_time: u64,
    /// Rolls answered later.
    pub late: u64,
    /// Rolls of which nothing is known any more.
    pub lost: u64,
    /// Rolls that wait.
    pub waiting: u64,
    /// Rolls answered twice, and differently.
    pub doubled: u64,
}

impl RollLedger {
    /// Takes note of a reply.
    pub(crate) fn note(&mut self, reply: &RollReply, took: Duration) {
        match reply {
            RollReply::Answered { uuid, answer } => {
                self.times.record(took);
                self.taken.insert(*uuid, Some(*answer));
            }
            RollReply::Late(uuid) => {
                self.late += 1;
                self.taken.insert(*uuid, None);
            }
            RollReply::LoggedOut => self.logged_out += 1,
            RollReply::Refused => self.refused += 1,
        }
    }

    /// Counts what can be told at any moment.
    pub fn counts(&self) -> LedgerCounts {
        LedgerCounts {
            in_time: self.times.count(),
            failed: self.refused + self.late,
            logged_out: self.logged_out,
        }
    }

    /// Lists the rolls that were taken: those without an answer, and those with one.
    pub(crate) fn taken_by_answer(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        let uuids = |is_answered: bool| {
            let rolls = self.taken.iter();
            let rolls = rolls.filter(|(_, answer)| answer.is_some() == is_answered);
            rolls.map(|(uuid, _)| *uuid).collect()
        };
        (uuids(false), uuids(true))
    }

    /// Sums up, with what the service says of each roll afterwards; rolls that it was not asked
    /// about count as they were.
    pub fn sum(&self, afterwards: &BTreeMap<Uuid, LaterState>) -> LedgerSum {
        let mut sum = LedgerSum::default();
        for (uuid, first) in &self.taken {
            sum.accepted += 1;
            match (first, afterwards.get(uuid)) {
                (Some(first), Some(LaterState::Answered(now))) if first != now => sum.doubled += 1,
                // What was answered may be forgotten some time later.
                (Some(_), _) => sum.in_time += 1,
                (None, Some(LaterState::Answered(_))) => sum.late += 1,
                (None, Some(LaterState::Waiting) | None) => sum.waiting += 1,
                (None, Some(LaterState::Unknown)) => sum.lost += 1,
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn every_taken_roll_is_counted_once() {
        let mut ledger = RollLedger::default();
        let took = Duration::from_millis(5);
        for number in 0..3 {
            let uuid = id(number);
            ledger.note(&RollReply::Answered { uuid, answer: 9 }, took);
        }
        for number in 3..7 {
            ledger.note(&RollReply::Late(id(number)), took);
        }
        ledger.note(&RollReply::Refused, took);
        let afterwards = [
            (id(0), LaterState::Answered(9)),
            (id(1), LaterState::Answered(8)),
            (id(2), LaterState::Unknown),
            (id(3), LaterState::Answered(1)),
            (id(4), LaterState::Waiting),
            (id(5), LaterState::Unknown),
        ];
        let sum = ledger.sum(&afterwards.into());
        let expected = LedgerSum {
            accepted: 7,
            in_time: 2,
            late: 1,
            lost: 1,
            waiting: 2,
            doubled: 1,
        };
        assert_eq!(sum, expected);
        let counts = LedgerCounts {
            in_time: 3,
            failed: 5,
            logged_out: 0,
        };
        assert_eq!(ledger.counts(), counts);
    }
}
