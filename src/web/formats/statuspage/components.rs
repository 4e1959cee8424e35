//! Components in Statuspage's words, each category as a group.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::facts::weight::ComponentState;
use crate::model::incident::Incident;
use crate::model::time::date;
use crate::web::formats::statuspage::ids::{component_id, id, moment, page_id};
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// The description of a component without data.
const UNSEEN: &str = "We have no current data for this component.";

/// What a description says of a component that nothing measures. Statuspage has no word
/// for it, and its clients know only the five that there are.
const UNMEASURED: &str = "This component is not measured: \"operational\" means that no incident \
    is reported.";

/// Every component and group, each group before its components.
pub(crate) fn all(view: &View<'_>) -> Value {
    let mut shown = Vec::new();
    let mut alone = 0;
    for category in categories(view) {
        let states = view.board.components.iter();
        let own: Vec<_> = states
            .filter(|state| state.component.category.as_deref() == category)
            .collect();
        if let Some(name) = category {
            alone += 1;
            shown.push(group(view, name, alone, &own));
        }
        for (position, state) in (1_u64..).zip(&own) {
            // Components without a group are listed among the groups.
            let position = if category.is_some() {
                position
            } else {
                alone += 1;
                alone
            };
            shown.push(component(view, state, position));
        }
    }
    json!(shown)
}

/// Categories in the order of the page, `None` for no category.
fn categories<'a>(view: &View<'a>) -> Vec<Option<&'a str>> {
    let laid_down = view.names.categories.iter();
    let mut found: Vec<_> = laid_down.map(|category| Some(&*category.name)).collect();
    for state in &view.board.components {
        let own = state.component.category.as_deref();
        if !found.contains(&own) {
            found.push(own);
        }
    }
    let states = &view.board.components;
    found.retain(|name| {
        let mut states = states.iter();
        states.any(|state| state.component.category.as_deref() == *name)
    });
    found
}

/// Every component as an incident names it, in the order of the board.
pub(crate) fn each(view: &View<'_>) -> Vec<Value> {
    let states = (1_u64..).zip(&view.board.components);
    states
        .map(|(position, state)| component(view, state, position))
        .collect()
}

fn component(view: &View<'_>, state: &ComponentState, position: u64) -> Value {
    let component = &state.component;
    let category = component.category.as_deref();
    let (began, updated) = span(view, state);
    let sign = Sign::from(state);
    let caveat = match sign {
        Sign::Unknown => Some(UNSEEN),
        Sign::Ok if !state.is_measured => Some(UNMEASURED),
        _ => None,
    };
    let description = described(component.description.as_deref(), caveat);
    json!({
        "id": component_id(component),
        "name": component.name,
        "status": status(sign),
        "created_at": moment(began),
        "updated_at": moment(updated),
        "position": position,
        "description": description,
        "showcase": true,
        "start_date": is_known(state).then(|| day(view, began)),
        "group_id": category.map(group_id),
        "page_id": page_id(view),
        "group": false,
        "only_show_if_degraded": false,
    })
}

/// What the settings say of a component, and what must be known besides.
fn described(text: Option<&str>, caveat: Option<&str>) -> Option<String> {
    match (text, caveat) {
        (Some(text), Some(caveat)) => {
            let stop = if text.ends_with(['.', '!', '?', '。']) {
                ""
            } else {
                "."
            };
            Some(format!("{text}{stop} {caveat}"))
        }
        (text, caveat) => text.or(caveat).map(str::to_owned),
    }
}

fn group(view: &View<'_>, name: &str, position: u64, own: &[&ComponentState]) -> Value {
    let spans: Vec<_> = own.iter().map(|state| span(view, state)).collect();
    let began = spans.iter().map(|(began, _)| *began).min();
    let began = began.unwrap_or(view.board.at);
    let changed = spans.iter().map(|(_, updated)| *updated).max();
    let worst = own.iter().map(|state| Sign::from(*state)).max();
    let mut categories = view.names.categories.iter();
    let laid_down = categories.find(|category| category.name == name);
    let ids: Vec<_> = own
        .iter()
        .map(|state| component_id(&state.component))
        .collect();
    json!({
        "id": group_id(name),
        "name": name,
        "status": status(worst.unwrap_or(Sign::Ok)),
        "created_at": moment(began),
        "updated_at": moment(changed.unwrap_or(began)),
        "position": position,
        "description": laid_down.and_then(|category| category.description.as_ref()),
        "showcase": false,
        "start_date": null,
        "group_id": null,
        "page_id": page_id(view),
        "group": true,
        "only_show_if_degraded": false,
        "components": ids,
    })
}

fn group_id(category: &str) -> String {
    id("group", category)
}

/// A sign in Statuspage's words.
pub(crate) fn status(sign: Sign) -> &'static str {
    match sign {
        Sign::Down => "major_outage",
        Sign::Disrupted => "partial_outage",
        Sign::Maintenance => "under_maintenance",
        // Never "operational": we do not know.
        Sign::Notice | Sign::Unknown => "degraded_performance",
        Sign::Ok => "operational",
    }
}

/// The state that an incident of a severity puts a component into.
pub(crate) fn status_of(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Down) => "major_outage",
        Some(Severity::Disrupted) => "partial_outage",
        Some(Severity::Notice) => "degraded_performance",
        None => "operational",
    }
}

/// The beginning of the data of a component, from measurements or files, and
/// when its state changed last.
fn span(view: &View<'_>, state: &ComponentState) -> (Timestamp, Timestamp) {
    let first = state.uptime.days.first().map(|day| day.date);
    let measured = first.and_then(|day| date::midnight(day, &view.names.zone));
    let written = || {
        let incidents = public_incidents(view, &state.component.name);
        incidents.filter_map(Incident::began_at).min()
    };
    let began = measured.or(state.uptime.since).or_else(written);
    // Of what nobody ever knew anything, the present is all there is.
    let updated = updated(view, state);
    (began.unwrap_or(view.board.at).min(updated), updated)
}

/// When a component's state changed last.
pub(crate) fn updated(view: &View<'_>, state: &ComponentState) -> Timestamp {
    let noticed = view.board.revised.components.get(&state.component.id);
    let written = || {
        let incidents = public_incidents(view, &state.component.name);
        let changed = incidents.filter_map(|incident| incident.changed(view.now));
        changed.filter(|at| *at <= view.now).max()
    };
    let changed = noticed
        .copied()
        .or_else(|| written().max(state.uptime.since));
    changed.unwrap_or(view.board.at)
}

/// The public incidents of a component.
fn public_incidents<'a>(view: &View<'a>, name: &str) -> impl Iterator<Item = &'a Incident> {
    let incidents = &view.board.facts.incidents;
    let named = incidents.affecting(move |affected| affected == name);
    named
        .map(AsRef::as_ref)
        .filter(|incident| incident.is_public())
}

/// Whether a component was ever measured.
fn is_known(state: &ComponentState) -> bool {
    !state.uptime.days.is_empty() || state.uptime.since.is_some()
}

fn day(view: &View<'_>, at: Timestamp) -> String {
    let at = at.to_zoned(view.names.zone.clone());
    at.date().to_string()
}
