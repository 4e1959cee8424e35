//! What an expression compares, and with which number.

use crate::evaluate::promql::functions::aggregation::{Aggregation, Fold};
use crate::evaluate::promql::inspect::visit::outermost;
use crate::evaluate::promql::plan::operator::{BinaryOperator, Comparison};
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Scalar, Vector};
use crate::model::series::measure::Bad;

/// The side of the outermost comparison that is compared with a number, and
/// which of its values pass; `None` if there is no such comparison.
///
/// What only narrows it down (`and`, `unless`) does not change what is compared.
pub(crate) fn decisive(plan: &ExpressionPlan) -> Option<(Vector, Bad)> {
    let ExpressionPlan::Vector(vector) = plan else {
        return None;
    };
    if let Vector::WithScalar {
        operator: BinaryOperator::Filter(comparison),
        vector,
        scalar,
        scalar_first,
    } = outermost(vector, false)
    {
        let bad = bad(*comparison, number(scalar)?, *scalar_first);
        return Some((Vector::clone(vector), bad));
    }
    None
}

fn bad(comparison: Comparison, number: f64, number_first: bool) -> Bad {
    match comparison {
        Comparison::Equal => Bad::At(number),
        Comparison::Unequal => Bad::Off(number),
        Comparison::Less | Comparison::AtMost if number_first => Bad::Above(number),
        Comparison::Less | Comparison::AtMost => Bad::Below(number),
        Comparison::Greater | Comparison::AtLeast if number_first => Bad::Below(number),
        Comparison::Greater | Comparison::AtLeast => Bad::Above(number),
    }
}

/// The value of what is the same at every moment.
fn number(scalar: &Scalar) -> Option<f64> {
    match scalar {
        Scalar::Number(number) => Some(*number),
        Scalar::Time | Scalar::Only(_) => None,
        Scalar::Negate(of) => Some(-number(of)?),
        Scalar::Binary {
            operator,
            left,
            right,
        } => operator.apply(number(left)?, number(right)?),
    }
}

/// The name of the only metric whose values an expression passes on or adds up.
pub(crate) fn same_unit(vector: &Vector) -> Option<&str> {
    match vector {
        Vector::Select(selector) => match selector.names.as_slice() {
            [name] => Some(name),
            _ => None,
        },
        Vector::Negate(of)
        | Vector::Sort { of, .. }
        | Vector::Relabel { of, .. }
        | Vector::Aggregate {
            aggregation:
                Aggregation::First { .. }
                | Aggregation::Fold(Fold::Avg | Fold::Max | Fold::Min | Fold::Quantile | Fold::Sum),
            of,
            ..
        } => same_unit(of),
        Vector::Single(_)
        | Vector::Each { .. }
        | Vector::Over { .. }
        | Vector::Timestamp(_)
        | Vector::Absent { .. }
        | Vector::AbsentOverTime { .. }
        | Vector::HistogramQuantile { .. }
        | Vector::Aggregate { .. }
        | Vector::WithScalar { .. }
        | Vector::Match { .. }
        | Vector::Set { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::promql::parse::compile::compile;

    #[test]
    fn the_outermost_comparison_with_a_number_decides() {
        for (text, expected) in [
            ("a > 5", Some(Bad::Above(5.0))),
            ("a >= 2 * 3", Some(Bad::Above(6.0))),
            ("5 < a", Some(Bad::Above(5.0))),
            ("a / (b > 0) < -0.5", Some(Bad::Below(-0.5))),
            ("1 >= a", Some(Bad::Below(1.0))),
            ("up == 0", Some(Bad::At(0.0))),
            ("0 != a", Some(Bad::Off(0.0))),
            ("(a > 5) and on () b == 1", Some(Bad::Above(5.0))),
            ("a > 5 unless b", Some(Bad::Above(5.0))),
            ("a > 5 or b > 3", None),
            ("a > b", None),
            ("a > bool 5", None),
            ("a > scalar(b)", None),
            ("a > time()", None),
            ("a", None),
            ("1", None),
        ] {
            let found = decisive(&compile(text).unwrap()).map(|(_, bad)| bad);
            assert_eq!(found, expected, "{text}");
        }
    }
}
