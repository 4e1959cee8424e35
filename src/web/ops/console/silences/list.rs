//! The list of silences, and their ends.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use crate::model::facts::suppression::Suppression;
use crate::model::series::matcher;
use crate::model::silence::{Silence, SilenceState};
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::silences;
use crate::web::site::View;

/// A silence in the list.
struct SilenceRow {
    id: i64,
    matchers: String,
    starts: OperatorTime,
    ends: OperatorTime,
    author: String,
    reason: String,
    /// Rules that open nothing because of it.
    silenced: Vec<String>,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "console/silences.html")]
struct SilencesPage {
    frame: ConsoleFrame,
    active: Vec<SilenceRow>,
    pending: Vec<SilenceRow>,
    expired: Vec<SilenceRow>,
}

/// Nothing but the token that every form has.
#[derive(Deserialize)]
pub(crate) struct SilenceEnd {}

/// Lists them, those that end first before the others.
pub(crate) async fn show(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    let all = desk.operators().silences();
    desk.show(ConsolePage::Silences, &context, |frame, view| {
        let of = |state| {
            let those = all.iter().filter(|one| one.state(view.now) == state);
            those.map(|one| row(one, view)).collect()
        };
        SilencesPage {
            frame,
            active: of(SilenceState::Active),
            pending: of(SilenceState::Pending),
            expired: of(SilenceState::Expired),
        }
    })
}

/// Ends one now.
pub(crate) async fn end(
    State(desk): State<ConsoleDesk>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    _: CheckedForm<SilenceEnd>,
) -> Result<Response, OpsError> {
    silences::finish(desk.operators(), &actor, &id).await?;
    let address = ConsolePage::Silences.address();
    Ok(desk::done(address, DoneNotice::SilenceEnded))
}

fn row(silence: &Silence, view: &View<'_>) -> SilenceRow {
    let asked = &silence.request;
    let silenced = view.board.facts.suppressed.iter().filter(
        |(_, why)| matches!(why, Suppression::Silenced { silence: by, .. } if *by == silence.id),
    );
    SilenceRow {
        id: silence.id,
        matchers: matcher::print(&asked.matchers),
        starts: OperatorTime::new(asked.starts, view),
        ends: OperatorTime::new(asked.ends, view),
        author: asked.author.clone(),
        reason: asked.reason.clone(),
        silenced: silenced.map(|(rule, _)| rule.0.clone()).collect(),
        is_over: silence.state(view.now) == SilenceState::Expired,
    }
}
