//! The worker's arithmetic: how many children, and for which queue.

use std::time::Duration;

/// Between two looks of the main process at its children.
pub(crate) const LOOP: Duration = Duration::from_millis(250);
/// Jobs per child above which one more child is wanted.
const JOBS_PER_CHILD: u64 = 5;
/// Between two children more.
const GROW_AFTER: Duration = Duration::from_secs(1);
/// How long the queue must be empty before there is one child less.
const SHRINK_AFTER: Duration = Duration::from_secs(10);
/// How much the last job counts in the mean of all.
const NEWEST: f64 = 0.1;

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

/// Moves the mean time of a job towards that of the last one.
pub(crate) fn mean(before: Option<f64>, last: f64) -> f64 {
    before.map_or(last, |before| before + (last - before) * NEWEST)
}

/// Tells how many of the children take rolls first; the others take assets first.
///
/// They are shared out by the time that each queue needs until it is empty. A queue with work has
/// at least one of two children, and a child whose queue is empty works for the other.
pub(crate) fn for_rolls(children: u32, rolls: Duration, assets: Duration) -> u32 {
    match (rolls.is_zero(), assets.is_zero()) {
        (_, true) => children,
        (true, false) => 0,
        (false, false) if children < 2 => {
            if rolls >= assets {
                children
            } else {
                0
            }
        }
        (false, false) => {
            let wanted = (1..children).min_by_key(|rolls_have| {
                // Which number comes nearest to both queues being empty at the same time.
                let left = rolls.as_nanos() * u128::from(children - rolls_have);
                let right = assets.as_nanos() * u128::from(*rolls_have);
                left.abs_diff(right)
            });
            wanted.unwrap_or(children)
        }
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
    fn children_are_shared_out_by_the_time_to_clear() {
        for (children, rolls, assets, expected) in [
            (3, 0, 0, 3),
            (3, 0, 9, 0),
            (3, 9, 0, 3),
            (10, 10, 10, 5),
            (10, 90, 10, 9),
            (10, 1, 1000, 1),
            (10, 1000, 1, 9),
            (1, 1, 2, 0),
            (1, 2, 1, 1),
            (0, 1, 1, 0),
        ] {
            let seconds = Duration::from_secs;
            let found = for_rolls(children, seconds(rolls), seconds(assets));
            assert_eq!(found, expected, "{children} {rolls} {assets}");
        }
    }

    #[test]
    fn a_mean_follows_slowly() {
        assert!((mean(None, 4.0) - 4.0).abs() < 1e-9);
        assert!((mean(Some(1.0), 2.0) - 1.1).abs() < 1e-9);
    }
}
