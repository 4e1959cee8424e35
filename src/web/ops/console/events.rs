//! *Events*: what was done to the service, and a form to note more.
//!
//! This is the pattern of a page with a form. `show` lists; `add` takes the form, does
//! what the API does with the same function, and leads back to the list, or shows the
//! same page with the faults at their fields.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::model::component::Component;
use crate::model::event::{Event, EventKind, EventSource};
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::form::{FormView, SentForm};
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::events;
use crate::web::site::View;

/// What the page shows of an event.
struct EventRow {
    at: OperatorTime,
    kind: &'static str,
    text: String,
    components: Vec<String>,
    source: String,
}

#[derive(Template)]
#[template(path = "console/events.html")]
struct EventsPage {
    frame: ConsoleFrame,
    form: FormView,
    /// The newest first.
    events: Vec<EventRow>,
    /// What can be chosen in the form.
    components: Vec<Component>,
    kinds: [&'static str; 8],
}

/// Lists what was noted within a day.
pub(crate) async fn show(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    let form = FormView::filled([("kind", EventKind::default().word())]);
    let noted = desk.operators().noted();
    desk.show(ConsolePage::Events, &context, |frame, view| {
        page(frame, view, &noted, form)
    })
}

/// Notes an event.
pub(crate) async fn add(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Response {
    let body = body(&sent).to_string();
    match events::note(desk.operators(), &actor, body.as_bytes()).await {
        Ok(_) => desk::done(ConsolePage::Events.address(), DoneNotice::EventNoted),
        Err(error) => {
            let form = FormView::refused(sent, &error);
            let noted = desk.operators().noted();
            desk.show_refused(ConsolePage::Events, &context, |frame, view| {
                page(frame, view, &noted, form)
            })
        }
    }
}

/// The form as the API reads it.
fn body(sent: &SentForm) -> Value {
    json!({
        "text": sent.one("text"),
        "kind": sent.filled("kind"),
        "at": sent.filled("at"),
        "affected": sent.all("affected").collect::<Vec<_>>(),
    })
}

fn page(frame: ConsoleFrame, view: &View<'_>, noted: &[Event], form: FormView) -> EventsPage {
    let states = view.board.components.iter();
    let components: Vec<_> = states.map(|state| state.component.clone()).collect();
    let rows = noted.iter().rev().map(|event| {
        let named = components.iter();
        let named = named.filter(|one| event.components.contains(&one.id));
        EventRow {
            at: OperatorTime::new(event.at, view),
            kind: event.kind.word(),
            text: event.text.clone(),
            components: named.map(|one| one.name.clone()).collect(),
            source: source(&event.source),
        }
    });
    EventsPage {
        events: rows.collect(),
        kinds: EventKind::ALL.map(EventKind::word),
        frame,
        form,
        components,
    }
}

/// Who noted an event, in words.
fn source(source: &EventSource) -> String {
    match source {
        EventSource::Person => "by a person".to_owned(),
        EventSource::Api => "from the API or the console".to_owned(),
        EventSource::User => "by a user".to_owned(),
        EventSource::Collector(id) => format!("seen by {id}"),
    }
}
