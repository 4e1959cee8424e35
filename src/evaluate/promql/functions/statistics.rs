//! Sums, means, spreads and quantiles, rounded as Prometheus rounds them.

use std::cmp::Ordering;

use crate::evaluate::promql::functions::number::{float, index};

/// Sums values and carries what rounding lost, as Prometheus' `kahanSumInc`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KahanSum {
    total: f64,
    lost: f64,
}

impl KahanSum {
    /// Adds a value.
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.total + value;
        if total.is_infinite() {
            self.lost = 0.0;
        } else if self.total.abs() >= value.abs() {
            self.lost += (self.total - total) + value;
        } else {
            self.lost += (value - total) + self.total;
        }
        self.total = total;
    }

    /// Gives the sum.
    pub(crate) fn value(self) -> f64 {
        self.total + self.lost
    }

    fn scaled(self, factor: f64) -> Self {
        Self {
            total: self.total * factor,
            lost: self.lost * factor,
        }
    }
}

/// Sums all values.
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = KahanSum::default();
    values.into_iter().for_each(|value| sum.add(value));
    sum.value()
}

/// Gives the mean of at least one value.
///
/// Where the plain sum overflows it goes on with a running mean, as Prometheus
/// does: then the infinity is the data's and not the method's.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut count = 0.0;
    let mut sum = KahanSum::default();
    let mut running = None;
    for value in values {
        count += 1.0;
        if running.is_none() {
            let mut next = sum;
            next.add(value);
            if count <= 1.0 || !next.total.is_infinite() {
                sum = next;
                continue;
            }
        }
        let before = running.unwrap_or_else(|| sum.scaled(1.0 / (count - 1.0)));
        let mut next = before.scaled((count - 1.0) / count);
        next.add(value / count);
        running = Some(next);
    }
    running.map_or_else(|| sum.total / count + sum.lost / count, KahanSum::value)
}

/// Gives the population variance by Welford's method.
pub(crate) fn variance(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut count = 0.0;
    let mut mean = KahanSum::default();
    let mut squares = KahanSum::default();
    for value in values {
        count += 1.0;
        let distance = value - mean.value();
        mean.add(distance / count);
        squares.add(distance * (value - mean.value()));
    }
    squares.value() / count
}

/// Gives the quantile between the two nearest ranks, NaN being the smallest,
/// as Prometheus' `quantile`.
pub(crate) fn quantile(quantile: f64, mut values: Vec<f64>) -> f64 {
    if values.is_empty() || quantile.is_nan() {
        return f64::NAN;
    }
    if quantile < 0.0 {
        return f64::NEG_INFINITY;
    }
    if quantile > 1.0 {
        return f64::INFINITY;
    }
    values
        .sort_by(|left, right| by_value(*left, *right).unwrap_or_else(|| nan_first(*left, *right)));
    let last = values.len() - 1;
    let rank = quantile * float(last);
    let lower = index(rank.floor()).min(last);
    let upper = (lower + 1).min(last);
    let weight = rank - rank.floor();
    values[lower] * (1.0 - weight) + values[upper] * weight
}

/// Gives the larger value; a NaN yields to any number.
pub(crate) fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NAN, |best, value| {
        if value > best || best.is_nan() {
            value
        } else {
            best
        }
    })
}

/// Gives the smaller value; a NaN yields to any number.
pub(crate) fn smallest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NAN, |best, value| {
        if value < best || best.is_nan() {
            value
        } else {
            best
        }
    })
}

/// Orders by value with NaN last, in either direction.
pub(crate) fn nan_last(left: f64, right: f64, descending: bool) -> Ordering {
    match by_value(left, right) {
        Some(order) if descending => order.reverse(),
        Some(order) => order,
        None => left.is_nan().cmp(&right.is_nan()),
    }
}

fn nan_first(left: f64, right: f64) -> Ordering {
    right.is_nan().cmp(&left.is_nan())
}

fn by_value(left: f64, right: f64) -> Option<Ordering> {
    left.partial_cmp(&right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::promql::functions::number::same;

    fn alike(value: f64, expected: f64) {
        let close = (value - expected).abs() <= 1e-12 * expected.abs();
        assert!(
            same(value, expected) || close || value.is_nan() && expected.is_nan(),
            "{value} is not {expected}"
        );
    }

    #[test]
    fn a_small_value_survives_between_large_ones() {
        alike(sum([1e100, 1.0, -1e100]), 1.0);
        alike(mean([1e100, 1.0, 1.0, -1e100]), 0.5);
    }

    #[test]
    fn a_mean_of_huge_values_is_finite() {
        alike(mean([1e308, 1e308, 1e308]), 1e308);
        alike(mean([f64::INFINITY, 1.0]), f64::INFINITY);
        alike(mean([f64::INFINITY, f64::NEG_INFINITY]), f64::NAN);
    }

    #[test]
    fn a_variance_is_that_of_the_population() {
        alike(variance([1.0, 2.0, 3.0, 4.0]), 1.25);
        alike(variance([5.0]), 0.0);
    }

    #[test]
    fn a_quantile_lies_between_ranks() {
        let check =
            |rank, values: &[f64], expected| alike(quantile(rank, values.to_vec()), expected);
        check(0.5, &[3.0, 1.0], 2.0);
        check(0.25, &[4.0, 1.0, 2.0, 3.0], 1.75);
        check(1.0, &[1.0, 2.0], 2.0);
        check(-0.1, &[1.0], f64::NEG_INFINITY);
        check(1.1, &[1.0], f64::INFINITY);
        check(f64::NAN, &[1.0], f64::NAN);
        check(0.5, &[], f64::NAN);
        check(1.0, &[2.0, f64::NAN, 1.0], 2.0);
    }

    #[test]
    fn a_nan_yields_to_numbers() {
        alike(largest([f64::NAN, 1.0, 2.0, f64::NAN]), 2.0);
        alike(smallest([f64::NAN, 1.0, 2.0]), 1.0);
        alike(largest([f64::NAN]), f64::NAN);
        let mut values = [f64::NAN, 1.0, 2.0];
        values.sort_by(|left, right| nan_last(*left, *right, true));
        assert_eq!(&values[..2], [2.0, 1.0]);
    }
}
