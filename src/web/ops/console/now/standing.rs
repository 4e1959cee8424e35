//! Where a rule stands: its values, since when, and how long until it fires or clears.

use std::time::Duration;

use crate::model::facts::rule_facts::RuleFacts;
use crate::model::facts::suppression::Suppression;
use crate::model::incident::Incident;
use crate::model::request::samples::question::RuleRuns;
use crate::model::series::run::RuleProgress;
use crate::model::time::duration::{print, short};
use crate::model::verdict::{Publish, RuleState, Verdict};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// Series that are shown of a rule.
const MOST_SERIES: usize = 8;

/// A series that a rule selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeriesValue {
    /// The series as Prometheus prints it.
    pub(crate) series: String,
    /// Its value in words.
    pub(crate) value: String,
}

/// Where a rule stands.
#[derive(Clone, Debug)]
pub(crate) struct RuleStanding {
    /// Its name.
    pub(crate) id: String,
    /// Title of the incident that it opens.
    pub(crate) title: String,
    /// Its condition.
    pub(crate) expr: String,
    /// `firing`, `pending`, `quiet` or `unknown`.
    pub(crate) word: &'static str,
    /// How grave that is.
    pub(crate) sign: Sign,
    /// Since when.
    pub(crate) since: OperatorTime,
    /// The threshold in words.
    pub(crate) threshold: Option<String>,
    /// What it selected, the first ones.
    pub(crate) series: Vec<SeriesValue>,
    /// How many series more there are.
    pub(crate) further: usize,
    /// What comes next, in words.
    pub(crate) next: Option<String>,
    /// Why it opens nothing, in words.
    pub(crate) unheard: Option<String>,
    state: RuleState,
}

impl RuleStanding {
    /// Whether there is nothing to see.
    pub(crate) fn is_quiet(&self) -> bool {
        matches!(self.state, RuleState::Quiet { .. })
    }

    /// What fires first, then what is about to, then what cannot be seen.
    pub(crate) fn order(&self) -> (u8, std::cmp::Reverse<Sign>) {
        let rank = match self.state {
            RuleState::Firing { .. } => 0,
            RuleState::Pending { .. } => 1,
            RuleState::Unknown { .. } => 2,
            RuleState::Quiet { .. } => 3,
        };
        (rank, std::cmp::Reverse(self.sign))
    }
}

/// All rules that the board tells of, in the order of the settings.
pub(crate) fn all(rules: &[RuleFacts], runs: &RuleRuns, view: &View<'_>) -> Vec<RuleStanding> {
    let verdicts = &view.board.facts.verdicts;
    let standing = |rule: &RuleFacts| {
        let verdict = verdicts.iter().find(|one| one.rule == rule.id)?;
        Some(of(rule, verdict, runs.get(&rule.id), view))
    };
    rules.iter().filter_map(standing).collect()
}

/// Where one rule stands.
pub(crate) fn of(
    rule: &RuleFacts,
    verdict: &Verdict,
    run: Option<&RuleProgress>,
    view: &View<'_>,
) -> RuleStanding {
    let evidence = verdict.evidence.iter().take(MOST_SERIES);
    let series = evidence.map(|one| SeriesValue {
        series: one.series.clone(),
        value: rule.unit.say(one.value),
    });
    let sign = match verdict.state {
        RuleState::Firing { .. } => crate::model::component::Health::from(rule.severity).into(),
        RuleState::Pending { .. } => Sign::Notice,
        RuleState::Unknown { .. } => Sign::Unknown,
        RuleState::Quiet { .. } => Sign::Ok,
    };
    RuleStanding {
        id: rule.id.0.clone(),
        title: rule.title.clone(),
        expr: rule.expr.clone(),
        word: verdict.state.word(),
        sign,
        since: OperatorTime::new(verdict.since(), view),
        threshold: rule.threshold(),
        series: series.collect(),
        further: verdict.evidence.len().saturating_sub(MOST_SERIES),
        next: next(rule, verdict.state, run),
        unheard: unheard(rule, verdict, view),
        state: verdict.state,
    }
}

/// What comes next, if all stays as it is.
fn next(rule: &RuleFacts, state: RuleState, run: Option<&RuleProgress>) -> Option<String> {
    let alerts = run.map_or(&[][..], |run| &run.alerts);
    match state {
        RuleState::Pending { .. } => {
            let waiting = alerts.iter().filter(|alert| !alert.fired);
            let bad = waiting.map(|alert| alert.bad).max()?;
            let left = rule.hold.saturating_sub(bad);
            Some(format!(
                "Fires in {} (for {})",
                rounded(left),
                print(rule.hold)
            ))
        }
        RuleState::Firing { .. } => {
            let fired: Vec<_> = alerts.iter().filter(|alert| alert.fired).collect();
            let good = fired
                .iter()
                .map(|alert| alert.good)
                .collect::<Option<Vec<_>>>();
            match good.and_then(|good| good.into_iter().min()) {
                Some(good) => {
                    let left = rule.keep_firing_for.saturating_sub(good);
                    let keep = print(rule.keep_firing_for);
                    Some(format!(
                        "Clears in {} (keep_firing_for {keep})",
                        rounded(left)
                    ))
                }
                None if rule.clear.is_some() => {
                    Some("Clears once `clear` returns no series".to_owned())
                }
                None if rule.keep_firing_for.is_zero() => {
                    Some("Clears at the first good sample".to_owned())
                }
                None => {
                    let keep = rounded(rule.keep_firing_for);
                    Some(format!("Clears {keep} after the first good sample"))
                }
            }
        }
        RuleState::Unknown { .. } | RuleState::Quiet { .. } => None,
    }
}

fn rounded(left: Duration) -> String {
    short(Duration::from_secs(
        left.as_secs() + u64::from(left.subsec_nanos() > 0),
    ))
}

/// Why a rule that fires opens nothing.
fn unheard(rule: &RuleFacts, verdict: &Verdict, view: &View<'_>) -> Option<String> {
    let facts = &view.board.facts;
    if let Some(suppression) = facts.suppressed.get(&rule.id) {
        return Some(match suppression {
            Suppression::Maintenance => "maintenance is in progress".to_owned(),
            Suppression::Silenced { silence, until } => {
                let until = OperatorTime::new(*until, view).span;
                format!("silence {silence} for another {until}")
            }
        });
    }
    if !verdict.state.is_firing() {
        return None;
    }
    let mut closed = facts.incidents.iter();
    let overruled = |one: &&std::sync::Arc<Incident>| one.managed.overruled.contains(&rule.id);
    if closed.any(|one| overruled(&one)) {
        return Some("a person resolved its incident while it fired".to_owned());
    }
    match rule.publish {
        Publish::Internal => Some("it is internal, for metrics and logs only".to_owned()),
        Publish::Hold => {
            Some("a standing risk: it opens nothing, but keeps incidents open".to_owned())
        }
        Publish::Auto | Publish::Draft => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use crate::model::component::Severity;
    use crate::model::series::measure::Bad;
    use crate::model::series::run::AlertRun;
    use crate::model::text::unit::Unit;
    use crate::model::verdict::RuleId;

    use super::*;

    fn rule(hold: u64, keep: u64, clear: Option<&str>) -> RuleFacts {
        RuleFacts {
            id: RuleId("r".to_owned()),
            title: "R".to_owned(),
            text: String::new(),
            expr: "a > 1".to_owned(),
            clear: clear.map(str::to_owned),
            source: None,
            hold: Duration::from_secs(hold),
            keep_firing_for: Duration::from_secs(keep),
            severity: Severity::Down,
            components: Vec::new(),
            publish: Publish::Auto,
            unit: Unit::Bytes,
            bad: Bad::Above(1024.0),
        }
    }

    fn run(alerts: &[(u64, bool, Option<u64>)]) -> RuleProgress {
        let alerts = alerts.iter().map(|(bad, fired, good)| AlertRun {
            labels: BTreeMap::new(),
            since: Timestamp::UNIX_EPOCH,
            bad: Duration::from_secs(*bad),
            fired: *fired,
            good: good.map(Duration::from_secs),
            counted: None,
        });
        RuleProgress {
            alerts: alerts.collect(),
            ..RuleProgress::default()
        }
    }

    #[test]
    fn a_rule_says_how_long_until_it_fires_or_clears() {
        let since = Timestamp::UNIX_EPOCH;
        let (pending, firing) = (RuleState::Pending { since }, RuleState::Firing { since });
        for (rule, state, run, words) in [
            (
                rule(60, 0, None),
                pending,
                run(&[(20, false, None), (5, false, None)]),
                "Fires in 40 s (for 1m)",
            ),
            (
                rule(0, 30, None),
                firing,
                run(&[(0, true, Some(10))]),
                "Clears in 20 s (keep_firing_for 30s)",
            ),
            (
                rule(0, 30, None),
                firing,
                run(&[(0, true, Some(10)), (0, true, None)]),
                "Clears 30 s after the first good sample",
            ),
            (
                rule(0, 0, None),
                firing,
                run(&[(0, true, None)]),
                "Clears at the first good sample",
            ),
            (
                rule(0, 0, Some("a > 0")),
                firing,
                run(&[(0, true, None)]),
                "Clears once `clear` returns no series",
            ),
        ] {
            assert_eq!(next(&rule, state, Some(&run)).as_deref(), Some(words));
        }
        assert_eq!(rule(0, 0, None).threshold().as_deref(), Some("> 1 KiB"));
    }
}
