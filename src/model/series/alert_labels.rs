//! The labels of the alerts that a rule stands for, which silences are compared with.

use std::collections::BTreeMap;

use crate::model::series::matcher::unquote;
use crate::model::verdict::Verdict;

/// The labels of every alert that a rule stands for: one of each of its components and of
/// each series that it found.
pub fn alerts(verdict: &Verdict) -> Vec<BTreeMap<String, String>> {
    let mut series: Vec<_> = verdict.evidence.iter().map(|one| &*one.series).collect();
    if series.is_empty() {
        series.push("");
    }
    let components = verdict.components.iter();
    let alerts = components.flat_map(|component| {
        let series = series.iter();
        series.map(|series| labels(verdict, &component.0, series))
    });
    alerts.collect()
}

/// The labels of one alert; those of the rule take precedence over the series.
pub fn labels(verdict: &Verdict, component: &str, series: &str) -> BTreeMap<String, String> {
    let mut labels = labels_of(series);
    let own = [
        ("alertname", &*verdict.rule.0),
        ("rule", &*verdict.rule.0),
        ("severity", verdict.severity.word()),
        ("component", component),
    ];
    labels.extend(own.map(|(label, value)| (label.to_owned(), value.to_owned())));
    labels
}

/// The labels of a series as Prometheus prints it; `__name__` is its name.
fn labels_of(series: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let (name, inside) = series.split_once('{').unwrap_or((series, ""));
    if !name.is_empty() {
        labels.insert("__name__".to_owned(), name.to_owned());
    }
    let mut rest = inside;
    while !rest.is_empty() && rest != "}" {
        let quoted = unquote(rest);
        let is_quoted = quoted.is_some();
        let plain = || Some((rest[..rest.find('=')?].to_owned(), &rest[rest.find('=')?..]));
        let Some((label, behind)) = quoted.or_else(plain) else {
            break;
        };
        rest = match behind.strip_prefix('=').and_then(unquote) {
            Some((value, behind)) => {
                labels.insert(label, value);
                behind
            }
            // A name that is no plain word stands inside, without a value.
            None if is_quoted => {
                labels.insert("__name__".to_owned(), label);
                behind
            }
            None => break,
        };
        rest = rest.trim_start_matches([',', ' ']);
    }
    labels
}

#[cfg(test)]
mod tests {
    use crate::model::component::ComponentId;
    use crate::model::fixtures;
    use crate::model::verdict::{Evidence, RuleState};

    use super::*;

    #[test]
    fn a_rule_stands_for_an_alert_of_each_component_and_series() {
        let since = jiff::Timestamp::UNIX_EPOCH;
        let mut verdict = fixtures::verdict("stuck", "api", RuleState::Firing { since });
        assert_eq!(alerts(&verdict).len(), 1);
        verdict.components.push(ComponentId("cache".into()));
        verdict.evidence = ["a{q=\"x\"}", "a{q=\"y\"}"]
            .map(|series| Evidence {
                series: series.to_owned(),
                value: 1.0,
            })
            .into();
        let found = alerts(&verdict);
        assert_eq!(found.len(), 4);
        assert_eq!(found[3]["q"], "y");
        assert_eq!(found[3]["component"], "cache");
    }

    #[test]
    fn labels_are_read_as_they_are_printed() {
        for (series, expected) in [
            ("", &[][..]),
            ("{}", &[]),
            ("up", &[("__name__", "up")]),
            (
                "up{a=\"b\", c=\"d\"}",
                &[("__name__", "up"), ("a", "b"), ("c", "d")],
            ),
            (
                "{\"my.up\", \"a.b\"=\"c\"}",
                &[("__name__", "my.up"), ("a.b", "c")],
            ),
            ("{a=\"x,y=\\\"z\\\"}\"}", &[("a", "x,y=\"z\"}")]),
            ("up{broken", &[("__name__", "up")]),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(l, v)| ((*l).into(), (*v).into()))
                .collect();
            assert_eq!(
                labels_of(series)
                    .into_iter()
                    .collect::<Vec<(String, String)>>(),
                expected,
                "{series}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_series_makes_it_panic(series in "([a-z]|[{}=\", \\\\]|ü){0,30}") {
            let _ = labels_of(&series);
        }
    }
}
