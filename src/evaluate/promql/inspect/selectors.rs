//! The selectors of an expression, as they are written.

use promql_parser::label::MatchOp;

use crate::evaluate::promql::inspect::visit::{each_selector, metric_name};
use crate::evaluate::window::labels::METRIC_NAME;

/// One selector, without range and offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenSelector {
    /// Its text: `queue_jobs{queue="mail"}`.
    pub(crate) text: String,
    /// The metric's name, if it names one.
    pub(crate) name: Option<String>,
    /// The labels that it asks for, with the value of those that must be equal.
    pub(crate) labels: Vec<(String, Option<String>)>,
}

impl WrittenSelector {
    /// The value that it wants of a label, if it names one.
    pub(crate) fn wants(&self, label: &str) -> Option<&str> {
        let mut labels = self.labels.iter();
        labels.find_map(|(name, value)| value.as_deref().filter(|_| name == label))
    }
}

/// The selectors of an expression that was parsed before, in its order.
pub(crate) fn selectors(text: &str) -> Vec<WrittenSelector> {
    let mut found = Vec::new();
    each_selector(text, |selector| {
        let mut plain = selector.clone();
        (plain.offset, plain.at) = (None, None);
        let matchers = plain.matchers.matchers.iter();
        let labels = matchers.filter(|one| one.name != METRIC_NAME).map(|one| {
            let value = (one.op == MatchOp::Equal).then(|| one.value.clone());
            (one.name.clone(), value)
        });
        let written = WrittenSelector {
            text: plain.to_string(),
            name: metric_name(&plain).map(str::to_owned),
            labels: labels.collect(),
        };
        if !found.contains(&written) {
            found.push(written);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_stand_alone_and_once() {
        let text = "rate(a{x=\"1\", y=~\"z\"}[5m] offset 1h) > 2 and b or a{x=\"1\", y=~\"z\"}";
        let found = selectors(text);
        let texts: Vec<_> = found.iter().map(|one| &*one.text).collect();
        assert_eq!(texts, ["a{x=\"1\",y=~\"z\"}", "b"]);
        assert_eq!(found[0].wants("x"), Some("1"));
        assert_eq!(found[0].wants("y"), None);
    }
}
