//! What a silence is about at present: the rules whose alerts have its labels.

use crate::model::series::alert_labels::alerts;
use crate::model::silence::{Silence, SilenceRequest};
use crate::model::verdict::Verdict;

/// A rule of which a silence is about some alerts, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MatchedRule {
    /// Its name.
    pub(crate) rule: String,
    /// What it says at present.
    pub(crate) state: &'static str,
    /// What it says in words.
    pub(crate) text: String,
    /// Of how many of its alerts the silence is about.
    pub(crate) matched: usize,
    /// How many it has.
    pub(crate) all: usize,
}

impl MatchedRule {
    /// Whether it opens nothing then.
    pub(crate) fn is_whole(&self) -> bool {
        self.matched == self.all
    }
}

/// The rules that a silence is about, those that fire first.
pub(crate) fn matched(request: &SilenceRequest, verdicts: &[Verdict]) -> Vec<MatchedRule> {
    let silence = Silence {
        id: 0,
        request: request.clone(),
    };
    let found = verdicts.iter().filter_map(|verdict| {
        let alerts = alerts(verdict);
        let matched = alerts.iter().filter(|labels| silence.is_about(labels));
        let matched = matched.count();
        (matched > 0).then(|| MatchedRule {
            rule: verdict.rule.0.clone(),
            state: verdict.state.word(),
            text: verdict.text.clone(),
            matched,
            all: alerts.len(),
        })
    });
    let mut found: Vec<_> = found.collect();
    let order = |rule: &MatchedRule| match rule.state {
        "firing" => 0,
        "pending" => 1,
        _ => 2,
    };
    found.sort_by_key(order);
    found
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::fixtures;
    use crate::model::verdict::{Evidence, RuleState};

    use super::*;

    #[test]
    fn rules_that_fire_come_first_and_parts_of_their_alerts_are_counted() {
        let since: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let ends = since + jiff::SignedDuration::from_hours(1);
        let request = |matchers: &str| {
            let span = (since, ends);
            SilenceRequest::new(&[matchers.to_owned()], span, "Ann", "Move", since).unwrap()
        };
        let mut stuck = fixtures::verdict("stuck", "api", RuleState::Firing { since });
        stuck.evidence = ["jobs{queue=\"a\"}", "jobs{queue=\"b\"}"]
            .map(|series| Evidence {
                series: series.to_owned(),
                value: 1.0,
            })
            .into();
        let quiet = fixtures::verdict("full", "api", RuleState::Quiet { since });
        let verdicts = [quiet, stuck];
        let told = |matchers: &str| {
            let found = matched(&request(matchers), &verdicts).into_iter();
            let told = found.map(|one| format!("{} {}/{}", one.rule, one.matched, one.all));
            told.collect::<Vec<_>>()
        };
        assert_eq!(told("component=api"), ["stuck 2/2", "full 1/1"]);
        assert_eq!(told("queue=a"), ["stuck 1/2"]);
        assert_eq!(told("rule=none"), [""; 0]);
    }
}
