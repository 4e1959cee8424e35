//! Logs when a target fails, fails for another reason, and recovers.
//!
//! Wanted: the newest line in the log is true, the first ones come at once, and
//! a target that alternates, be it at every scrape and for days, fills no disk.

use std::fmt;
use std::time::{Duration, Instant};

/// So many lines are written as soon as there is something to say.
const AT_ONCE: u32 = 4;
/// Then pauses begin with this one and double,
const FIRST_PAUSE: Duration = Duration::from_mins(1);
/// up to that one.
const LONGEST_PAUSE: Duration = Duration::from_mins(30);
/// A target that stayed as it was said to be for so long begins anew.
const CALM: Duration = Duration::from_hours(1);

/// Remembers what was said of one target.
#[derive(Debug, Default)]
pub struct FailureLog {
    /// Why it failed, by the last line; none if it was said to answer.
    logged: Option<String>,
    /// Lines since it was calm.
    lines: u32,
    last: Option<Instant>,
    /// When it was last otherwise than said.
    unrest: Option<Instant>,
}

/// What is worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureLine {
    /// What is to be said.
    pub change: FailureChange,
    /// Whether the next lines will have to wait.
    pub is_frequent: bool,
}

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureChange {
    /// It began to fail.
    Fails(String),
    /// It still fails, for another reason.
    FailsOtherwise(String),
    /// It recovered.
    Answers,
}

impl FailureLog {
    /// Takes in how an attempt went; told is what differs from the last line,
    /// at once or after a pause.
    pub fn note(&mut self, failure: Option<&str>, now: Instant) -> Option<FailureLine> {
        let since = |moment: Option<Instant>| moment.map(|moment| now.duration_since(moment));
        if self.logged.as_deref() == failure {
            if since(self.unrest).is_none_or(|calm| calm >= CALM) {
                self.lines = 0;
            }
            return None;
        }
        self.unrest = Some(now);
        if since(self.last).is_some_and(|passed| passed < self.pause()) {
            return None;
        }
        let change = match (&self.logged, failure) {
            (None, Some(why)) => FailureChange::Fails(why.to_owned()),
            (_, Some(why)) => FailureChange::FailsOtherwise(why.to_owned()),
            (_, None) => FailureChange::Answers,
        };
        self.logged = failure.map(str::to_owned);
        self.last = Some(now);
        self.lines = self.lines.saturating_add(1);
        Some(FailureLine {
            change,
            is_frequent: self.lines == AT_ONCE,
        })
    }

    fn pause(&self) -> Duration {
        let Some(doubled) = self.lines.checked_sub(AT_ONCE) else {
            return Duration::ZERO;
        };
        let pause = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(doubled).unwrap_or(u32::MAX));
        pause.min(LONGEST_PAUSE)
    }
}

impl fmt::Display for FailureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change {
            FailureChange::Fails(why) => write!(f, "fails: {why}")?,
            FailureChange::FailsOtherwise(why) => {
                write!(f, "still fails, for another reason: {why}")?;
            }
            FailureChange::Answers => f.write_str("answers again")?,
        }
        if self.is_frequent {
            f.write_str(" (it changes often: from now on only some changes are logged)")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn another_reason_is_told_and_the_same_one_is_not() {
        let (mut log, start) = (FailureLog::default(), Instant::now());
        let mut logged = Vec::new();
        let attempts = [None, Some("500"), Some("500"), Some("refused"), None, None];
        for (failure, second) in attempts.into_iter().zip(0..) {
            let change = log.note(failure, after(start, second));
            logged.extend(change.map(|change| change.to_string()));
        }
        let expected = [
            "fails: 500",
            "still fails, for another reason: refused",
            "answers again",
        ];
        assert_eq!(logged, expected);
    }

    #[test]
    fn a_target_that_alternates_for_a_day_does_not_fill_the_log() {
        let (mut log, start) = (FailureLog::default(), Instant::now());
        let reasons = [Some("500"), Some("refused"), None];
        let lines = (0..86_400).filter_map(|second: usize| {
            let now = start + Duration::from_secs(u64::try_from(second).unwrap());
            log.note(reasons[second % 3], now)
        });
        let lines: Vec<_> = lines.collect();
        assert!((40..60).contains(&lines.len()), "{}", lines.len());
        let warned = lines.iter().filter(|change| change.is_frequent).count();
        assert_eq!((warned, lines[3].is_frequent), (1, true));
        assert!(
            lines[3]
                .to_string()
                .ends_with("only some changes are logged)")
        );
    }

    proptest! {
        #[test]
        fn what_lasts_is_said_in_the_end_and_a_day_has_few_lines(
            attempts in prop::collection::vec((0..4_usize, 1..2_000_u64), 1..200), last in 0..4_usize,
        ) {
            let (mut log, mut now) = (FailureLog::default(), Instant::now());
            let start = now;
            let reasons = [None, Some("a"), Some("b"), Some("c")];
            let mut lines = 0_u64;
            for (reason, seconds) in attempts {
                lines += u64::from(log.note(reasons[reason], now).is_some());
                now = after(now, seconds);
            }
            let hours = now.duration_since(start).as_secs() / 3600;
            // Nine in the first half hour, then two an hour; calm allows as many again.
            prop_assert!(lines <= 12 + 7 * hours, "{} in {} h", lines, hours);
            log.note(reasons[last], now);
            log.note(reasons[last], now + LONGEST_PAUSE);
            prop_assert_eq!(log.logged.as_deref(), reasons[last]);
        }
    }
}
