//! Rules that may open no incident at present: silenced, or under maintenance. Pure.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::component::Component;
use crate::model::facts::planned::Planned;
use crate::model::facts::suppression::{SuppressedRules, Suppression};
use crate::model::series::alert_labels::labels;
use crate::model::silence::{Silence, SilenceState};
use crate::model::verdict::Verdict;

/// The rules that are suppressed at a moment, each with the reason.
///
/// A rule stands for an alert of each of its components and of each series that
/// it found. It is suppressed if every one of them is: by planned work that goes on
/// in its component, or by a silence that is about it.
pub fn suppressed(
    verdicts: &[Verdict],
    components: &[Component],
    maintenance: &[Planned],
    silences: &[Silence],
    now: Timestamp,
) -> SuppressedRules {
    let active = silences
        .iter()
        .filter(|silence| silence.state(now) == SilenceState::Active);
    let active: Vec<_> = active.collect();
    let worked_on: BTreeSet<&str> = maintenance
        .iter()
        .filter(|work| work.stage.is_going_on())
        .flat_map(|work| work.components.iter().map(String::as_str))
        .collect();
    if active.is_empty() && worked_on.is_empty() {
        return SuppressedRules::new();
    }
    let is_worked_on = |id: &str| {
        let mut named = components.iter().filter(|component| component.id.0 == id);
        named.any(|component| worked_on.contains(&*component.name))
    };
    let reason = |verdict: &Verdict| {
        let mut loud = verdict.components.iter().filter(|id| !is_worked_on(&id.0));
        let first = loud.try_fold(Suppression::Maintenance, |reason, id| {
            silenced(verdict, &id.0, &active).map(|silenced| sooner(reason, silenced))
        })?;
        (!verdict.components.is_empty()).then_some(first)
    };
    let reasons = verdicts
        .iter()
        .filter_map(|verdict| Some((verdict.rule.clone(), reason(verdict)?)));
    reasons.collect()
}

/// Which of two reasons ends first, as far as that is known.
fn sooner(one: Suppression, other: Suppression) -> Suppression {
    match (one, other) {
        (Suppression::Maintenance, other) | (other, Suppression::Maintenance) => other,
        (Suppression::Silenced { until, .. }, Suppression::Silenced { until: end, .. }) => {
            if end < until { other } else { one }
        }
    }
}

/// The silence that ends first of those that keep the alerts of a rule for a
/// component silent; `None` if one of these alerts is heard.
fn silenced(verdict: &Verdict, component: &str, active: &[&Silence]) -> Option<Suppression> {
    if active.is_empty() {
        return None;
    }
    // Of several silences of one alert, the last one to end counts.
    let last = |series: &str| {
        let labels = labels(verdict, component, series);
        let about = active.iter().filter(|silence| silence.is_about(&labels));
        let silence = about.max_by_key(|silence| silence.request.ends)?;
        Some(Suppression::Silenced {
            silence: silence.id,
            until: silence.request.ends,
        })
    };
    let mut evidence = verdict.evidence.iter();
    if verdict.evidence.is_empty() {
        last("")
    } else {
        evidence.try_fold(Suppression::Maintenance, |reason, evidence| {
            last(&evidence.series).map(|silenced| sooner(reason, silenced))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::component::ComponentId;
    use crate::model::facts::planned::WorkStage;
    use crate::model::fixtures;
    use crate::model::incident::{IncidentId, WholeDays};
    use crate::model::silence::SilenceRequest;
    use crate::model::verdict::{Evidence, RuleState};

    use super::*;

    fn now() -> Timestamp {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    fn verdict(rule: &str, components: &[&str], series: &[&str]) -> Verdict {
        let components = components.iter().map(|&id| ComponentId(id.into()));
        let evidence = series.iter().map(|&series| Evidence {
            series: series.into(),
            value: 1.0,
        });
        Verdict {
            components: components.collect(),
            evidence: evidence.collect(),
            ..fixtures::verdict(rule, "", RuleState::Firing { since: now() })
        }
    }

    fn components() -> Vec<Component> {
        [("api", "API"), ("cache", "Cache")]
            .map(|(id, name)| fixtures::component(id, name))
            .into()
    }

    fn work(stage: WorkStage, components: &[&str]) -> Planned {
        Planned {
            id: IncidentId("a".into()),
            title: "A".into(),
            from: now(),
            days: WholeDays::default(),
            until: None,
            stage,
            components: components.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    fn silence(matchers: &str, starts: i64, ends: i64) -> Silence {
        let at = |seconds| now() + jiff::SignedDuration::from_secs(seconds);
        let matchers = [matchers.to_owned()];
        let times = (at(starts), at(ends));
        Silence {
            id: 1,
            request: SilenceRequest::new(&matchers, times, "Ann", "Move", at(starts)).unwrap(),
        }
    }

    fn check(verdict: &Verdict, planned: &[Planned], silences: &[Silence], expected: bool) {
        let found = suppressed(
            std::slice::from_ref(verdict),
            &components(),
            planned,
            silences,
            now(),
        );
        let words = (&verdict.components, planned, silences);
        assert_eq!(found.contains_key(&verdict.rule), expected, "{words:?}");
    }

    #[test]
    fn a_rule_is_hushed_while_work_goes_on_in_all_of_its_components() {
        let (one, both) = (
            verdict("a", &["api"], &[]),
            verdict("a", &["api", "cache"], &[]),
        );
        let api = |stage| [work(stage, &["API"])];
        check(&one, &[], &[], false);
        check(&one, &api(WorkStage::Scheduled), &[], false);
        check(&one, &api(WorkStage::InProgress), &[], true);
        check(&one, &api(WorkStage::Overdue), &[], true);
        check(&one, &[work(WorkStage::InProgress, &["Cache"])], &[], false);
        check(&one, &[work(WorkStage::InProgress, &[])], &[], false);
        check(&both, &api(WorkStage::InProgress), &[], false);
        let two = [
            work(WorkStage::InProgress, &["API"]),
            work(WorkStage::InProgress, &["Cache"]),
        ];
        check(&both, &two, &[], true);
    }

    #[test]
    fn a_rule_is_hushed_if_silences_are_about_all_of_its_alerts() {
        let series = "queue_jobs{queue=\"rolls\", zone=\"a\\\"b\"}";
        let one = verdict("stuck", &["api"], &[series]);
        let two = verdict("stuck", &["api"], &[series, "queue_jobs{queue=\"mail\"}"]);
        let is = |verdict: &Verdict, matchers: &str, expected: bool| {
            check(verdict, &[], &[silence(matchers, -10, 10)], expected);
        };
        is(&one, "rule=stuck", true);
        is(&one, "alertname=stuck", true);
        is(&one, "rule=other", false);
        is(&one, "severity=down,component=api", true);
        is(&one, "severity=disrupted", false);
        is(&one, "component=cache", false);
        is(&one, "queue=rolls", true);
        is(&one, "__name__=queue_jobs", true);
        is(&one, "zone=\"a\\\"b\"", true);
        is(&two, "queue=rolls", false);
        is(&two, "queue=~rolls|mail", true);
        is(&two, "rule=stuck,queue!=x", true);
        // Two silences may be about one alert each.
        let each = [
            silence("queue=rolls", -10, 10),
            silence("queue=mail", -10, 10),
        ];
        check(&two, &[], &each, true);
        // Only while they last.
        check(&one, &[], &[silence("rule=stuck", 1, 10)], false);
        check(&one, &[], &[silence("rule=stuck", -10, 0)], false);
        check(&one, &[], &[silence("rule=stuck", 0, 10)], true);
    }

    #[test]
    fn silences_and_work_together_hush_a_rule_of_two_components() {
        let both = verdict("a", &["api", "cache"], &[]);
        let work = [work(WorkStage::InProgress, &["API"])];
        check(&both, &work, &[silence("component=cache", -10, 10)], true);
        check(&both, &work, &[silence("component=api", -10, 10)], false);
    }

    #[test]
    fn a_suppressed_rule_tells_which_silence_ends_first() {
        let series = ["queue_jobs{queue=\"rolls\"}", "queue_jobs{queue=\"mail\"}"];
        let stuck = verdict("stuck", &["api"], &series);
        let numbered = |id, matchers: &str, ends| Silence {
            id,
            ..silence(matchers, -10, ends)
        };
        let silences = [
            numbered(1, "queue=rolls", 60),
            // The alert of the mails is silent until the later of the two.
            numbered(2, "queue=mail", 20),
            numbered(3, "queue=mail", 40),
        ];
        let verdicts = std::slice::from_ref(&stuck);
        let found = suppressed(verdicts, &components(), &[], &silences, now());
        let expected = Suppression::Silenced {
            silence: 3,
            until: now() + jiff::SignedDuration::from_secs(40),
        };
        assert_eq!(found[&stuck.rule], expected);
        let work = [work(WorkStage::InProgress, &["API"])];
        let found = suppressed(verdicts, &components(), &work, &silences, now());
        assert_eq!(found[&stuck.rule], Suppression::Maintenance);
    }
}
