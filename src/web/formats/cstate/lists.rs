//! cState's lists of incidents: `/issues/index.json`, `/affected/<slug>/index.json`.

use serde_json::{Value, json};

use crate::web::formats::cstate::index::status;
use crate::web::formats::cstate::issue::issue;
use crate::web::pages::affected::affected;
use crate::web::site::View;
use crate::web::text::links;

/// `/issues/index.json`.
pub(crate) fn issues(view: &View<'_>) -> Value {
    let names = view.names;
    let pages = view
        .board
        .facts
        .incidents
        .iter()
        .filter(|page| page.has_page());
    json!({
        "is": "issues",
        "title": "Issues",
        "baseURL": names.cstate.address.as_ref().or(names.url.as_ref()).cloned().unwrap_or_default(),
        "description": "",
        "pages": pages.map(|incident| issue(incident, view)).collect::<Vec<_>>(),
    })
}

/// `/affected/<slug>/index.json`; `None` if there is nothing of that name.
pub(crate) fn system(view: &View<'_>, address: &str) -> Option<Value> {
    let found = affected(view.board, address)?;
    let pages = found.incidents.iter();
    Some(json!({
        "is": "system",
        "title": found.name,
        "permalink": links::affected(view.names, address),
        "status": status(found.counted),
        "pages": pages.map(|incident| issue(incident, view)).collect::<Vec<_>>(),
    }))
}
