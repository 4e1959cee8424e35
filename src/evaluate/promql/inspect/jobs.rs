//! Which collectors an expression names by the label `job`.

use std::collections::BTreeSet;
use std::convert::Infallible;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector, parse};
use promql_parser::util::{ExprVisitor, walk_expr};

/// The jobs that an expression, which was parsed before, asks for by name.
pub(crate) fn jobs(text: &str) -> BTreeSet<String> {
    let mut found = FoundJobs::default();
    if let Ok(expr) = parse(text) {
        let Ok(_) = walk_expr(&mut found, &expr);
    }
    found.0
}

#[derive(Default)]
struct FoundJobs(BTreeSet<String>);

impl FoundJobs {
    fn note(&mut self, selector: &VectorSelector) {
        let matchers = selector.matchers.matchers.iter();
        let named = matchers.filter(|one| one.name == "job" && one.op == MatchOp::Equal);
        self.0.extend(
            named
                .filter(|one| !one.value.is_empty())
                .map(|one| one.value.clone()),
        );
    }
}

impl ExprVisitor for FoundJobs {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_found_wherever_a_selector_stands() {
        let text = "sum(rate(a{job=\"x\"}[5m])) > 2 or max_over_time(up{job='y'}[5m:]) == 0 \
            unless b{job=~\"z\", other=\"w\"} + c{job!=\"v\"} + d{job=\"\"}";
        assert_eq!(jobs(text), ["x", "y"].map(str::to_owned).into());
    }
}
