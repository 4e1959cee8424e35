//! Logs when a target fails, fails for another reason, and recovers.
//!
//! The newest line in the log is true, the first lines come at once, and a target
//! that alternates at every scrape for days does not fill the disk.

use std::time::{Duration, Instant};

/// So many lines are written at once.
const AT_ONCE: u32 = 4;
/// Then pauses begin with this one and double,
const FIRST_PAUSE: Duration = Duration::from_mins(1);
/// up to that one.
const LONGEST_PAUSE: Duration = Duration::from_mins(30);
/// After a target did not change for so long, its lines are counted anew.
const CALM: Duration = Duration::from_hours(1);

/// What was logged of one target.
#[derive(Debug, Default)]
pub(crate) struct FailureLog {
    /// The reason in the last line; none if the target answered.
    logged: Option<String>,
    /// Lines since it was calm.
    lines: u32,
    last: Option<Instant>,
    /// When the target last differed from the last line.
    unrest: Option<Instant>,
}

/// What is worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailureLine {
    /// What changed.
    pub(crate) change: FailureChange,
    /// Whether the next lines will have to wait.
    pub(crate) is_frequent: bool,
}

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FailureChange {
    /// It began to fail.
    Fails(String),
    /// It still fails, for another reason.
    FailsOtherwise(String),
    /// It recovered.
    Answers,
}

impl FailureLog {
    /// Notes the outcome of an attempt. What differs from the last line is worth
    /// a line, at once or after a pause.
    pub(crate) fn note(&mut self, failure: Option<&str>, now: Instant) -> Option<FailureLine> {
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

impl FailureLine {
    /// The end of the message, behind the name of what fails.
    pub(crate) fn message(&self) -> &'static str {
        match (&self.change, self.is_frequent) {
            (FailureChange::Fails(_), false) => "fails",
            (FailureChange::Fails(_), true) => {
                "fails; it changes often, so only some changes are logged from now on"
            }
            (FailureChange::FailsOtherwise(_), false) => "fails for another reason",
            (FailureChange::FailsOtherwise(_), true) => {
                "fails for another reason; it changes often, so only some changes are logged from now on"
            }
            (FailureChange::Answers, false) => "recovered",
            (FailureChange::Answers, true) => {
                "recovered; it changes often, so only some changes are logged from now on"
            }
        }
    }

    /// Why it fails; none once it recovered.
    pub(crate) fn error(&self) -> Option<&str> {
        match &self.change {
            FailureChange::Fails(why) | FailureChange::FailsOtherwise(why) => Some(why),
            FailureChange::Answers => None,
        }
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
            logged.extend(change.map(|change| {
                format!(
                    "{}: {}",
                    change.message(),
                    change.error().unwrap_or_default()
                )
            }));
        }
        let expected = [
            "fails: 500",
            "fails for another reason: refused",
            "recovered: ",
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
        assert!(lines[3].message().ends_with("from now on"));
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
