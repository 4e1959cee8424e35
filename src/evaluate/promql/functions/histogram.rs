//! `histogram_quantile` of classic histograms, whose buckets are series.

use std::sync::Arc;

use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::functions::grouped::Grouped;
use crate::evaluate::promql::functions::number::same;
use crate::evaluate::promql::value::{Element, unnamed};

/// The label that holds the upper bound of a bucket.
const BOUND: &str = "le";

/// Counts that differ by less are equal, as in Prometheus 3.
const SMALL_DELTA: f64 = 1e-12;

/// One bucket: observations up to its bound, all lower buckets included.
#[derive(Clone, Copy, Debug)]
struct HistogramBucket {
    bound: f64,
    count: f64,
}

/// Gives the quantile of each histogram among the elements.
///
/// Elements without a bound that is a number are no buckets and are left out.
pub(crate) fn histogram_quantile(
    quantile: f64,
    elements: Vec<Element>,
) -> Result<Vec<Element>, EvaluateError> {
    let bound_label = [Arc::from(BOUND)];
    let mut histograms: Grouped<Vec<HistogramBucket>> = Grouped::new();
    for element in elements {
        let Ok(bound) = element.labels.get(BOUND).parse() else {
            continue;
        };
        let labels = element.labels.except(&bound_label);
        let count = element.value;
        histograms
            .under(labels)
            .push(HistogramBucket { bound, count });
    }
    let histograms = histograms.into_groups().into_iter();
    let found = histograms.map(|(labels, buckets)| Element {
        labels,
        value: bucket_quantile(quantile, buckets),
    });
    unnamed(found.collect())
}

/// Gives the value below which that part of all observations lies, taken as
/// evenly spread within a bucket, as Prometheus' `BucketQuantile`.
fn bucket_quantile(quantile: f64, mut buckets: Vec<HistogramBucket>) -> f64 {
    if quantile.is_nan() {
        return f64::NAN;
    }
    if quantile < 0.0 {
        return f64::NEG_INFINITY;
    }
    if quantile > 1.0 {
        return f64::INFINITY;
    }
    buckets.sort_by(|left, right| left.bound.total_cmp(&right.bound));
    let infinite = buckets
        .last()
        .is_some_and(|last| same(last.bound, f64::INFINITY));
    if !infinite {
        return f64::NAN;
    }
    let mut buckets = merged(buckets);
    make_monotonic(&mut buckets);
    let [lower @ .., last] = buckets.as_slice() else {
        return f64::NAN;
    };
    let Some(highest) = lower.last() else {
        return f64::NAN;
    };
    if same(last.count, 0.0) {
        return f64::NAN;
    }
    let mut rank = quantile * last.count;
    // Not `find` by `>=`: a count that is no number ends no search in Go either.
    let place = lower.partition_point(|bucket| {
        bucket
            .count
            .partial_cmp(&rank)
            .is_none_or(std::cmp::Ordering::is_lt)
    });
    let Some(bucket) = lower.get(place) else {
        return highest.bound;
    };
    let Some(below) = place.checked_sub(1).and_then(|place| lower.get(place)) else {
        // What lies below the first bound is taken to start at zero.
        return if bucket.bound <= 0.0 {
            bucket.bound
        } else {
            bucket.bound * (rank / bucket.count)
        };
    };
    rank -= below.count;
    let count = bucket.count - below.count;
    below.bound + (bucket.bound - below.bound) * (rank / count)
}

/// Adds up buckets of the same bound, which may be written in two ways.
fn merged(buckets: Vec<HistogramBucket>) -> Vec<HistogramBucket> {
    let mut merged: Vec<HistogramBucket> = Vec::with_capacity(buckets.len());
    for bucket in buckets {
        match merged.last_mut() {
            Some(last) if same(last.bound, bucket.bound) => last.count += bucket.count,
            _ => merged.push(bucket),
        }
    }
    merged
}

/// Lifts counts that are less than those of lower buckets, which happens when
/// the series were scraped at different moments or rounded.
fn make_monotonic(buckets: &mut [HistogramBucket]) {
    let mut highest: Option<f64> = None;
    for bucket in buckets {
        match highest {
            Some(before) if bucket.count < before || almost_equal(bucket.count, before) => {
                bucket.count = before;
            }
            _ => highest = Some(bucket.count),
        }
    }
}

/// Says whether two counts differ by rounding at most, as Prometheus'
/// `almost.Equal`.
fn almost_equal(left: f64, right: f64) -> bool {
    if same(left, right) || left.is_nan() && right.is_nan() {
        return true;
    }
    let (sum, distance) = (left.abs() + right.abs(), (left - right).abs());
    if same(left, 0.0) || same(right, 0.0) || sum < f64::MIN_POSITIVE {
        return distance < SMALL_DELTA * f64::MIN_POSITIVE;
    }
    distance / sum.min(f64::MAX) < SMALL_DELTA
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quantile: f64, buckets: &[(f64, f64)], expected: f64) {
        let buckets = buckets
            .iter()
            .map(|(bound, count)| HistogramBucket {
                bound: *bound,
                count: *count,
            })
            .collect();
        let value = bucket_quantile(quantile, buckets);
        assert!(
            same(value, expected)
                || (value - expected).abs() < 1e-12
                || value.is_nan() && expected.is_nan(),
            "{value} is not {expected}"
        );
    }

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    #[test]
    fn a_quantile_lies_within_its_bucket() {
        let buckets = [(0.1, 10.0), (0.5, 30.0), (1.0, 40.0), (INF, 40.0)];
        check(0.5, &buckets, 0.3);
        check(0.25, &buckets, 0.1);
        check(0.1, &buckets, 0.04);
        check(1.0, &buckets, 1.0);
        check(0.0, &buckets, 0.0);
        check(-0.1, &buckets, -INF);
        check(1.1, &buckets, INF);
        check(NAN, &buckets, NAN);
    }

    #[test]
    fn what_lies_above_all_bounds_is_the_highest_bound() {
        check(0.9, &[(1.0, 1.0), (2.0, 2.0), (INF, 10.0)], 2.0);
    }

    #[test]
    fn a_histogram_needs_two_buckets_and_an_infinite_one() {
        check(0.5, &[(1.0, 1.0), (2.0, 2.0)], NAN);
        check(0.5, &[(INF, 2.0)], NAN);
        check(0.5, &[], NAN);
        check(0.5, &[(1.0, 0.0), (INF, 0.0)], NAN);
    }

    #[test]
    fn a_first_bound_below_zero_is_the_answer_itself() {
        check(0.1, &[(-1.0, 5.0), (1.0, 10.0), (INF, 10.0)], -1.0);
    }

    #[test]
    fn counts_never_fall_and_equal_bounds_add_up() {
        check(0.5, &[(1.0, 10.0), (2.0, 8.0), (INF, 20.0)], 1.0);
        check(0.5, &[(1.0, 2.0), (1.0, 2.0), (2.0, 8.0), (INF, 8.0)], 1.0);
    }
}
