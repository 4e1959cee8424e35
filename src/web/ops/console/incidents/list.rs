//! *Incidents*: drafts that wait, what is open, and what was of late.

use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;

use crate::model::incident::Incident;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::incidents::rows::IncidentRow;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::site::View;

/// How long what is over is of late.
const RECENT: Duration = Duration::from_hours(14 * 24);

/// Rows of one list.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "console/incidents.html")]
struct IncidentsPage {
    frame: ConsoleFrame,
    /// The words that are searched for.
    words: String,
    /// What has them, if some are.
    found: Option<Vec<IncidentRow>>,
    drafts: Vec<IncidentRow>,
    open: Vec<IncidentRow>,
    recent: Vec<IncidentRow>,
}

/// Lists them.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response {
    let words = asked.into_iter().find(|(name, _)| name == "q");
    let words = words.map_or_else(String::new, |(_, words)| words.trim().to_owned());
    desk.show(ConsolePage::Incidents, &context, |frame, view| {
        page(frame, view, words)
    })
}

fn page(frame: ConsoleFrame, view: &View<'_>, words: String) -> IncidentsPage {
    let listed = |is_it: &dyn Fn(&Incident) -> bool| -> Vec<IncidentRow> {
        let all = view.board.facts.incidents.iter().map(AsRef::as_ref);
        let those = all.filter(|one| one.is_issue && is_it(one)).take(ROWS);
        those.map(|one| IncidentRow::new(one, view)).collect()
    };
    let planned = &view.board.facts.maintenance;
    let is_work = |one: &Incident| planned.iter().any(|work| work.id == one.id);
    let since = view.now.checked_sub(RECENT).unwrap_or(Timestamp::MIN);
    let is_recent = |one: &Incident| {
        let ended = one.resolved_when.or(one.date);
        ended.is_some_and(|ended| ended >= since) || !one.managed.overruled.is_empty()
    };
    let has = |one: &Incident, words: &str| {
        let texts = [&one.title, &one.id.0].into_iter().chain(&one.affected);
        texts
            .into_iter()
            .any(|text| text.to_lowercase().contains(words))
    };
    let wanted = words.to_lowercase();
    IncidentsPage {
        frame,
        found: (!words.is_empty()).then(|| listed(&|one| has(one, &wanted))),
        drafts: listed(&|one| one.draft && one.resolved != Some(true)),
        open: listed(&|one| one.is_active() && !is_work(one)),
        recent: listed(&|one| one.resolved == Some(true) && !is_work(one) && is_recent(one)),
        words,
    }
}
