//! The few conversions between whole numbers, milliseconds and floats.

/// Gives milliseconds as seconds, as Prometheus' own arithmetic does.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "milliseconds of any real date are exact in a float"
)]
pub(crate) fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

/// Gives a number of samples or series as a float.
pub(crate) fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Gives the whole part of a float as an index; below zero and NaN are zero.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the conversion saturates, which is what an index wants here"
)]
pub(crate) fn index(value: f64) -> usize {
    value as usize
}

/// Gives a float cut to a whole number, if that fits.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "what does not fit is refused before"
)]
pub(crate) fn whole(value: f64) -> Option<i64> {
    (value.abs() < 9.2e18).then_some(value as i64)
}

/// Says whether two values are equal by IEEE 754, as `PromQL` compares.
#[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
pub(crate) fn same(left: f64, right: f64) -> bool {
    left == right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_saturates() {
        let check = |value: f64, expected: usize| assert_eq!(index(value), expected, "{value}");
        check(0.0, 0);
        check(2.9, 2);
        check(-1.0, 0);
        check(f64::NAN, 0);
        check(f64::INFINITY, usize::MAX);
    }
}
