//! The audit log: who did what.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::model::request::access::AuditRecord;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::site::View;

/// Rows of one page.
const ROWS: u32 = 100;

/// Something that somebody did.
struct AuditRow {
    at: OperatorTime,
    actor: String,
    proof: &'static str,
    act: String,
    target: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditPage {
    frame: ConsoleFrame,
    rows: Vec<AuditRow>,
    /// Where older entries begin, if there may be some.
    next: Option<i64>,
}

/// Lists what was done, the newest first; `?before=` names where to go on.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, OpsError> {
    let before = asked.into_iter().find(|(name, _)| name == "before");
    let before = before.and_then(|(_, id)| id.parse().ok());
    let found = desk.operators().audited(before, ROWS).await?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count == ROWS);
    let next = found.last().filter(|_| is_full).map(|last| last.id);
    Ok(
        desk.show(ConsolePage::Settings, &context, |frame, view| AuditPage {
            frame: frame.titled("Audit log"),
            rows: found.iter().map(|record| row(record, view)).collect(),
            next,
        }),
    )
}

fn row(record: &AuditRecord, view: &View<'_>) -> AuditRow {
    let entry = &record.entry;
    AuditRow {
        at: OperatorTime::new(record.at, view),
        actor: entry.actor.name.clone(),
        proof: entry.actor.proof.word(),
        act: entry.act.clone(),
        target: entry.target.clone(),
        detail: entry.detail.clone(),
    }
}
