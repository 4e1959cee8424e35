//! cState's lists of incidents: `/issues/index.json`, `/affected/<slug>/index.json`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::board::{Board, weight};
use crate::model::component::Health;
use crate::model::incident::Incident;
use crate::model::slug;
use crate::web::cstate::index::status;
use crate::web::cstate::issue::issue;
use crate::web::links;
use crate::web::site::View;

/// `/issues/index.json`.
pub fn issues(view: &View<'_>) -> Value {
    let names = view.names;
    let pages = view.board.incidents.iter().filter(|page| page.has_page());
    json!({
        "is": "issues",
        "title": "Issues",
        "baseURL": names.cstate.address.as_ref().or(names.url.as_ref()).cloned().unwrap_or_default(),
        "description": "",
        "pages": pages.map(|incident| issue(incident, view)).collect::<Vec<_>>(),
    })
}

/// A component or any other name that incidents say is affected.
#[derive(Clone, Debug)]
pub struct Affected<'a> {
    /// Its name; of several that share the address one.
    pub name: &'a str,
    /// How it is.
    pub health: Health,
    /// What names it, newest first.
    pub incidents: Vec<&'a Incident>,
}

/// What the address is that of; `None` if there is nothing of that name.
///
/// As in Hugo, names with equal slugs share one page.
pub fn affected<'a>(board: &'a Board, address: &str) -> Option<Affected<'a>> {
    let mut states = board.components.iter();
    let state = states.find(|state| links::slug(&state.component) == address);
    let is_it = |name: &String| slug::component(name) == address;
    let incidents: Vec<_> = board
        .incidents
        .iter()
        .map(Arc::as_ref)
        .filter(|incident| incident.has_page() && incident.affected.iter().any(is_it))
        .collect();
    let named = || {
        let names = incidents.iter().flat_map(|incident| &incident.affected);
        names.into_iter().find(|name| is_it(name))
    };
    let name = match state {
        Some(state) => &state.component.name,
        None => named()?,
    };
    let told = incidents
        .iter()
        .filter_map(|incident| weight(incident))
        .max();
    let health = told
        .map(Health::from)
        .max(state.map(|state| state.health))
        .unwrap_or(Health::Ok);
    Some(Affected {
        name,
        health,
        incidents,
    })
}

/// `/affected/<slug>/index.json`; `None` if there is nothing of that name.
pub fn system(view: &View<'_>, address: &str) -> Option<Value> {
    let found = affected(view.board, address)?;
    let pages = found.incidents.iter();
    Some(json!({
        "is": "system",
        "title": found.name,
        "permalink": links::affected(view.names, address),
        "status": status(found.health),
        "pages": pages.map(|incident| issue(incident, view)).collect::<Vec<_>>(),
    }))
}
