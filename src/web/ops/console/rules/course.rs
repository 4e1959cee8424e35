//! The decisive values of a rule over the last hours, as a chart.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::chart::draw;
use crate::chart::subject::{Chart, ChartForm, ReferenceLine, Shade};
use crate::language::speech::Speech;
use crate::model::facts::rule_facts::RuleFacts;
use crate::model::request::ask::HistoryQuery;
use crate::model::series::measure::Decisive;
use crate::model::series::minute::{MinuteSample, buckets};
use crate::model::text::language::Language;
use crate::web::site::View;

/// How long reading from the disk may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Parts of a chart.
const PARTS: u64 = 240;

/// The stretches of time that can be chosen, in hours.
pub(crate) const HOURS: [u64; 4] = [1, 6, 24, 168];

/// The minutes of a rule until a moment; none if the disk does not answer.
pub(crate) async fn minutes(
    history: &mpsc::Sender<HistoryQuery>,
    rule: &RuleFacts,
    hours: u64,
    now: Timestamp,
) -> Vec<MinuteSample> {
    let asked = async {
        let (answer, answered) = oneshot::channel();
        let query = HistoryQuery {
            metrics: vec![Decisive::metric(&rule.id)],
            from: now.checked_sub(Duration::from_hours(hours)).ok()?,
            until: now,
            answer,
        };
        history.send(query).await.ok()?;
        answered.await.ok()?.series.into_iter().next()
    };
    let found = timeout(PATIENCE, asked).await.ok().flatten();
    found.map_or_else(Vec::new, |series| series.samples)
}

/// Draws them with the threshold, and the incidents that the rule had part in, for a
/// narrow screen and for a wide one.
pub(crate) fn drawn(
    rule: &RuleFacts,
    minutes: &[MinuteSample],
    hours: u64,
    view: &View<'_>,
) -> Option<[String; 2]> {
    if minutes.is_empty() {
        return None;
    }
    let until = view.now;
    let from = until.checked_sub(Duration::from_hours(hours)).ok()?;
    let step = Duration::from_secs((hours * 3600 / PARTS).next_multiple_of(60));
    let buckets = buckets(minutes, from, step);
    let threshold = rule.bad.threshold().map(|value| ReferenceLine {
        label: "threshold",
        value,
        grave: true,
    });
    let speech = Speech::of(Language::En);
    let chart = Chart {
        id: &rule.id.0,
        title: &rule.title,
        unit: rule.unit,
        from,
        until,
        step,
        buckets: &buckets,
        marks: threshold.into_iter().collect(),
        shades: shades(rule, minutes, (from, until), view),
        zone: &view.names.zone,
        speech: &speech,
    };
    Some([ChartForm::Inline, ChartForm::Wide].map(|form| draw(&chart, form)))
}

/// When the rule fired by its minutes: from when the worst value had been bad for as long as
/// `for` asks, until it had been good for as long as `keep_firing_for` asks. None of a rule
/// that no threshold decides.
fn firings(rule: &RuleFacts, minutes: &[MinuteSample]) -> Vec<(Timestamp, Timestamp)> {
    const MINUTE: Duration = Duration::from_mins(1);
    let mut runs: Vec<(Timestamp, Timestamp)> = Vec::new();
    let bad = minutes
        .iter()
        .filter(|one| rule.bad.has(rule.bad.worse(one.min, one.max)));
    for minute in bad {
        let end = minute.at + MINUTE;
        match runs.last_mut() {
            Some((_, until)) if minute.at <= *until => *until = end,
            _ => runs.push((minute.at, end)),
        }
    }
    let fired = runs.into_iter().filter_map(|(since, until)| {
        let since = since.checked_add(rule.hold).ok()?;
        (since < until).then_some((since, until.checked_add(rule.keep_firing_for).ok()?))
    });
    fired.collect()
}

/// The incidents that the rule had part in, drafts among them, and when it fired beside
/// them: before, and now.
fn shades(
    rule: &RuleFacts,
    minutes: &[MinuteSample],
    (from, until): (Timestamp, Timestamp),
    view: &View<'_>,
) -> Vec<Shade> {
    let facts = &view.board.facts;
    let own = facts.incidents.iter().filter(|one| {
        one.managed.rules.contains(&rule.id) || one.managed.overruled.contains(&rule.id)
    });
    let shade = |incident: &std::sync::Arc<crate::model::incident::Incident>| {
        let began = incident.date.filter(|began| *began < until)?;
        let ended = incident
            .resolved_when
            .filter(|_| incident.resolved == Some(true));
        let within = ended.is_none_or(|ended| ended > from);
        within.then(|| Shade {
            from: began,
            until: ended,
            label: incident.title.clone(),
        })
    };
    let mut shades: Vec<_> = own.filter_map(shade).collect();
    let mut verdicts = facts.verdicts.iter().filter(|one| one.rule == rule.id);
    let firing = verdicts.find(|one| one.state.is_firing());
    if let Some(firing) = firing.filter(|_| shades.iter().all(|one| one.until.is_some())) {
        shades.push(Shade {
            from: firing.since(),
            until: None,
            label: "fires".to_owned(),
        });
    }
    let is_told = |(since, end): &(Timestamp, Timestamp), shades: &[Shade]| {
        let mut told = shades.iter();
        told.any(|one| one.from < *end && one.until.is_none_or(|until| until > *since))
    };
    for firing in firings(rule, minutes) {
        if !is_told(&firing, &shades) {
            shades.push(Shade {
                from: firing.0,
                until: Some(firing.1),
                label: "fired".to_owned(),
            });
        }
    }
    shades
}

#[cfg(test)]
mod tests {
    use crate::model::component::Severity;
    use crate::model::series::measure::Bad;
    use crate::model::text::unit::Unit;
    use crate::model::verdict::{Publish, RuleId};

    use super::*;

    /// Minutes from 0 on in which a rule `> 5` fired over values; `_` is no data.
    fn fired(hold: u64, keep: u64, values: &str) -> Vec<(i64, i64)> {
        let rule = RuleFacts {
            id: RuleId("r".into()),
            title: String::new(),
            text: String::new(),
            expr: String::new(),
            clear: None,
            source: None,
            hold: Duration::from_mins(hold),
            keep_firing_for: Duration::from_mins(keep),
            severity: Severity::Down,
            components: Vec::new(),
            publish: Publish::Auto,
            unit: Unit::default(),
            bad: Bad::Above(5.0),
        };
        let minutes = (0_i64..)
            .zip(values.split(' '))
            .filter_map(|(minute, value)| {
                let max: f64 = value.parse().ok()?;
                Some(MinuteSample {
                    at: Timestamp::from_second(minute * 60).ok()?,
                    count: 1,
                    min: 0.0,
                    mean: max,
                    max,
                    last: max,
                })
            });
        let minutes: Vec<_> = minutes.collect();
        let found = firings(&rule, &minutes).into_iter();
        found
            .map(|(since, until)| (since.as_second() / 60, until.as_second() / 60))
            .collect()
    }

    #[test]
    fn firing_times_are_those_of_for_and_keep_firing_for() {
        assert_eq!(fired(0, 0, "1 9 9 1 9"), [(1, 3), (4, 5)]);
        assert_eq!(fired(1, 0, "1 9 9 1 9"), [(2, 3)]);
        assert_eq!(fired(0, 3, "9 1"), [(0, 4)]);
        assert_eq!(fired(0, 0, "9 _ 9"), [(0, 1), (2, 3)]);
        assert_eq!(fired(0, 0, "1 5 _"), []);
    }
}
