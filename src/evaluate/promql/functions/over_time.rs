//! Functions of the samples that one series has in a range.

use crate::evaluate::promql::functions::extrapolate::{change, last_change, line};
use crate::evaluate::promql::functions::number::{float, same, seconds};
use crate::evaluate::promql::functions::statistics::{
    largest, mean, quantile, smallest, sum, variance,
};
use crate::evaluate::window::series::Stamped;

/// A function of a range's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// `avg_over_time`
    Avg,
    /// `changes`
    Changes,
    /// `count_over_time`
    Count,
    /// `delta`
    Delta,
    /// `deriv`
    Deriv,
    /// `idelta`
    Idelta,
    /// `increase`
    Increase,
    /// `irate`
    Irate,
    /// `last_over_time`
    Last,
    /// `max_over_time`
    Max,
    /// `min_over_time`
    Min,
    /// `predict_linear`
    PredictLinear,
    /// `present_over_time`
    Present,
    /// `quantile_over_time`
    Quantile,
    /// `rate`
    Rate,
    /// `resets`
    Resets,
    /// `stddev_over_time`
    Stddev,
    /// `stdvar_over_time`
    Stdvar,
    /// `sum_over_time`
    Sum,
}

/// At least one sample, and the moments that frame it, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RangeSamples<'s> {
    /// The samples in the order of time.
    pub(crate) samples: &'s [Stamped],
    /// The excluded left edge of the range.
    pub(crate) start: i64,
    /// The included right edge.
    pub(crate) end: i64,
    /// The moment of evaluation, which `offset` and `@` leave alone.
    pub(crate) now: i64,
    /// The further number that some functions take.
    pub(crate) with: f64,
}

impl Over {
    /// Gives the function of that name, if it is evaluated here.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "avg_over_time" => Self::Avg,
            "changes" => Self::Changes,
            "count_over_time" => Self::Count,
            "delta" => Self::Delta,
            "deriv" => Self::Deriv,
            "idelta" => Self::Idelta,
            "increase" => Self::Increase,
            "irate" => Self::Irate,
            "last_over_time" => Self::Last,
            "max_over_time" => Self::Max,
            "min_over_time" => Self::Min,
            "predict_linear" => Self::PredictLinear,
            "present_over_time" => Self::Present,
            "quantile_over_time" => Self::Quantile,
            "rate" => Self::Rate,
            "resets" => Self::Resets,
            "stddev_over_time" => Self::Stddev,
            "stdvar_over_time" => Self::Stdvar,
            "sum_over_time" => Self::Sum,
            _ => return None,
        })
    }

    /// Says whether the result is still a value of the series itself.
    pub(crate) fn keeps_name(self) -> bool {
        self == Self::Last
    }

    /// Gives the function's value, or nothing where too few samples are there.
    pub(crate) fn of(self, stretch: RangeSamples<'_>) -> Option<f64> {
        let RangeSamples {
            samples,
            start,
            end,
            now,
            with,
        } = stretch;
        let values = || samples.iter().map(|sample| sample.value);
        let edges = (start, end);
        match self {
            Self::Avg => Some(mean(values())),
            Self::Changes => Some(pairs(samples, |before, after| {
                !(same(before, after) || before.is_nan() && after.is_nan())
            })),
            Self::Count => Some(float(samples.len())),
            Self::Delta => change(samples, edges, false, 1.0),
            Self::Deriv => line(samples, samples.first()?.at).map(|(slope, _)| slope),
            Self::Idelta => last_change(samples, false),
            Self::Increase => change(samples, edges, true, 1.0),
            Self::Irate => last_change(samples, true),
            Self::Last => values().next_back(),
            Self::Max => Some(largest(values())),
            Self::Min => Some(smallest(values())),
            Self::PredictLinear => line(samples, now).map(|(slope, level)| slope * with + level),
            Self::Present => Some(1.0),
            Self::Quantile => Some(quantile(with, values().collect())),
            Self::Rate => change(samples, edges, true, seconds(end - start)),
            Self::Resets => Some(pairs(samples, |before, after| after < before)),
            Self::Stddev => Some(variance(values()).sqrt()),
            Self::Stdvar => Some(variance(values())),
            Self::Sum => Some(sum(values())),
        }
    }
}

fn pairs(samples: &[Stamped], counts: impl Fn(f64, f64) -> bool) -> f64 {
    let counted = samples
        .array_windows()
        .filter(|[before, after]| counts(before.value, after.value));
    float(counted.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    /// The samples lie 10 s apart, the last at the right edge; now is 5 s on.
    fn check(name: &str, values: &[f64], with: f64, expected: Option<f64>) {
        let moments = (10_000..).step_by(10_000);
        let samples: Vec<_> = moments
            .zip(values)
            .map(|(at, value)| Stamped { at, value: *value })
            .collect();
        let end = samples.last().unwrap().at;
        let stretch = RangeSamples {
            samples: &samples,
            start: 0,
            end,
            now: end + 5_000,
            with,
        };
        let value = Over::named(name).unwrap().of(stretch);
        let alike = match (value, expected) {
            (Some(value), Some(expected)) => {
                (value - expected).abs() < 1e-9 || value.is_nan() && expected.is_nan()
            }
            (value, expected) => value == expected,
        };
        assert!(
            alike,
            "{name} of {values:?} is {value:?}, expected {expected:?}"
        );
    }

    #[test]
    fn each_function_sums_a_range_up() {
        check("avg_over_time", &[1.0, 2.0, 6.0], 0.0, Some(3.0));
        check("changes", &[1.0, 1.0, 2.0, NAN, NAN, 2.0], 0.0, Some(3.0));
        check("count_over_time", &[1.0, NAN], 0.0, Some(2.0));
        check("delta", &[1.0, 5.0], 0.0, Some(8.0));
        check("deriv", &[1.0, 2.0, 3.0], 0.0, Some(0.1));
        check("idelta", &[9.0, 5.0, 4.0], 0.0, Some(-1.0));
        check("increase", &[10.0, 20.0, 30.0], 0.0, Some(30.0));
        check("irate", &[1.0, 4.0, 2.0], 0.0, Some(0.2));
        check("last_over_time", &[1.0, 7.0], 0.0, Some(7.0));
        check("max_over_time", &[NAN, 7.0, 3.0], 0.0, Some(7.0));
        check("min_over_time", &[NAN, 7.0, 3.0], 0.0, Some(3.0));
        check("predict_linear", &[1.0, 2.0, 3.0], 60.0, Some(9.5));
        check("present_over_time", &[0.0], 0.0, Some(1.0));
        check("quantile_over_time", &[1.0, 3.0], 0.5, Some(2.0));
        check("rate", &[10.0, 20.0, 30.0], 0.0, Some(1.0));
        check("resets", &[3.0, 1.0, 2.0, 0.0], 0.0, Some(2.0));
        check("stddev_over_time", &[1.0, 3.0], 0.0, Some(1.0));
        check("stdvar_over_time", &[1.0, 5.0], 0.0, Some(4.0));
        check("sum_over_time", &[1.0, 2.0], 0.0, Some(3.0));
    }

    #[test]
    fn a_change_needs_two_samples() {
        for name in [
            "rate",
            "increase",
            "delta",
            "irate",
            "idelta",
            "deriv",
            "predict_linear",
        ] {
            check(name, &[1.0], 0.0, None);
        }
    }
}
