//! The worker's arithmetic: how many children, and how soon one is started again.

use std::time::Duration;

/// Between two looks of the main process at its children.
pub(crate) const LOOP: Duration = Duration::from_millis(250);
/// A child that lived shorter died young.
pub(crate) const YOUNG: Duration = Duration::from_mins(1);
/// Jobs per child above which one more child is wanted.
const JOBS_PER_CHILD: u64 = 5;
/// Between two children more.
const GROW_AFTER: Duration = Duration::from_secs(1);
/// How long the queue must be empty before there is one child less.
const SHRINK_AFTER: Duration = Duration::from_secs(10);
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// How long nothing has changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steady {
    /// Since the number of children changed.
    pub(crate) unchanged_for: Duration,
    /// Since the queue had a job.
    pub(crate) empty_for: Duration,
}

/// Tells how many children there should be.
///
/// One more when each has over five jobs to do, one less when the queue was empty for ten
/// seconds, one step at a time. An unknown backlog changes nothing.
pub(crate) fn children(now: u32, backlog: Option<u64>, steady: Steady, bounds: (u32, u32)) -> u32 {
    let (min, max) = bounds;
    let wanted = match backlog {
        Some(0) if steady.empty_for.min(steady.unchanged_for) >= SHRINK_AFTER => {
            now.saturating_sub(1)
        }
        Some(jobs)
            if jobs > u64::from(now) * JOBS_PER_CHILD && steady.unchanged_for >= GROW_AFTER =>
        {
            now.saturating_add(1)
        }
        _ => now,
    };
    wanted.clamp(min, max.max(min))
}

/// Tells how long to wait before a child is started again.
///
/// The first death is made good at the next look; each further one of a child that died young
/// doubles the pause, from one second up to a minute.
pub(crate) fn pause(young_deaths: u32) -> Duration {
    match young_deaths.checked_sub(2) {
        None => Duration::ZERO,
        Some(doublings) => Duration::from_secs(1 << doublings.min(6)).min(PAUSE_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_follow_the_backlog_one_step_at_a_time() {
        let long = Duration::from_secs(10);
        for (now, backlog, unchanged_for, expected) in [
            (1, Some(5), long, 1),
            (1, Some(6), long, 2),
            (1, Some(600), Duration::from_millis(900), 1),
            (3, Some(600), long, 3),
            (3, Some(0), Duration::from_secs(9), 3),
            (3, Some(0), long, 2),
            (1, Some(0), long, 1),
            (2, None, long, 2),
            (0, None, Duration::ZERO, 1),
        ] {
            let steady = Steady {
                unchanged_for,
                empty_for: unchanged_for,
            };
            assert_eq!(children(now, backlog, steady, (1, 3)), expected);
        }
    }

    #[test]
    fn a_child_that_keeps_dying_young_waits_up_to_a_minute() {
        let pauses: Vec<u64> = (0..=9).map(|deaths| pause(deaths).as_secs()).collect();
        assert_eq!(pauses, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(u32::MAX), PAUSE_MAX);
    }
}
