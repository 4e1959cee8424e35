//! The name and labels of a series, cheap to clone and to compare.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::model::sample::Metric;

/// The label under which `PromQL` keeps the name of a metric.
pub(crate) const METRIC_NAME: &str = "__name__";

/// The names and values of labels, each kept once however many series have it.
#[derive(Debug, Default)]
pub(crate) struct SharedTexts(HashSet<Arc<str>>);

impl SharedTexts {
    /// Gives the shared form of a word.
    pub(crate) fn share(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let fresh: Arc<str> = Arc::from(word);
        self.0.insert(Arc::clone(&fresh));
        fresh
    }

    /// Counts the words.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets the words that no series has any more.
    pub(crate) fn sweep(&mut self) {
        self.0.retain(|word| Arc::strong_count(word) > 1);
    }
}

/// Names a series: its metric's name and its labels, sorted by label name.
///
/// The name stands apart, because most operations drop it and keep the rest:
/// so dropping it allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels {
    name: Option<Arc<str>>,
    pairs: Arc<[(Arc<str>, Arc<str>)]>,
}

impl Labels {
    /// Makes the labels of a metric; an empty label counts as a missing one.
    pub(crate) fn of(metric: &Metric) -> Self {
        let pairs = metric
            .labels
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (Arc::from(name.as_str()), Arc::from(value.as_str())))
            .collect();
        Self {
            name: Some(Arc::from(metric.name.as_str())),
            pairs,
        }
    }

    /// Makes the same from words that are kept once for all series.
    pub(crate) fn shared(metric: &Metric, words: &mut SharedTexts) -> Self {
        let pairs = metric
            .labels
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (words.share(name), words.share(value)))
            .collect();
        Self {
            name: Some(words.share(&metric.name)),
            pairs,
        }
    }

    /// Says whether these are the labels of a metric.
    pub(crate) fn are_of(&self, metric: &Metric) -> bool {
        let labels = metric.labels.iter().filter(|(_, value)| !value.is_empty());
        self.name() == Some(&metric.name)
            && self
                .iter()
                .eq(labels.map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Gives the metric that has these labels.
    pub(crate) fn metric(&self) -> Metric {
        let mut metric = Metric::new(self.name().unwrap_or_default(), []);
        let labels = self.iter();
        metric
            .labels
            .extend(labels.map(|(name, value)| (name.to_owned(), value.to_owned())));
        metric
    }

    /// Gives the name of the metric in its shared form.
    pub(crate) fn shared_name(&self) -> Option<&Arc<str>> {
        self.name.as_ref()
    }

    /// Walks over the labels beside the name in their shared form.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = &(Arc<str>, Arc<str>)> {
        self.pairs.iter()
    }

    /// Gives the name of the metric, if no operation has dropped it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Gives the value of a label, or an empty text where it is missing.
    pub(crate) fn get(&self, label: &str) -> &str {
        if label == METRIC_NAME {
            return self.name().unwrap_or_default();
        }
        self.pairs
            .iter()
            .find(|(name, _)| &**name == label)
            .map_or("", |(_, value)| value)
    }

    /// Walks over the labels beside the name, sorted by label name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Gives the labels without the metric's name.
    pub(crate) fn nameless(&self) -> Self {
        Self {
            name: None,
            pairs: Arc::clone(&self.pairs),
        }
    }

    /// Takes the metric's name away.
    pub(crate) fn drop_name(&mut self) {
        self.name = None;
    }

    /// Gives only the listed labels; the name stays if it is listed.
    pub(crate) fn only(&self, listed: &[Arc<str>]) -> Self {
        self.filtered(|label| listed.iter().any(|name| &**name == label))
    }

    /// Gives all labels but the listed; the name goes only if it is listed.
    pub(crate) fn except(&self, listed: &[Arc<str>]) -> Self {
        if listed.is_empty() {
            return self.clone();
        }
        self.filtered(|label| !listed.iter().any(|name| &**name == label))
    }

    /// Gives the labels with one set, or taken away where the value is empty.
    pub(crate) fn with(&self, label: &Arc<str>, value: &str) -> Self {
        let mut changed = self.except(std::slice::from_ref(label));
        if value.is_empty() {
            return changed;
        }
        if &**label == METRIC_NAME {
            changed.name = Some(Arc::from(value));
            return changed;
        }
        let mut pairs = changed.pairs.to_vec();
        let place = pairs.partition_point(|(name, _)| name < label);
        pairs.insert(place, (Arc::clone(label), Arc::from(value)));
        Self {
            name: changed.name,
            pairs: pairs.into(),
        }
    }

    fn filtered(&self, keeps: impl Fn(&str) -> bool) -> Self {
        let name = self.name.as_ref().filter(|_| keeps(METRIC_NAME)).cloned();
        if self.pairs.iter().all(|(label, _)| keeps(label)) {
            return Self {
                name,
                pairs: Arc::clone(&self.pairs),
            };
        }
        let pairs = self
            .pairs
            .iter()
            .filter(|(label, _)| keeps(label))
            .cloned()
            .collect();
        Self { name, pairs }
    }
}

/// Prints the text form of Prometheus: `redis_up{instance="a"}`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        match self.name() {
            Some(name) if is_plain(name) => f.write_str(name)?,
            Some(name) => {
                // A name with other signs stands inside, as Prometheus 3 prints it.
                f.write_str("{")?;
                quoted(f, name)?;
                separator = ", ";
            }
            None => {}
        }
        let open = separator.is_empty();
        if open && self.pairs.is_empty() {
            return if self.name.is_none() {
                f.write_str("{}")
            } else {
                Ok(())
            };
        }
        if open {
            f.write_str("{")?;
        }
        for (label, value) in self.iter() {
            f.write_str(separator)?;
            if is_plain(label) {
                f.write_str(label)?;
            } else {
                quoted(f, label)?;
            }
            f.write_str("=")?;
            quoted(f, value)?;
            separator = ", ";
        }
        f.write_str("}")
    }
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '_' | ':'))
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | ':'))
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for sign in text.chars() {
        match sign {
            '\\' => f.write_str("\\\\")?,
            '"' => f.write_str("\\\"")?,
            '\n' => f.write_str("\\n")?,
            other => write!(f, "{other}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels<const N: usize>(name: &str, pairs: [(&str, &str); N]) -> Labels {
        Labels::of(&Metric::new(name, pairs))
    }

    #[test]
    fn a_series_prints_as_prometheus_prints_it() {
        let check = |labels: Labels, expected: &str| assert_eq!(labels.to_string(), expected);
        check(labels("redis_up", []), "redis_up");
        check(
            labels("redis_up", [("instance", "a")]),
            r#"redis_up{instance="a"}"#,
        );
        check(
            labels("up", [("b", "2"), ("a", "1")]),
            r#"up{a="1", b="2"}"#,
        );
        check(labels("up", [("a", "\"\\\n")]), r#"up{a="\"\\\n"}"#);
        check(labels("up", [("a", "")]), "up");
        check(labels("my.up", []), r#"{"my.up"}"#);
        check(labels("my.up", [("a", "1")]), r#"{"my.up", a="1"}"#);
        check(labels("up", [("a", "1")]).nameless(), r#"{a="1"}"#);
        check(labels("up", []).nameless(), "{}");
    }

    #[test]
    fn labels_are_kept_dropped_and_set_by_name() {
        let all = labels("up", [("a", "1"), ("b", "2")]);
        let listed = |names: &[&str]| {
            names
                .iter()
                .map(|name| Arc::from(*name))
                .collect::<Vec<_>>()
        };
        let check = |labels: Labels, expected: &str| assert_eq!(labels.to_string(), expected);
        check(all.only(&listed(&["a"])), r#"{a="1"}"#);
        check(all.only(&listed(&["__name__", "b"])), r#"up{b="2"}"#);
        check(all.except(&listed(&["a"])), r#"up{b="2"}"#);
        check(all.except(&listed(&["__name__"])), r#"{a="1", b="2"}"#);
        check(
            all.with(&Arc::from("aa"), "x"),
            r#"up{a="1", aa="x", b="2"}"#,
        );
        check(all.with(&Arc::from("a"), "x"), r#"up{a="x", b="2"}"#);
        check(all.with(&Arc::from("a"), ""), r#"up{b="2"}"#);
        check(
            all.with(&Arc::from("__name__"), "down"),
            r#"down{a="1", b="2"}"#,
        );
    }
}
