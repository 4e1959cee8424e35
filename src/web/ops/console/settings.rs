//! *Settings*: those in force, what is worth a look in them and in the incident files, and
//! a button that has them read again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::model::finding::Finding;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::form::CheckedForm;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::reload::{self, ReloadOutcome};

#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    frame: ConsoleFrame,
    since: OperatorTime,
    text: String,
    /// What is worth a look in the settings.
    findings: Vec<Finding>,
    /// Incident files that cannot be read.
    faults: Vec<Finding>,
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
    page(&desk, &context, (StatusCode::OK, None))
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
    page(&desk, &context, (status, Some(why)))
}

fn page(
    desk: &ConsoleDesk,
    context: &FrameContext,
    (status, refused): (StatusCode, Option<String>),
) -> Response {
    let settings = &desk.settings;
    let page = ConsolePage::Settings;
    desk.show_as(status, Some(page), context, |frame, view| {
        let facts = &view.board.facts;
        SettingsPage {
            frame,
            since: OperatorTime::new(settings.since, view),
            text: settings.text.clone(),
            findings: settings.findings.clone(),
            faults: facts.faults.to_vec(),
            unwritten: facts.unwritten.clone(),
            refused,
        }
    })
}
