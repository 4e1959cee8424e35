//! The dialect of Statuspage's public API, version 2: `/api/v2/....json`.
//!
//! Statuspage's own words (*impact*, *indicator*) stop in this folder.

pub(crate) mod components;
pub(crate) mod ids;
pub(crate) mod incidents;
pub(crate) mod status;
pub(crate) mod story;
pub(crate) mod updates;

use std::cell::LazyCell;

use serde_json::{Value, json};

use crate::model::facts::planned::WorkStage;
use crate::web::formats::statuspage::story::FileStory;
use crate::web::site::View;

/// How many incidents a list has at most, as at Statuspage.
const MAX_INCIDENTS: usize = 50;

/// One document of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatuspageDocument {
    /// All that is going on.
    Summary,
    /// The whole page in one word.
    Status,
    /// The components and their groups.
    Components,
    /// The last incidents.
    Incidents,
    /// Those that are open.
    Unresolved,
    /// The last planned works.
    Scheduled,
    /// Those that are to come.
    Upcoming,
    /// Those in progress.
    Active,
}

impl StatuspageDocument {
    /// Every document.
    pub const ALL: [Self; 8] = [
        Self::Summary,
        Self::Status,
        Self::Components,
        Self::Incidents,
        Self::Unresolved,
        Self::Scheduled,
        Self::Upcoming,
        Self::Active,
    ];

    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Summary => "/api/v2/summary.json",
            Self::Status => "/api/v2/status.json",
            Self::Components => "/api/v2/components.json",
            Self::Incidents => "/api/v2/incidents.json",
            Self::Unresolved => "/api/v2/incidents/unresolved.json",
            Self::Scheduled => "/api/v2/scheduled-maintenances.json",
            Self::Upcoming => "/api/v2/scheduled-maintenances/upcoming.json",
            Self::Active => "/api/v2/scheduled-maintenances/active.json",
        }
    }

    /// What it says of a view.
    pub fn show(self, view: &View<'_>) -> Value {
        let mut shown = json!({ "page": status::page(view) });
        let mut put = |key: &str, value: Value| shown[key] = value;
        match self {
            Self::Summary => {
                put("components", components::all(view));
                put("incidents", list(view, Self::Unresolved));
                put("scheduled_maintenances", going_on(view));
                put("status", status::status(view));
            }
            Self::Status => put("status", status::status(view)),
            Self::Components => put("components", components::all(view)),
            Self::Incidents | Self::Unresolved => put("incidents", list(view, self)),
            Self::Scheduled | Self::Upcoming | Self::Active => {
                put("scheduled_maintenances", list(view, self));
            }
        }
        shown
    }
}

/// Planned work that is not over, what is nearest first as at Statuspage.
fn going_on(view: &View<'_>) -> Value {
    let mut all = Vec::new();
    for document in [StatuspageDocument::Active, StatuspageDocument::Upcoming] {
        if let Value::Array(works) = list(view, document) {
            all.extend(works);
        }
    }
    json!(all)
}

fn list(view: &View<'_>, document: StatuspageDocument) -> Value {
    let all = story::all(view);
    let chosen = all.filter(|FileStory { incident, planned }| {
        let stage = planned.map(|planned| planned.stage);
        match document {
            StatuspageDocument::Incidents => stage.is_none(),
            StatuspageDocument::Unresolved => stage.is_none() && incident.is_active(),
            StatuspageDocument::Scheduled => stage.is_some(),
            StatuspageDocument::Upcoming => stage == Some(WorkStage::Scheduled),
            StatuspageDocument::Active => {
                matches!(stage, Some(WorkStage::InProgress | WorkStage::Overdue))
            }
            StatuspageDocument::Summary
            | StatuspageDocument::Status
            | StatuspageDocument::Components => false,
        }
    });
    // Many incidents name the same components, of which each is a look at all incidents.
    let parts = LazyCell::new(|| components::each(view));
    let shown = chosen
        .take(MAX_INCIDENTS)
        .map(|written| written.show(view, &parts));
    shown.collect()
}
