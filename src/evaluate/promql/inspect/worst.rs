//! Which of several values is the worst, by what the expression compares.

use crate::evaluate::promql::inspect::visit::outermost;
use crate::evaluate::promql::plan::operator::{BinaryOperator, Comparison};
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Vector};

/// Whether the smallest value is the worst: its outermost comparison lets the
/// small ones pass.
pub(crate) fn smallest_is_worst(plan: &ExpressionPlan) -> bool {
    let ExpressionPlan::Vector(vector) = plan else {
        return false;
    };
    let outermost = outermost(vector, true);
    if let Vector::WithScalar {
        operator: BinaryOperator::Filter(comparison),
        scalar_first,
        ..
    } = outermost
    {
        return is_below(*comparison) != *scalar_first && is_order(*comparison);
    }
    matches!(
        outermost,
        Vector::Match { operator: BinaryOperator::Filter(comparison), .. }
            if is_below(*comparison)
    )
}

/// Whether its outermost part lets only some values pass.
pub(crate) fn is_condition(plan: &ExpressionPlan) -> bool {
    let ExpressionPlan::Vector(vector) = plan else {
        return false;
    };
    matches!(
        outermost(vector, true),
        Vector::WithScalar {
            operator: BinaryOperator::Filter(_),
            ..
        } | Vector::Match {
            operator: BinaryOperator::Filter(_),
            ..
        }
    )
}

fn is_below(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Less | Comparison::AtMost)
}

fn is_order(comparison: Comparison) -> bool {
    !matches!(comparison, Comparison::Equal | Comparison::Unequal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::promql::parse::compile::compile;

    #[test]
    fn a_condition_is_told_from_a_value() {
        for (text, expected) in [
            ("a > 1", true),
            ("(a == 1) and b", true),
            ("a or b", false),
            ("a > bool 1", false),
            ("sum(a > 1)", false),
            ("a / b", false),
            ("1", false),
        ] {
            assert_eq!(is_condition(&compile(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_compared_from_below_is_worst_when_small() {
        for (text, expected) in [
            ("a > 1", false),
            ("a < 1", true),
            ("1 > a", true),
            ("1 < a", false),
            ("a <= b", true),
            ("a == 0", false),
            ("0 == a", false),
            ("a < 1 and b > 2", true),
            ("(a < 1) or b > 2", true),
            ("a < bool 1", false),
            ("a", false),
            ("1", false),
        ] {
            assert_eq!(
                smallest_is_worst(&compile(text).unwrap()),
                expected,
                "{text}"
            );
        }
    }
}
