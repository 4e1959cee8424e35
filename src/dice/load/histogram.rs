//! A histogram of times: logarithmic, with linear steps between.

use std::time::Duration;

/// Steps between two powers of two; the error of a value is at most one in so many.
const STEPS: usize = 32;
const STEP_BITS: u32 = STEPS.trailing_zeros();
/// Powers of two from a microsecond on: over an hour.
const POWERS: usize = 32;

/// Counts times by their length, in a fixed space.
#[derive(Clone, Debug)]
pub struct LatencyHistogram {
    counts: Vec<u64>,
    total: u64,
    longest: Duration,
}

impl Default for LatencyHistogram {
    fn default() -> Self {
        Self {
            counts: vec![0; STEPS * POWERS],
            total: 0,
            longest: Duration::ZERO,
        }
    }
}

impl LatencyHistogram {
    /// Counts a time.
    pub fn record(&mut self, time: Duration) {
        let at = bucket(time).min(self.counts.len() - 1);
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
        self.total += 1;
        self.longest = self.longest.max(time);
    }

    /// Tells how many times were counted.
    pub fn count(&self) -> u64 {
        self.total
    }

    /// Tells the longest time.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// Tells the time within which so many of a thousand ended; zero if none was counted.
    pub fn permille(&self, permille: u64) -> Duration {
        let wanted = (self.total.saturating_mul(permille)).div_ceil(1000).max(1);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return upper(at).min(self.longest);
            }
        }
        self.longest
    }
}

/// The place of a time: linear up to the first power, then so many steps for each power.
fn bucket(time: Duration) -> usize {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let power = (u64::BITS - micros.leading_zeros()).saturating_sub(STEP_BITS + 1);
    let step = usize::try_from(micros >> power).unwrap_or(usize::MAX);
    let power = usize::try_from(power).unwrap_or(usize::MAX);
    power.saturating_mul(STEPS).saturating_add(step)
}

/// The longest time that has this place.
fn upper(at: usize) -> Duration {
    let power = (at / STEPS).saturating_sub(1);
    let step = at - power * STEPS;
    let micros = u64::try_from(step + 1).unwrap_or(u64::MAX) << power;
    Duration::from_micros(micros.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_is_told_to_within_its_step(micros in 0_u64..3_000_000_000) {
            let time = Duration::from_micros(micros);
            let told = upper(bucket(time));
            prop_assert!(told >= time, "{told:?} < {time:?}");
            prop_assert!(told.as_micros() <= u128::from(micros) + u128::from(micros) / 16 + 1);
        }

        #[test]
        fn a_permille_is_one_of_the_times_or_just_above(mut times in prop::collection::vec(0_u64..10_000_000, 1..200)) {
            let mut histogram = LatencyHistogram::default();
            for micros in &times {
                histogram.record(Duration::from_micros(*micros));
            }
            times.sort_unstable();
            for permille in [1, 500, 990, 1000] {
                let at = (times.len() * permille).div_ceil(1000).max(1) - 1;
                let told = histogram.permille(u64::try_from(permille).unwrap());
                prop_assert!(told >= Duration::from_micros(times[at]));
                prop_assert!(told <= Duration::from_micros(times[at] + times[at] / 16 + 1));
            }
        }
    }

    #[test]
    fn nothing_takes_no_time() {
        assert_eq!(LatencyHistogram::default().permille(990), Duration::ZERO);
    }
}
