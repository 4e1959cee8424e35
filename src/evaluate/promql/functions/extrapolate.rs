//! What counters and gauges do between their samples and a range's edges.

use crate::evaluate::promql::functions::number::{float, same, seconds};
use crate::evaluate::promql::functions::statistics::KahanSum;
use crate::evaluate::window::series::Stamped;

/// Gives the change over the range from its first and last sample,
/// extrapolated to the edges, as Prometheus 3's `extrapolatedRate`.
///
/// `per` divides the result: the range's seconds for a rate, otherwise 1.
pub(crate) fn change(
    samples: &[Stamped],
    (start, end): (i64, i64),
    counter: bool,
    per: f64,
) -> Option<f64> {
    let [first, .., last] = samples else {
        return None;
    };
    let mut change = last.value - first.value;
    if counter {
        change += lost_by_resets(samples);
    }
    let mut to_start = seconds(first.at - start);
    let mut to_end = seconds(end - last.at);
    let covered = seconds(last.at - first.at);
    let average = covered / float(samples.len() - 1);
    // An edge that is about one interval away belongs to the series; one that
    // is farther away says that the series began or ended within the range.
    let threshold = average * 1.1;
    if to_start >= threshold {
        to_start = average / 2.0;
    }
    if counter && change > 0.0 && first.value >= 0.0 {
        // A counter starts at zero: it cannot have been less before.
        to_start = to_start.min(covered * (first.value / change));
    }
    if to_end >= threshold {
        to_end = average / 2.0;
    }
    Some(change * ((covered + to_start + to_end) / covered / per))
}

/// Gives the change between the last two samples, per second for a rate,
/// as Prometheus' `instantValue`.
pub(crate) fn last_change(samples: &[Stamped], rate: bool) -> Option<f64> {
    let [.., before, last] = samples else {
        return None;
    };
    let reset = rate && last.value < before.value;
    let change = if reset {
        last.value
    } else {
        last.value - before.value
    };
    Some(if rate {
        change / seconds(last.at - before.at)
    } else {
        change
    })
}

/// Gives slope per second and value at a moment of the least-squares line,
/// as Prometheus' `linearRegression`.
pub(crate) fn line(samples: &[Stamped], at: i64) -> Option<(f64, f64)> {
    let [first, _, ..] = samples else { return None };
    if samples.iter().all(|sample| same(sample.value, first.value)) {
        return Some(if first.value.is_infinite() {
            (f64::NAN, f64::NAN)
        } else {
            (0.0, first.value)
        });
    }
    let count = float(samples.len());
    let [mut x, mut y, mut xy, mut xx] = [KahanSum::default(); 4];
    for sample in samples {
        let distance = seconds(sample.at - at);
        x.add(distance);
        y.add(sample.value);
        xy.add(distance * sample.value);
        xx.add(distance * distance);
    }
    let covariance = xy.value() - x.value() * y.value() / count;
    let variance = xx.value() - x.value() * x.value() / count;
    let slope = covariance / variance;
    Some((slope, y.value() / count - slope * x.value() / count))
}

fn lost_by_resets(samples: &[Stamped]) -> f64 {
    let falls = samples
        .array_windows()
        .filter(|[before, after]| after.value < before.value);
    falls.map(|[before, _]| before.value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Vec<Stamped> {
        let moments = (0..).step_by(10_000);
        moments
            .zip(values)
            .map(|(at, value)| Stamped { at, value: *value })
            .collect()
    }

    fn close(value: Option<f64>, expected: f64) {
        let value = value.unwrap();
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn a_change_reaches_to_edges_that_are_near() {
        let check = |values: &[f64], range: (i64, i64), counter, expected| {
            close(change(&samples(values), range, counter, 1.0), expected);
        };
        check(&[10.0, 20.0, 30.0], (-5_000, 25_000), false, 30.0);
        check(&[10.0, 20.0, 30.0], (-60_000, 60_000), false, 30.0);
        check(&[10.0, 20.0, 30.0], (-10_900, 20_000), false, 30.9);
        check(&[10.0, 20.0, 30.0], (-11_100, 20_000), false, 25.0);
        check(&[30.0, 20.0, 10.0], (0, 20_000), false, -20.0);
    }

    #[test]
    fn a_counter_reset_is_no_negative_rate() {
        close(
            change(&samples(&[90.0, 100.0, 5.0, 10.0]), (0, 30_000), true, 30.0),
            20.0 / 30.0,
        );
        close(last_change(&samples(&[100.0, 5.0]), true), 0.5);
        close(last_change(&samples(&[100.0, 5.0]), false), -95.0);
    }

    #[test]
    fn a_counter_is_not_extrapolated_below_zero() {
        close(
            change(&samples(&[0.0, 10.0, 20.0]), (-10_000, 20_000), true, 1.0),
            20.0,
        );
        close(
            change(&samples(&[5.0, 15.0, 25.0]), (-10_000, 20_000), true, 1.0),
            25.0,
        );
    }

    #[test]
    fn a_counter_that_began_in_the_range_reaches_half_an_interval_back() {
        // Prometheus 2.42 goes the 8 s to zero here, Prometheus 3 only 5 s.
        close(
            change(&samples(&[8.0, 18.0, 28.0]), (-60_000, 20_000), true, 1.0),
            25.0,
        );
    }

    #[test]
    fn one_sample_changes_nothing() {
        assert_eq!(change(&samples(&[1.0]), (0, 10), true, 1.0), None);
        assert_eq!(last_change(&samples(&[1.0]), true), None);
        assert_eq!(line(&samples(&[1.0]), 0), None);
    }

    #[test]
    fn a_line_is_fitted_and_continued() {
        let (slope, level) = line(&samples(&[1.0, 2.0, 3.0]), 30_000).unwrap();
        close(Some(slope), 0.1);
        close(Some(level), 4.0);
        assert_eq!(line(&samples(&[7.0, 7.0]), 0), Some((0.0, 7.0)));
        assert!(line(&samples(&[f64::INFINITY; 2]), 0).unwrap().0.is_nan());
    }
}
