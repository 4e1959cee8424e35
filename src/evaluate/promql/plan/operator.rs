//! Operators between two values.

use crate::evaluate::promql::functions::number::same;

/// What an operator does with two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    /// It computes a new value.
    Compute(Arithmetic),
    /// It lets the left value pass where the comparison holds.
    Filter(Comparison),
    /// It gives 1 or 0: a comparison with `bool`.
    Judge(Comparison),
}

/// The operators that compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`, with the sign of the left value as in Go
    Modulo,
    /// `^`
    Power,
    /// `atan2`
    Atan2,
}

/// The operators that compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl BinaryOperator {
    /// Gives the value of the operation, or nothing where a filter drops it.
    pub(crate) fn apply(self, left: f64, right: f64) -> Option<f64> {
        match self {
            Self::Compute(arithmetic) => Some(arithmetic.of(left, right)),
            Self::Filter(comparison) => comparison.holds(left, right).then_some(left),
            Self::Judge(comparison) => Some(f64::from(u8::from(comparison.holds(left, right)))),
        }
    }

    /// Says whether a result keeps the metric's name: it is still the series.
    pub(crate) fn keeps_name(self) -> bool {
        matches!(self, Self::Filter(_))
    }
}

impl Arithmetic {
    fn of(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Modulo => left % right,
            Self::Power => left.powf(right),
            Self::Atan2 => left.atan2(right),
        }
    }
}

impl Comparison {
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => same(left, right),
            Self::Unequal => !same(left, right),
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_follows_ieee_754() {
        let check = |arithmetic, left, right, expected: f64| {
            let value = BinaryOperator::Compute(arithmetic)
                .apply(left, right)
                .unwrap();
            assert!(
                same(value, expected) || value.is_nan() && expected.is_nan(),
                "{value}"
            );
        };
        check(Arithmetic::Add, 1.0, 2.0, 3.0);
        check(Arithmetic::Subtract, 1.0, 2.0, -1.0);
        check(Arithmetic::Multiply, 3.0, 2.0, 6.0);
        check(Arithmetic::Divide, 1.0, 0.0, f64::INFINITY);
        check(Arithmetic::Divide, 0.0, 0.0, f64::NAN);
        check(Arithmetic::Modulo, -7.0, 3.0, -1.0);
        check(Arithmetic::Modulo, 7.0, 0.0, f64::NAN);
        check(Arithmetic::Power, 2.0, 10.0, 1024.0);
        check(Arithmetic::Atan2, 0.0, 1.0, 0.0);
    }

    #[test]
    fn comparisons_filter_or_judge() {
        let check = |comparison, left, right, holds: bool| {
            assert_eq!(
                BinaryOperator::Filter(comparison).apply(left, right),
                holds.then_some(left)
            );
            let judged = if holds { 1.0 } else { 0.0 };
            assert_eq!(
                BinaryOperator::Judge(comparison).apply(left, right),
                Some(judged)
            );
        };
        check(Comparison::Equal, 1.0, 1.0, true);
        check(Comparison::Equal, f64::NAN, f64::NAN, false);
        check(Comparison::Less, 1.0, 2.0, true);
        check(Comparison::AtMost, 2.0, 2.0, true);
        check(Comparison::Greater, 1.0, 2.0, false);
        check(Comparison::AtLeast, f64::NAN, 0.0, false);
        let unequal = BinaryOperator::Judge(Comparison::Unequal);
        assert_eq!(unequal.apply(f64::NAN, f64::NAN), Some(1.0));
    }
}
