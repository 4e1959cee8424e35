//! Many of a kind within a minute are told as one, and then as how many more.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::time::duration::elapsed;

/// How long after one was told the next are only counted.
const PAUSE: Duration = Duration::from_mins(1);

/// What was told last, and what was counted since.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Storm {
    reported: Option<Timestamp>,
    more: u32,
    last: Option<Timestamp>,
}

impl Storm {
    /// Takes in what happened, each with its moment; says what is to be told at
    /// `now`: when it was, and how many there were since the last was told.
    pub(crate) fn report(
        &mut self,
        happened: impl IntoIterator<Item = Timestamp>,
        now: Timestamp,
    ) -> Option<(Timestamp, Option<u32>)> {
        let latest = happened.into_iter().max();
        if let Some(latest) = latest {
            self.more = self.more.saturating_add(1);
            self.last = Some(latest);
        }
        if self.more == 0 || self.is_resting(now) {
            return None;
        }
        let at = self.last?;
        // What waited for its turn belongs to what was told before it.
        let counted = (latest.is_none() || self.more > 1).then_some(self.more);
        self.reported = Some(now);
        self.more = 0;
        Some((at, counted))
    }

    /// Whether one was told so lately that the next are only counted.
    pub(crate) fn is_resting(&self, now: Timestamp) -> bool {
        self.reported
            .is_some_and(|reported| elapsed(reported, now) < PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    /// What is told: second, moment, and how many more.
    fn reported(happens: &[i64], until: i64) -> Vec<(i64, i64, Option<u32>)> {
        let mut storm = Storm::default();
        let mut reported = Vec::new();
        for second in 0..=until {
            let happened = happens.contains(&second).then_some(at(second));
            if let Some((moment, more)) = storm.report(happened, at(second)) {
                let moment = moment.duration_since(at(0)).as_secs();
                reported.push((second, moment, more));
            }
        }
        reported
    }

    #[test]
    fn many_within_a_minute_are_told_as_one_and_how_many_more() {
        for (happens, expected) in [
            (vec![], vec![]),
            (vec![5], vec![(5, 5, None)]),
            (vec![5, 65], vec![(5, 5, None), (65, 65, None)]),
            (vec![5, 6, 30], vec![(5, 5, None), (65, 30, Some(2))]),
            (vec![5, 6, 65], vec![(5, 5, None), (65, 65, Some(2))]),
            (
                (0..130).collect(),
                vec![
                    (0, 0, None),
                    (60, 60, Some(60)),
                    (120, 120, Some(60)),
                    (180, 129, Some(9)),
                ],
            ),
        ] {
            assert_eq!(reported(&happens, 300), expected, "{happens:?}");
        }
    }
}
