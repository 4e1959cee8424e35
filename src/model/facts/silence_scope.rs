//! Which rules a silence is about, and why it may be about none. Pure.

use std::collections::BTreeMap;

use crate::model::component::{ComponentId, Severity};
use crate::model::sample::Metric;
use crate::model::series::label::METRIC_NAME;
use crate::model::series::matcher::{LabelMatcher, MatchOperator};
use crate::model::text::nearest::nearest;
use crate::model::verdict::RuleId;

/// What the settings say of a rule, as far as silences ask for it.
#[derive(Clone, Copy, Debug)]
pub struct SilencedRule<'a> {
    /// Its name.
    pub id: &'a RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub components: &'a [ComponentId],
}

impl SilencedRule<'_> {
    /// The labels that each of its alerts has, whatever series it finds: one map
    /// for each component.
    fn labels(self) -> impl Iterator<Item = BTreeMap<&'static str, String>> {
        self.components.iter().map(move |component| {
            BTreeMap::from([
                ("alertname", self.id.0.clone()),
                ("rule", self.id.0.clone()),
                ("severity", self.severity.word().to_owned()),
                ("component", component.0.clone()),
            ])
        })
    }
}

/// The labels that every alert has.
const OWN: [&str; 4] = ["alertname", "rule", "severity", "component"];

/// The rules with at least one alert that every matcher can match.
///
/// Labels of series are known only when a rule has found them, so a matcher of
/// such a label is taken to match.
pub fn rules_meant<'a>(matchers: &[LabelMatcher], rules: &[SilencedRule<'a>]) -> Vec<&'a RuleId> {
    let is_meant = |labels: &BTreeMap<&str, String>| {
        matchers.iter().all(|matcher| {
            labels
                .get(matcher.label())
                .is_none_or(|value| matcher.matches(value))
        })
    };
    let meant = rules
        .iter()
        .filter(|rule| rule.labels().any(|labels| is_meant(&labels)));
    meant.map(|rule| rule.id).collect()
}

/// Why a silence is about nothing, with the way out; `None` if it is about something.
///
/// `series` are those that were measured; if none are known, their labels are not
/// checked.
pub fn mistake(
    matchers: &[LabelMatcher],
    rules: &[SilencedRule<'_>],
    series: &[Metric],
) -> Option<String> {
    if rules.is_empty() {
        return Some("the settings have no rule".to_owned());
    }
    let alerts: Vec<_> = rules.iter().flat_map(|rule| rule.labels()).collect();
    for matcher in matchers {
        let label = matcher.label();
        let mut values: Vec<&str> = if OWN.contains(&label) {
            alerts.iter().map(|alert| &*alert[label]).collect()
        } else if series.is_empty() || matcher.matches("") {
            continue;
        } else {
            series.iter().filter_map(|one| value(one, label)).collect()
        };
        if values.iter().any(|value| matcher.matches(value)) {
            continue;
        }
        values.sort_unstable();
        values.dedup();
        return Some(miss(matcher, &values));
    }
    rules_meant(matchers, rules)
        .is_empty()
        .then(|| "no rule has all of these labels together; leave one of them out".to_owned())
}

/// The value of a label of a series; `__name__` is its name.
fn value<'s>(series: &'s Metric, label: &str) -> Option<&'s str> {
    if label == METRIC_NAME {
        return Some(&series.name);
    }
    series.labels.get(label).map(String::as_str)
}

/// Says that a matcher finds nothing among some values, and which is near.
fn miss(matcher: &LabelMatcher, values: &[&str]) -> String {
    let near = match matcher.operator() {
        MatchOperator::Equal => nearest(matcher.value(), values.iter().copied()),
        MatchOperator::NotEqual | MatchOperator::Fits | MatchOperator::FitsNot => None,
    };
    let way = match near {
        Some(near) => format!("did you mean `{}={near}`?", matcher.label()),
        None if values.is_empty() => "nothing has such a label".to_owned(),
        None => {
            let (shown, more) = values.split_at(values.len().min(SHOWN));
            let rest = if more.is_empty() { "" } else { ", ..." };
            format!("there are {}{rest}", shown.join(", "))
        }
    };
    format!("`{matcher}` matches nothing; {way}")
}

/// How many values are listed where none is near.
const SHOWN: usize = 12;

#[cfg(test)]
mod tests {
    use crate::model::series::matcher::parse;

    use super::*;

    fn check(matchers: &str, expected: Result<&[&str], &str>) {
        let ids = ["mails-late", "api-down"].map(|id| RuleId(id.to_owned()));
        let components = ["mails", "api"].map(|id| [ComponentId(id.to_owned())]);
        let rules = [
            SilencedRule {
                id: &ids[0],
                severity: Severity::Disrupted,
                components: &components[0],
            },
            SilencedRule {
                id: &ids[1],
                severity: Severity::Down,
                components: &components[1],
            },
        ];
        let series = [Metric::new("queue_jobs", [("queue", "rolls")])];
        let matchers = parse(matchers).unwrap();
        let meant = rules_meant(&matchers, &rules);
        let meant: Vec<_> = meant.iter().map(|rule| &*rule.0).collect();
        let found = match mistake(&matchers, &rules, &series) {
            Some(why) => Err(why),
            None => Ok(meant),
        };
        assert_eq!(
            found.as_deref().map_err(|why| &**why),
            expected,
            "{matchers:?}"
        );
    }

    #[test]
    fn a_silence_is_about_the_rules_whose_alerts_it_matches() {
        check("rule=mails-late", Ok(&["mails-late"]));
        check("alertname=api-down", Ok(&["api-down"]));
        check("severity!=down", Ok(&["mails-late"]));
        check("component=~\"mails|api\"", Ok(&["mails-late", "api-down"]));
        check("queue=rolls", Ok(&["mails-late", "api-down"]));
        check("__name__=queue_jobs", Ok(&["mails-late", "api-down"]));
        check("rule=mails-late,queue=rolls", Ok(&["mails-late"]));
        check("rule=mails-late,zone!=a", Ok(&["mails-late"]));
    }

    #[test]
    fn a_silence_that_is_about_nothing_names_what_it_may_mean() {
        for (matchers, why) in [
            (
                "rule=mails-lat",
                "`rule=\"mails-lat\"` matches nothing; did you mean `rule=mails-late`?",
            ),
            (
                "component=website",
                "`component=\"website\"` matches nothing; there are api, mails",
            ),
            (
                "severity=~\"critical|warning\"",
                "`severity=~\"critical|warning\"` matches nothing; there are disrupted, down",
            ),
            (
                "rule=api-down,queue=rols",
                "`queue=\"rols\"` matches nothing; did you mean `queue=rolls`?",
            ),
            (
                "instance=a",
                "`instance=\"a\"` matches nothing; nothing has such a label",
            ),
            (
                "rule=mails-late,component=api",
                "no rule has all of these labels together; leave one of them out",
            ),
        ] {
            check(matchers, Err(why));
        }
    }
}
