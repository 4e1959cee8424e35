//! Incidents, planned work and components as the operators' API shows them.

use serde_json::{Value, json};

use crate::model::board::{Board, Outlook, Wait};
use crate::model::facts::planned::Planned;
use crate::model::facts::weight::ComponentState;
use crate::model::incident::{Author, Incident, Update};
use crate::model::incidents::managed::Managed;
use crate::model::time::date;
use crate::model::verdict::RuleId;
use crate::web::parts::incident::story;
use crate::web::text::update_ids;

/// An incident in a list.
pub(crate) fn listed(incident: &Incident, board: &Board) -> Value {
    let ended = date::rfc3339(incident.resolved_when, incident.days.ended);
    let ended = ended.filter(|_| incident.resolved == Some(true));
    json!({
        "id": incident.id.0,
        "file": incident.name,
        "title": incident.title,
        "state": state(incident),
        "draft": incident.draft,
        "phase": incident.phase().word().to_lowercase(),
        "severity": incident.severity,
        "affected": incident.affected,
        "date": date::rfc3339(incident.date, incident.days.began),
        "resolvedWhen": ended,
        "machine": managed(&incident.managed),
        "outlook": board.facts.outlooks.get(&incident.id).map(outlook),
    })
}

/// All that a file says, and how far planned work has come.
pub(crate) fn whole(incident: &Incident, planned: Option<&Planned>, board: &Board) -> Value {
    let mut shown = listed(incident, board);
    shown["severityOf"] = json!(incident.managed.component_severity);
    shown["stateOf"] = json!(incident.managed.state_of);
    shown["withdrawn"] = json!(incident.managed.withdrawn);
    shown["accepted"] = incident
        .managed
        .accepted
        .iter()
        .map(|(rule, who)| (rule.0.clone(), Value::from(&**who)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    shown["maintenance"] = planned.map_or(Value::Null, work);
    let keys = update_ids::keys(&incident.updates);
    let more = story::story(incident).more.into_iter();
    let more = more.chain(std::iter::repeat(""));
    let updates = incident.updates.iter().zip(keys).zip(more);
    shown["updates"] = updates
        .map(|((one, key), more)| update(one, &key, more))
        .collect();
    shown["body"] = json!(incident.body);
    shown
}

/// Planned work as a part of its file.
fn work(planned: &Planned) -> Value {
    json!({
        "stage": planned.stage.word(),
        "from": planned.from,
        "until": planned.until,
    })
}

/// Planned work in a list.
pub(crate) fn listed_work(planned: &Planned) -> Value {
    json!({
        "id": planned.id.0,
        "title": planned.title,
        "stage": planned.stage.word(),
        "from": date::rfc3339(Some(planned.from), planned.days.began),
        "until": date::rfc3339(planned.until, planned.days.ended),
        "affected": planned.components,
    })
}

/// An update with all of its paragraphs: whoever corrects it must have seen them.
fn update(update: &Update, key: &str, more: &str) -> Value {
    json!({
        "id": key,
        "at": date::rfc3339(update.at, update.day),
        "word": update.word,
        "phase": update.phase.map(|phase| phase.word().to_lowercase()),
        "text": format!("{}\n\n{more}", update.text).trim_end(),
        "author": match update.author {
            Author::Person => "person",
            Author::Rule => "rule",
        },
        "by": update.by,
    })
}

/// A component with the incident that holds its state by hand, if one does.
pub(crate) fn component(state: &ComponentState, board: &Board) -> Value {
    let component = &state.component;
    let mut incidents = board.facts.incidents.active();
    let holder = incidents.find(|one| one.managed.state_of.as_ref() == Some(&component.id));
    json!({
        "id": component.id.0,
        "name": component.name,
        "description": component.description,
        "category": component.category,
        "needs": component.needs,
        "health": state.health,
        "inMaintenance": state.in_maintenance,
        "silenced": state.silenced.is_some(),
        "measured": state.is_measured,
        "heldBy": holder.map(|incident| &incident.id.0),
    })
}

/// Whether an incident is open, over, or neither.
pub(crate) fn state(incident: &Incident) -> &'static str {
    match incident.resolved {
        Some(true) => "over",
        Some(false) => "open",
        None => "neither",
    }
}

fn managed(managed: &Managed) -> Value {
    let rules =
        |rules: &[RuleId]| -> Vec<String> { rules.iter().map(|rule| rule.0.clone()).collect() };
    json!({
        "rules": rules(&managed.rules),
        // These fire on though a person called the incident over.
        "muted": rules(&managed.overruled),
        "severity": managed.severity,
        "worst": managed.worst,
        "affected": managed.affected,
        "goodSince": managed.good_since,
        "recurrences": managed.recurrences,
    })
}

fn outlook(outlook: &Outlook) -> Value {
    json!({
        "goodSince": outlook.good_since,
        "until": outlook.until,
        "nextWord": outlook.next_word,
        "waits": outlook.waits.iter().map(wait).collect::<Vec<_>>(),
    })
}

fn wait(wait: &Wait) -> Value {
    match wait {
        Wait::Failing(names) => json!({ "for": "failing", "components": names }),
        Wait::Unseen(names) => json!({ "for": "unseen", "components": names }),
        Wait::Backlog { what, count } => {
            json!({ "for": "backlog", "what": what, "count": count })
        }
        Wait::Capacity => json!({ "for": "capacity" }),
        Wait::Changed(at) => json!({ "for": "changed", "at": at }),
        Wait::Hold => json!({ "for": "hold" }),
        Wait::Person => json!({ "for": "person" }),
    }
}
