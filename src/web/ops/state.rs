//! Everything that an operator wants to know at once: `GET /api/v1/state`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Extension, Json, Router};
use jiff::Timestamp;
use prometheus::proto::{Metric, MetricFamily, MetricType};
use serde_json::{Map, Value, json};

use crate::model::board::{Board, Sight};
use crate::model::facts::notifier_state::{NotifierState, NotifierStates};
use crate::model::facts::suppression::Suppression;
use crate::model::facts::weight::ComponentState;
use crate::model::incident::Incident;
use crate::model::silence::{Silence, SilenceState};
use crate::model::verdict::Verdict;
use crate::web::ops::access::acting::Admitted;
use crate::web::ops::board_metrics::MonitorMetrics;
use crate::web::site::Site;

/// What is told of each collector, and the metric that tells it.
const COLLECTORS: [(&str, &str); 5] = [
    ("up", "critwatch_collector_up"),
    (
        "durationSeconds",
        "critwatch_collector_scrape_duration_seconds",
    ),
    ("samples", "critwatch_collector_scrape_samples"),
    (
        "lastSuccess",
        "critwatch_collector_last_success_timestamp_seconds",
    ),
    ("scrapes", "critwatch_collector_scrapes_total"),
];

/// What the page of operators is made of.
#[derive(Clone, Debug)]
struct OperatorsState {
    site: Site,
    levels: Arc<MonitorMetrics>,
    notifiers: NotifierStates,
}

/// The route.
pub(crate) fn routes(site: Site, levels: MonitorMetrics, notifiers: NotifierStates) -> Router {
    let state = OperatorsState {
        site,
        notifiers,
        levels: Arc::new(levels),
    };
    Router::new()
        .route("/api/v1/state", get(show))
        .with_state(state)
}

/// Whoever shows who they are sees drafts, too.
async fn show(
    State(state): State<OperatorsState>,
    admission: Option<Extension<Admitted>>,
) -> Json<Value> {
    let families = state.levels.counted();
    let shown = state.site.show(|view| {
        let board = view.board;
        json!({
            "at": board.at,
            "lastSample": last_sample(board.facts.sight),
            "health": board.health,
            "reader": board.facts.reader,
            "unwritten": board.facts.unwritten,
            "unreadable": board.facts.faults.len(),
            "components": board.components.iter().map(component).collect::<Vec<_>>(),
            "rules": board.facts.verdicts.iter().map(|one| rule(board, one)).collect::<Vec<_>>(),
            "incidents": incidents(board, admission.is_some()),
            "silences": silences(board),
            "collectors": by_label(&families, "collector", &COLLECTORS),
            "notifiers": state.notifiers.newest().iter().map(notifier).collect::<Vec<_>>(),
        })
    });
    Json(shown)
}

/// How a notifier stands.
fn notifier(state: &NotifierState) -> Value {
    json!({
        "id": state.name,
        "queued": state.due,
        "oldest": state.oldest,
        "failing": state.failing,
        "mails": state.mails,
    })
}

/// When something was measured last; nothing while nothing is seen.
fn last_sample(sight: Sight) -> Option<Timestamp> {
    match sight {
        Sight::Fresh { last } => Some(last),
        Sight::Blind { .. } | Sight::Unwatched => None,
    }
}

fn component(state: &ComponentState) -> Value {
    json!({
        "id": state.component.id.0,
        "name": state.component.name,
        "health": state.health,
        "inMaintenance": state.in_maintenance,
        "silenced": state.silenced.is_some(),
    })
}

fn rule(board: &Board, verdict: &Verdict) -> Value {
    let incidents = &board.facts.incidents;
    let mut closed = incidents.iter();
    let closed = closed.find(|incident| incident.managed.overruled.contains(&verdict.rule));
    let evidence = verdict.evidence.iter();
    let evidence = evidence.map(|one| json!({ "series": one.series, "value": one.value }));
    json!({
        "id": verdict.rule.0,
        "state": verdict.state.word(),
        "since": verdict.since(),
        "severity": verdict.severity,
        "publish": verdict.publish,
        "components": verdict.components,
        "text": verdict.text,
        "evidence": evidence.collect::<Vec<_>>(),
        "suppressed": board.facts.suppressed.get(&verdict.rule).map(suppression),
        "overruledBy": closed.map(|incident| &incident.id.0),
    })
}

fn suppression(reason: &Suppression) -> Value {
    match reason {
        Suppression::Maintenance => json!({ "by": "maintenance" }),
        Suppression::Silenced { silence, until } => {
            json!({ "by": "silence", "silence": silence, "until": until })
        }
    }
}

/// Open incidents; drafts are not meant for everybody who reaches the listener.
fn incidents(board: &Board, with_drafts: bool) -> Vec<Value> {
    let all = board.facts.incidents.iter().map(AsRef::as_ref);
    let open = all.filter(|incident: &&Incident| {
        incident.is_active() || with_drafts && incident.is_waiting_draft()
    });
    let value = |incident: &Incident| {
        json!({
            "id": incident.id.0,
            "title": incident.title,
            "severity": incident.severity,
            "phase": incident.phase().word().to_lowercase(),
            "draft": incident.draft,
            "date": incident.date,
            "affected": incident.affected,
        })
    };
    open.map(value).collect()
}

fn silences(board: &Board) -> Vec<Value> {
    let lasting = |silence: &&Silence| silence.state(board.at) != SilenceState::Expired;
    let value = |silence: &Silence| {
        let asked = &silence.request;
        let matchers = asked.matchers.iter().map(ToString::to_string);
        json!({
            "id": silence.id,
            "state": silence.state(board.at).word(),
            "matchers": matchers.collect::<Vec<_>>(),
            "until": asked.ends,
            "by": asked.author,
            "reason": asked.reason,
        })
    };
    let silences = board.facts.silences.iter();
    silences.filter(lasting).map(value).collect()
}

/// Values of our own metrics, one object for each value of a label.
fn by_label(families: &[MetricFamily], label: &str, wanted: &[(&str, &str)]) -> Vec<Value> {
    let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for (key, name) in wanted {
        let family = families.iter().find(|family| family.name() == *name);
        for metric in family.into_iter().flat_map(MetricFamily::get_metric) {
            let mut labels = metric.get_label().iter();
            let Some(pair) = labels.find(|pair| pair.name() == label) else {
                continue;
            };
            let values = found.entry(pair.value().to_owned()).or_default();
            let kind = family.map(MetricFamily::get_field_type);
            values.insert((*key).to_owned(), value(metric, kind).into());
        }
    }
    let named = found.into_iter().map(|(id, mut values)| {
        values.insert("id".to_owned(), id.into());
        Value::Object(values)
    });
    named.collect()
}

fn value(metric: &Metric, kind: Option<MetricType>) -> f64 {
    if kind == Some(MetricType::COUNTER) {
        metric.get_counter().get_value()
    } else {
        metric.get_gauge().get_value()
    }
}
