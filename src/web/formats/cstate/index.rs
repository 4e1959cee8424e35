//! cState's status API, version 2.0: `/index.json`, but always valid JSON.

use serde_json::{Value, json};

use crate::model::component::Health;
use crate::web::formats::cstate::badge;
use crate::web::formats::cstate::issue::{issue, short};
use crate::web::site::{Names, View};
use crate::web::site_elements::CategoryNames;
use crate::web::text::links;

/// The version of cState whose fields these are.
const CSTATE_VERSION: &str = "6.0.1";

/// cState's own way to say that visitors are not counted.
const NOT_COUNTED: &str = "UA-00000000-1";

/// `/index.json`.
pub fn index(view: &View<'_>) -> Value {
    let (board, names) = (view.board, view.names);
    let pinned = board.facts.incidents.iter().filter(|incident| {
        incident.is_public() && incident.informational && incident.pin == Some(true)
    });
    let built = board.at.to_zoned(names.zone.clone());
    let declared = &names.cstate;
    let code = declared.language_code.as_ref();
    let mut index = json!({
        "is": "index",
        "cStateVersion": CSTATE_VERSION,
        "apiVersion": "2.0",
        "title": names.title,
        "languageCodeHTML": code.unwrap_or(&declared.language),
        "languageCode": declared.language,
        "baseURL": declared.address.as_ref().or(names.url.as_ref()).cloned().unwrap_or_default(),
        "description": names.description,
        "summaryStatus": status(board.counted),
        "categories": categories(view),
        "pinnedIssues": pinned.map(|incident| short(incident, view)).collect::<Vec<_>>(),
        "systems": systems(view),
    });
    if !declared.tabs.is_empty() {
        let tabs = declared.tabs.iter();
        let tabs = tabs.map(|tab| json!({ "name": tab.name, "link": tab.link }));
        index["tabs"] = tabs.collect();
    }
    index["buildDate"] = json!(built.strftime("%Y-%m-%d").to_string());
    index["buildTime"] = json!(built.strftime("%H:%M").to_string());
    index["buildTimezone"] = json!(built.strftime("%Z").to_string());
    let colours = badge::colours(names);
    for (key, colour) in [
        ("colorBrand", colours.brand),
        ("colorOk", colours.ok),
        ("colorDisrupted", colours.disrupted),
        ("colorDown", colours.down),
        ("colorNotice", colours.notice),
    ] {
        index[key] = json!(colour);
    }
    // A text in cState, too.
    index["alwaysKeepBrandColor"] = json!(declared.keeps_brand.to_string());
    index["logo"] = json!(logo(names));
    index["googleAnalytics"] = json!(NOT_COUNTED);
    index
}

fn systems(view: &View<'_>) -> Vec<Value> {
    let board = view.board;
    let states = board.components.iter();
    states
        .map(|state| {
            let component = &state.component;
            let unresolved: Vec<Value> = board
                .active()
                .filter(|incident| incident.affected.contains(&component.name))
                .map(|incident| issue(incident, view))
                .collect();
            let mut system = json!({ "name": component.name });
            if let Some(description) = &component.description {
                system["description"] = json!(description);
            }
            system["category"] = json!(component.category.as_deref().unwrap_or_default());
            system["status"] = json!(status(state.counted));
            system["unresolvedIssues"] = json!(unresolved);
            system
        })
        .collect()
}

fn categories(view: &View<'_>) -> Vec<Value> {
    if !view.names.categories.is_empty() {
        return view.names.categories.iter().map(category).collect();
    }
    let mut seen: Vec<&str> = Vec::new();
    for state in &view.board.components {
        let category = state.component.category.as_deref().unwrap_or_default();
        if !seen.contains(&category) {
            seen.push(category);
        }
    }
    seen.iter()
        .map(|name| json!({ "name": name, "hideTitle": name.is_empty(), "closedByDefault": false }))
        .collect()
}

fn category(category: &CategoryNames) -> Value {
    let mut value = json!({ "name": category.name });
    if let Some(description) = &category.description {
        value["description"] = json!(description);
    }
    value["hideTitle"] = json!(category.untitled);
    value["closedByDefault"] = json!(category.closed);
    value
}

/// The logo's whole address.
fn logo(names: &Names) -> Option<String> {
    let logo = names.cstate.logo.as_ref()?;
    let whole = ["https://", "http://"];
    Some(if whole.iter().any(|scheme| logo.starts_with(scheme)) {
        logo.clone()
    } else {
        links::absolute(names, &format!("/{}", logo.trim_start_matches('/')))
    })
}

/// cState knows no "unknown"; what we cannot see must not look fine.
pub fn status(health: Health) -> &'static str {
    match health {
        Health::Ok => "ok",
        Health::Unknown | Health::Notice => "notice",
        Health::Disrupted => "disrupted",
        Health::Down => "down",
    }
}
