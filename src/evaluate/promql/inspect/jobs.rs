//! Which collectors an expression names by the label `job`.

use std::collections::BTreeSet;

use promql_parser::label::MatchOp;

use crate::evaluate::promql::inspect::visit::each_selector;

/// The jobs that an expression, which was parsed before, asks for by name.
pub(crate) fn jobs(text: &str) -> BTreeSet<String> {
    let mut jobs = BTreeSet::new();
    each_selector(text, |selector| {
        let matchers = selector.matchers.matchers.iter();
        let named = matchers.filter(|one| one.name == "job" && one.op == MatchOp::Equal);
        let named = named.filter(|one| !one.value.is_empty());
        jobs.extend(named.map(|one| one.value.clone()));
    });
    jobs
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
