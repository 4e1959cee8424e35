//! *Maintenance*: what goes on, what is to come, and what was.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::facts::planned::{Planned, WorkStage};
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::incidents::addresses::address;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::site::View;

/// Rows of what is over.
const ROWS: usize = 20;

/// Planned work in a list.
struct WorkRow {
    href: String,
    title: String,
    stage: &'static str,
    from: OperatorTime,
    until: Option<OperatorTime>,
    parts: Vec<String>,
    is_overdue: bool,
}

#[derive(Template)]
#[template(path = "console/maintenance.html")]
struct WorksPage {
    frame: ConsoleFrame,
    /// What goes on and what is to come, the earliest first.
    open: Vec<WorkRow>,
    /// What is over, the newest first.
    over: Vec<WorkRow>,
}

/// Lists planned work.
pub(crate) async fn show(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    desk.show(ConsolePage::Maintenance, &context, |frame, view| {
        let facts = &view.board.facts;
        let open = facts.planned().into_iter().map(|work| row(work, view));
        let over = facts
            .maintenance
            .iter()
            .filter(|work| !work.stage.is_open());
        WorksPage {
            frame,
            open: open.collect(),
            over: over.take(ROWS).map(|work| row(work, view)).collect(),
        }
    })
}

fn row(work: &Planned, view: &View<'_>) -> WorkRow {
    WorkRow {
        href: address(&work.id),
        title: work.title.clone(),
        stage: work.stage.word(),
        from: OperatorTime::new(work.from, view),
        until: work.until.map(|until| OperatorTime::new(until, view)),
        parts: work.components.clone(),
        is_overdue: work.stage == WorkStage::Overdue,
    }
}
