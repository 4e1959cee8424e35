//! *Settings*: those in force, what is worth a look in them and in the incident files, and
//! a button that has them read again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::model::finding::Finding;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::reload::{self, ReloadOutcome};

/// Findings that a page shows, the gravest ones.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    frame: ConsoleFrame,
    since: OperatorTime,
    text: String,
    /// What is worth a look in the settings and the incident files.
    findings: Vec<Finding>,
    /// Further findings, which are not shown.
    more: usize,
    /// Whether the incident files were not looked at in time, but for those that cannot
    /// be read.
    is_partial: bool,
    /// Incident files that cannot be written.
    unwritten: Vec<String>,
    /// Why the settings were not taken.
    refused: Option<String>,
}

/// Nothing but the token that every form has.
#[derive(Deserialize)]
pub(crate) struct Reloading {}

/// Shows them.
pub(crate) async fn show(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    page(&desk, &context, (StatusCode::OK, None)).await
}

/// Has them read again.
pub(crate) async fn reload(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    _: CheckedForm<Reloading>,
) -> Response {
    let (status, why) = match reload::ask(&desk.reloads, &actor).await {
        ReloadOutcome::InForce => {
            let address = ConsolePage::Settings.address();
            return desk::done(address, DoneNotice::SettingsRead);
        }
        ReloadOutcome::Refused(why) => (StatusCode::UNPROCESSABLE_ENTITY, why),
        ReloadOutcome::Stopping => {
            let why = "The service is about to stop.".to_owned();
            (StatusCode::SERVICE_UNAVAILABLE, why)
        }
    };
    page(&desk, &context, (status, Some(why))).await
}

async fn page(
    desk: &ConsoleDesk,
    context: &FrameContext,
    (status, refused): (StatusCode, Option<String>),
) -> Response {
    let settings = &desk.settings;
    let page = ConsolePage::Settings;
    let in_files = desk.file_findings.ask().await;
    desk.show_as(status, Some(page), context, |frame, view| {
        let facts = &view.board.facts;
        let files = in_files.as_ref().map_or(&facts.faults[..], |found| found);
        let mut findings = [&settings.findings, files].concat();
        findings.sort_by_key(|finding| finding.weight);
        let more = findings.len().saturating_sub(SHOWN);
        findings.truncate(SHOWN);
        SettingsPage {
            frame,
            since: OperatorTime::new(settings.since, view),
            text: settings.text.clone(),
            findings,
            more,
            is_partial: in_files.is_none(),
            unwritten: facts.unwritten.clone(),
            refused,
        }
    })
}
