//! *Subscribers*: how many there are, and what is kept of one whose address somebody
//! knows. No page lists addresses.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::model::request::receivers::subscriber_care::{
    CareAnswer, SubscriberCare, SubscriberRecord,
};
use crate::model::request::receivers::subscription::{MailAddress, ReportRhythm};
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::form::{FormView, SentForm};
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::site::View;

/// What is kept of somebody.
struct SubscriberCard {
    address: String,
    state: &'static str,
    language: &'static str,
    gets: Vec<&'static str>,
    /// Parts that they chose; none is all.
    components: Vec<String>,
    asked: OperatorTime,
    confirmed: Option<OperatorTime>,
    bounces: u32,
}

#[derive(Template)]
#[template(path = "console/subscribers.html")]
struct SubscribersPage {
    frame: ConsoleFrame,
    /// How many are in each state, in words.
    counts: Vec<(&'static str, i64)>,
    form: FormView,
    found: Option<SubscriberCard>,
}

/// Shows how many there are.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
) -> Result<Response, OpsError> {
    let counts = counts(&desk).await?;
    let parts = (StatusCode::OK, FormView::default(), None);
    Ok(page(&desk, &context, counts, parts))
}

/// Finds somebody by their address, or erases them.
pub(crate) async fn send(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Result<Response, OpsError> {
    let Some(address) = MailAddress::parse(sent.one("address")) else {
        let way = "this is not an address; write one as in `ann@example.org`";
        return refused(&desk, &context, sent, OpsError::field("address", way)).await;
    };
    let erases = sent.has("do", "erase");
    let (care, act) = if erases {
        (SubscriberCare::Remove(address), "remove subscriber")
    } else {
        (SubscriberCare::Export(address), "export subscriber")
    };
    let CareAnswer::Record(record) = desk.api.care(care).await? else {
        let none = "there is no subscriber with this address";
        return refused(&desk, &context, sent, OpsError::field("address", none)).await;
    };
    desk.api.noted(&actor, act).await;
    if erases {
        let address = ConsolePage::Subscribers.address();
        return Ok(desk::done(address, DoneNotice::SubscriberRemoved));
    }
    let counts = counts(&desk).await?;
    let parts = (StatusCode::OK, FormView::filled(sent), Some(&*record));
    Ok(page(&desk, &context, counts, parts))
}

async fn refused(
    desk: &ConsoleDesk,
    context: &FrameContext,
    sent: SentForm,
    error: OpsError,
) -> Result<Response, OpsError> {
    let counts = counts(desk).await?;
    let form = FormView::refused(sent, &error);
    let parts = (StatusCode::UNPROCESSABLE_ENTITY, form, None);
    Ok(page(desk, context, counts, parts))
}

/// How many are in each state; nothing where nobody can subscribe.
async fn counts(desk: &ConsoleDesk) -> Result<Vec<(&'static str, i64)>, OpsError> {
    match desk.api.care(SubscriberCare::Count).await? {
        CareAnswer::Counts(counts) => Ok(counts),
        _ => Ok(Vec::new()),
    }
}

fn page(
    desk: &ConsoleDesk,
    context: &FrameContext,
    counts: Vec<(&'static str, i64)>,
    (status, form, found): (StatusCode, FormView, Option<&SubscriberRecord>),
) -> Response {
    let page = ConsolePage::Subscribers;
    desk.show_as(status, Some(page), context, |frame, view| SubscribersPage {
        frame,
        counts,
        form,
        found: found.map(|record| card(record, view)),
    })
}

fn card(record: &SubscriberRecord, view: &View<'_>) -> SubscriberCard {
    let choice = &record.choice;
    let time = |at| OperatorTime::new(at, view);
    let gets = [
        choice.incidents.then_some("incidents"),
        choice.maintenance.then_some("maintenance"),
        choice.report.map(ReportRhythm::word),
    ];
    let states = view.board.components.iter().map(|state| &state.component);
    let chosen = states.filter(|one| choice.components.contains(&one.id));
    SubscriberCard {
        address: record.address.expose().to_owned(),
        state: record.state,
        language: choice.language.tag(),
        gets: gets.into_iter().flatten().collect(),
        components: chosen.map(|one| one.name.clone()).collect(),
        asked: time(record.asked),
        confirmed: record.confirmed.map(time),
        bounces: record.bounces,
    }
}
