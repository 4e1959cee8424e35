//! The selectors of an expression for one metric, asking for another.

use promql_parser::parser::Expr;

use crate::evaluate::promql::inspect::visit::{each_selector, metric_name};
use crate::evaluate::window::labels::METRIC_NAME;

/// The selectors of a text that was parsed before and that name `metric`, in
/// its place another metric of the same labels but one.
pub(crate) fn companions(text: &str, metric: &str, other: &str, without: &str) -> Vec<Expr> {
    let mut asked = Vec::new();
    each_selector(text, |selector| {
        if metric_name(selector) != Some(metric) {
            return;
        }
        let mut selector = selector.clone();
        selector.name = Some(other.to_owned());
        let drops = |label: &str| label == METRIC_NAME || label == without;
        selector.matchers.matchers.retain(|one| !drops(&one.name));
        (selector.offset, selector.at) = (None, None);
        asked.push(Expr::VectorSelector(selector));
    });
    asked
}
