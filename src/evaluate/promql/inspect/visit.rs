//! Visits the selectors of an expression, and finds the part that decides its series.

use std::convert::Infallible;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector, parse};
use promql_parser::util::{ExprVisitor, walk_expr};

use crate::evaluate::promql::plan::matching::SetOperator;
use crate::evaluate::promql::plan::tree::Vector;
use crate::evaluate::window::labels::METRIC_NAME;

/// Calls a function with each selector of a text that was parsed before, in its order.
pub(crate) fn each_selector(text: &str, visit: impl FnMut(&VectorSelector)) {
    if let Ok(expr) = parse(text) {
        let Ok(_) = walk_expr(&mut SelectorVisitor(visit), &expr);
    }
}

struct SelectorVisitor<F>(F);

impl<F: FnMut(&VectorSelector)> ExprVisitor for SelectorVisitor<F> {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        match expr {
            Expr::VectorSelector(selector) => (self.0)(selector),
            Expr::MatrixSelector(matrix) => (self.0)(&matrix.vs),
            _ => {}
        }
        Ok(true)
    }
}

/// The metric that a selector names, before its braces or within them.
pub(crate) fn metric_name(selector: &VectorSelector) -> Option<&str> {
    let mut matchers = selector.matchers.matchers.iter();
    let within = matchers.find(|one| one.name == METRIC_NAME && one.op == MatchOp::Equal);
    let name = selector.name.as_deref();
    name.or_else(|| within.map(|one| &*one.value))
}

/// The outermost part that is more than sorted or narrowed down by a set operator.
///
/// What `or` adds has conditions of its own; `through_or` says whether only the left
/// side counts.
pub(crate) fn outermost(vector: &Vector, through_or: bool) -> &Vector {
    match vector {
        Vector::Set {
            operator: SetOperator::Or,
            ..
        } if !through_or => vector,
        Vector::Set { left: of, .. } | Vector::Sort { of, .. } => outermost(of, through_or),
        Vector::Select(_)
        | Vector::Single(_)
        | Vector::Negate(_)
        | Vector::Each { .. }
        | Vector::Over { .. }
        | Vector::Timestamp(_)
        | Vector::Absent { .. }
        | Vector::AbsentOverTime { .. }
        | Vector::Relabel { .. }
        | Vector::HistogramQuantile { .. }
        | Vector::Aggregate { .. }
        | Vector::WithScalar { .. }
        | Vector::Match { .. } => vector,
    }
}
