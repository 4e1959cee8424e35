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
        shades: shades(rule, (from, until), view),
        zone: &view.names.zone,
        speech: &speech,
    };
    Some([ChartForm::Inline, ChartForm::Wide].map(|form| draw(&chart, form)))
}

/// The incidents that the rule had part in, drafts among them, and the time for which
/// it fires now.
fn shades(rule: &RuleFacts, (from, until): (Timestamp, Timestamp), view: &View<'_>) -> Vec<Shade> {
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
    shades
}
