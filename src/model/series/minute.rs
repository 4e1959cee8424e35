//! A minute of a series summed up, for charts.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::sample::Metric;

/// What was measured of a series within one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinuteSample {
    /// The beginning of the minute.
    pub at: Timestamp,
    /// How many samples there were; never zero.
    pub count: u64,
    /// The smallest.
    pub min: f64,
    /// All of them divided by their number.
    pub mean: f64,
    /// The largest.
    pub max: f64,
    /// The last.
    pub last: f64,
}

/// A series with its minutes, oldest first; minutes without samples are not there.
#[derive(Clone, Debug, PartialEq)]
pub struct MinuteSeries {
    /// What was measured.
    pub metric: Metric,
    /// Its minutes.
    pub samples: Vec<MinuteSample>,
}

/// Some minutes of a series summed up to one part of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartBucket {
    /// Where the part begins.
    pub at: Timestamp,
    /// The smallest.
    pub min: f64,
    /// The mean of all samples.
    pub mean: f64,
    /// The largest.
    pub max: f64,
}

/// Sums minutes up to parts of equal length, counted from a moment; parts
/// without a sample are not there.
///
/// Smallest and largest are kept, however few parts there are.
pub fn buckets(samples: &[MinuteSample], from: Timestamp, step: Duration) -> Vec<ChartBucket> {
    let step = i64::try_from(step.as_secs()).unwrap_or(i64::MAX).max(1);
    let mut found: Vec<(i64, f64, ChartBucket)> = Vec::new();
    for sample in samples {
        let part = (sample.at.as_second() - from.as_second()).div_euclid(step);
        let Ok(at) = Timestamp::from_second(from.as_second() + part * step) else {
            continue;
        };
        let count = f64::from(u32::try_from(sample.count).unwrap_or(u32::MAX));
        if let Some((_, before, bucket)) = found.last_mut().filter(|(last, ..)| *last == part) {
            // In this order no sum is larger than the values are.
            let all = *before + count;
            bucket.mean = bucket.mean * (*before / all) + sample.mean * (count / all);
            *before = all;
            bucket.min = bucket.min.min(sample.min);
            bucket.max = bucket.max.max(sample.max);
        } else {
            let (min, mean, max) = (sample.min, sample.mean, sample.max);
            found.push((part, count, ChartBucket { at, min, mean, max }));
        }
    }
    found.into_iter().map(|(.., bucket)| bucket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64, value: f64, count: u64) -> MinuteSample {
        MinuteSample {
            at: Timestamp::from_second(minute * 60).unwrap(),
            count,
            min: value - 1.0,
            mean: value,
            max: value + 1.0,
            last: value,
        }
    }

    #[test]
    fn a_part_keeps_the_extremes_of_its_minutes_and_a_gap_stays_one() {
        let samples = [minute(0, 1.0, 1), minute(4, 5.0, 3), minute(11, 2.0, 1)];
        let from = Timestamp::UNIX_EPOCH;
        let found: Vec<_> = buckets(&samples, from, Duration::from_mins(5))
            .iter()
            .map(|one| (one.at.as_second() / 60, one.min, one.mean, one.max))
            .collect();
        assert_eq!(found, [(0, 0.0, 4.0, 6.0), (10, 1.0, 2.0, 3.0)]);
        assert!(buckets(&[], from, Duration::ZERO).is_empty());
    }
}
