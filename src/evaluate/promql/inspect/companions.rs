//! The selectors of an expression for one metric, asking for another.

use std::convert::Infallible;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector, parse};
use promql_parser::util::{ExprVisitor, walk_expr};

use crate::evaluate::window::labels::METRIC_NAME;

/// The selectors of a text that was parsed before and that name `metric`, in
/// its place another metric of the same labels but one.
pub(crate) fn companions(text: &str, metric: &str, other: &str, without: &str) -> Vec<Expr> {
    let mut found = FoundCompanions {
        metric,
        selectors: Vec::new(),
    };
    if let Ok(expr) = parse(text) {
        let Ok(_) = walk_expr(&mut found, &expr);
    }
    let asked = found.selectors.into_iter().map(|mut selector| {
        selector.name = Some(other.to_owned());
        let drops = |label: &str| label == METRIC_NAME || label == without;
        selector.matchers.matchers.retain(|one| !drops(&one.name));
        (selector.offset, selector.at) = (None, None);
        Expr::VectorSelector(selector)
    });
    asked.collect()
}

struct FoundCompanions<'m> {
    metric: &'m str,
    selectors: Vec<VectorSelector>,
}

impl FoundCompanions<'_> {
    fn note(&mut self, selector: &VectorSelector) {
        let mut matchers = selector.matchers.matchers.iter();
        let named = match &selector.name {
            Some(name) => name == self.metric,
            None => matchers.any(|one| {
                one.name == METRIC_NAME && one.op == MatchOp::Equal && one.value == self.metric
            }),
        };
        if named {
            self.selectors.push(selector.clone());
        }
    }
}

impl ExprVisitor for FoundCompanions<'_> {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        match expr {
            Expr::VectorSelector(selector) => self.note(selector),
            Expr::MatrixSelector(matrix) => self.note(&matrix.vs),
            _ => {}
        }
        Ok(true)
    }
}
