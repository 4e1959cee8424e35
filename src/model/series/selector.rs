//! Selects series by name and labels, as Prometheus writes it: `up{job="api"}`.

use std::fmt;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, parse};

use crate::model::sample::Metric;

/// Longer ones are not read.
const LONGEST: usize = 4096;

/// Why a text selects nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` selects no series: {why}")]
pub struct SelectorError {
    text: String,
    why: String,
}

/// A selector that is ready to be used; it prints as it was written.
#[derive(Clone, Debug)]
pub struct SeriesSelector {
    text: String,
    name: Option<String>,
    matchers: Vec<(String, MatchOp)>,
    values: Vec<String>,
}

impl PartialEq for SeriesSelector {
    /// What is written alike selects alike.
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl SeriesSelector {
    /// Reads a selector.
    ///
    /// ```
    /// use critwatch::model::sample::Metric;
    /// use critwatch::model::series::selector::SeriesSelector;
    ///
    /// let selector = SeriesSelector::parse(r#"queue_jobs{queue=~"r.*"}"#).unwrap();
    /// assert!(selector.matches(&Metric::new("queue_jobs", [("queue", "rolls")])));
    /// assert!(!selector.matches(&Metric::new("queue_jobs", [("queue", "mail")])));
    /// assert!(SeriesSelector::parse("rate(queue_jobs[5m])").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let fault = |why: String| SelectorError {
            text: text.chars().take(100).collect(),
            why,
        };
        if text.len() > LONGEST {
            return Err(fault(format!("it is longer than {LONGEST} bytes")));
        }
        let words = "write a name, matchers in braces, or both: `up{job=\"api\"}`";
        // The parser does not survive every range, offset and depth of brackets.
        if !is_plain(text) {
            return Err(fault(words.to_owned()));
        }
        let parsed = parse(text).map_err(fault)?;
        let Expr::VectorSelector(selector) = parsed else {
            return Err(fault(words.to_owned()));
        };
        if selector.offset.is_some() || selector.at.is_some() {
            return Err(fault(words.to_owned()));
        }
        if !selector.matchers.or_matchers.is_empty() {
            return Err(fault("`or` is not read".to_owned()));
        }
        let (matchers, values) = selector
            .matchers
            .matchers
            .into_iter()
            .map(|matcher| ((matcher.name, matcher.op), matcher.value))
            .unzip();
        Ok(Self {
            text: text.to_owned(),
            name: selector.name,
            matchers,
            values,
        })
    }

    /// The name of the metrics that it selects, unless it may be several.
    pub fn name(&self) -> Option<&str> {
        let named = self.matchers.iter().zip(&self.values);
        self.name.as_deref().or_else(|| {
            named
                .filter(|((label, op), _)| label == "__name__" && *op == MatchOp::Equal)
                .map(|(_, value)| value.as_str())
                .next()
        })
    }

    /// Whether it selects the series of a metric; a missing label is an empty one.
    pub fn matches(&self, metric: &Metric) -> bool {
        if self.name.as_ref().is_some_and(|name| *name != metric.name) {
            return false;
        }
        self.matchers
            .iter()
            .zip(&self.values)
            .all(|((label, op), wanted)| {
                let value = if label == "__name__" {
                    &*metric.name
                } else {
                    metric.labels.get(label).map_or("", String::as_str)
                };
                match op {
                    MatchOp::Equal => value == wanted,
                    MatchOp::NotEqual => value != wanted,
                    MatchOp::Re(pattern) => pattern.is_match(value),
                    MatchOp::NotRe(pattern) => !pattern.is_match(value),
                }
            })
    }
}

/// Whether a text has, outside its strings, no more than a selector needs.
fn is_plain(text: &str) -> bool {
    let mut quote = None;
    let mut escaped = false;
    let mut words = String::new();
    for letter in text.chars() {
        match quote {
            // A byte that is escaped would be taken for a letter.
            Some(_) if escaped && matches!(letter, 'x' | '0'..='7') => return false,
            Some(_) if escaped => escaped = false,
            Some(end) => {
                escaped = letter == '\\' && end != '`';
                if letter == end {
                    quote = None;
                }
            }
            None if matches!(letter, '"' | '\'' | '`') => {
                quote = Some(letter);
                words.push(' ');
            }
            None => words.push(letter),
        }
    }
    let is_allowed = |letter: char| letter.is_alphanumeric() || " \t\n_:{}=!~,.".contains(letter);
    let moved = |word: &str| word.eq_ignore_ascii_case("offset");
    words.chars().all(is_allowed)
        && !words
            .split(|letter: char| !letter.is_alphanumeric())
            .any(moved)
}

impl fmt::Display for SeriesSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_selector_selects_as_prometheus_does() {
        let check = |selector: &str, expected: &str| {
            let selector = SeriesSelector::parse(selector).unwrap();
            let metrics = [
                ("a", Metric::new("up", [("job", "api"), ("zone", "1")])),
                ("b", Metric::new("up", [("job", "apis")])),
                ("c", Metric::new("down", [("job", "api")])),
            ];
            let selected: Vec<_> = metrics
                .iter()
                .filter(|(_, metric)| selector.matches(metric))
                .map(|(name, _)| *name)
                .collect();
            assert_eq!(selected.join(" "), expected, "{selector}");
        };
        check("up", "a b");
        check("{job=\"api\"}", "a c");
        check("up{job=\"api\"}", "a");
        check("up{job!=\"api\"}", "b");
        // Anchored at both ends.
        check("up{job=~\"api\"}", "a");
        check("{job=~\"api.*\", __name__=\"up\"}", "a b");
        check("up{job!~\"api.+\"}", "a");
        check("up{zone=\"\"}", "b");
        check("{__name__=~\"up|down\", zone!=\"1\"}", "b c");
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for text in [
            "",
            "1",
            "up > 0",
            "up[5m]",
            "up offset 5m",
            "up @ 1",
            "{}",
            "{a=~\"(\"}",
            "up[1e30]",
            "up offset 1e30",
            r#"{a="\xff"}"#,
            r#"{a="\377"}"#,
        ] {
            assert!(SeriesSelector::parse(text).is_err(), "{text}");
        }
        assert!(SeriesSelector::parse(&"a".repeat(5000)).is_err());
        assert_eq!(
            SeriesSelector::parse("{__name__=\"up\"}").unwrap().name(),
            Some("up")
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(up|offset|[a-z{}=~!\"'\\\\(),0-9@ .\\[\\]]|1e30){0,40}") {
            let _ = SeriesSelector::parse(&text);
        }
    }
}
