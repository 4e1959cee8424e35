//! New incidents and new planned work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::model::access::Actor;
use crate::model::request::incidents::incident_change::{ChangedFile, IncidentChange};
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::desk::Asker;
use crate::web::ops::api::edits::{self, EditScene};
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::form::{FormView, SentForm};
use crate::web::ops::console::frame::FrameContext;
use crate::web::ops::console::incidents::addresses::address;
use crate::web::ops::console::incidents::body::{self, NamedPart};
use crate::web::ops::console::incidents::editing::{previewed, refused};
use crate::web::ops::console::incidents::sheet::{
    ChangeSheet, MomentField, OURS, SheetFields, SheetState, TextField, phases,
};
use crate::web::ops::console::page_table::ConsolePage;

/// What is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewThing {
    Incident,
    Work,
}

impl NewThing {
    fn page(self) -> ConsolePage {
        match self {
            Self::Incident => ConsolePage::Incidents,
            Self::Work => ConsolePage::Maintenance,
        }
    }

    fn words(self) -> [&'static str; 3] {
        match self {
            Self::Incident => [
                "Open an incident",
                "Visitors see it at once, and notifiers send it, unless it is a draft.",
                "Open the incident",
            ],
            Self::Work => [
                "Plan maintenance",
                "Visitors and subscribers hear of it now, and again when it begins and ends.",
                "Announce the maintenance",
            ],
        }
    }

    /// The words of the audit log.
    fn audited(self) -> &'static str {
        match self {
            Self::Incident => "open incident",
            Self::Work => "plan maintenance",
        }
    }

    /// What a form asks for.
    fn read(self, body: &[u8], scene: &EditScene) -> Result<IncidentChange, OpsError> {
        match self {
            Self::Incident => edits::new_incident(body, scene).map(IncidentChange::Open),
            Self::Work => edits::new_work(body, scene).map(IncidentChange::Plan),
        }
    }

    fn fields(self) -> SheetFields {
        let text = |hint, rows| Some(TextField::new("Text for visitors", hint, rows));
        match self {
            Self::Incident => SheetFields {
                phases: phases(false, false).split_off(1),
                text: text("Markdown.", 5),
                moments: vec![MomentField {
                    name: "date",
                    label: "Start, if not now",
                    hint: "10m ago, 2026-03-01 12:30",
                }],
                keys: Some(false),
                severity: true,
                flags: vec![
                    ("draft", "Draft: visitors do not see it"),
                    ("join", "Rules may join and resolve it"),
                ],
            },
            Self::Work => SheetFields {
                text: text(OURS, 4),
                moments: vec![
                    MomentField {
                        name: "from",
                        label: "Start",
                        hint: "in 2h, 2026-03-01 12:30",
                    },
                    MomentField {
                        name: "to",
                        label: "End",
                        hint: "in 2h, 2026-03-01 12:30",
                    },
                ],
                keys: Some(false),
                ..SheetFields::default()
            },
        }
    }
}

/// Shows the form of a new incident.
pub(crate) async fn show_incident(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
) -> Response {
    let form = FormView::filled([("phase", "investigating"), ("severity", "disrupted")]);
    show(
        NewThing::Incident,
        &desk,
        &context,
        (StatusCode::OK, form, SheetState::Open),
    )
}

/// Shows the form of new planned work.
pub(crate) async fn show_work(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    let form = FormView::default();
    show(
        NewThing::Work,
        &desk,
        &context,
        (StatusCode::OK, form, SheetState::Open),
    )
}

/// Opens an incident, or says what would be written.
pub(crate) async fn open(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Response {
    begin(NewThing::Incident, &desk, &context, (actor, sent)).await
}

/// Announces planned work, or says what would be written.
pub(crate) async fn plan(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Response {
    begin(NewThing::Work, &desk, &context, (actor, sent)).await
}

async fn begin(
    new: NewThing,
    desk: &ConsoleDesk,
    context: &FrameContext,
    (actor, sent): (Actor, SentForm),
) -> Response {
    let asker = asker(actor, &sent);
    let body = body::new(&sent, &parts(desk)).to_string();
    let scene = desk.api.scene(&asker.actor);
    let made = match new.read(body.as_bytes(), &scene) {
        Ok(change) => desk.api.change(asker, change, new.audited()).await,
        Err(error) => Err(error),
    };
    answer(new, desk, context, (sent, made))
}

fn asker(actor: Actor, sent: &SentForm) -> Asker {
    Asker {
        actor,
        seen: None,
        preview: sent.has("do", "show"),
    }
}

fn parts(desk: &ConsoleDesk) -> Vec<NamedPart> {
    desk.site().show(|view| {
        let components = view.board.components.iter();
        body::parts(components.map(|state| &state.component), None)
    })
}

/// Leads to what was made, or shows what would be, or what is wrong.
fn answer(
    new: NewThing,
    desk: &ConsoleDesk,
    context: &FrameContext,
    (sent, made): (SentForm, Result<ChangedFile, OpsError>),
) -> Response {
    match made {
        Ok(changed) if sent.has("do", "show") => {
            let state = previewed(desk, &changed);
            show(
                new,
                desk,
                context,
                (StatusCode::OK, FormView::filled(sent), state),
            )
        }
        Ok(changed) => {
            let notice = match new {
                NewThing::Incident if changed.incident.draft => DoneNotice::DraftOpened,
                NewThing::Incident => DoneNotice::IncidentOpened,
                NewThing::Work => DoneNotice::WorkPlanned,
            };
            desk::done(&address(&changed.incident.id), notice)
        }
        Err(error) => {
            let form = FormView::refused(sent, &error);
            show(
                new,
                desk,
                context,
                (refused(&error), form, SheetState::Open),
            )
        }
    }
}

fn show(
    new: NewThing,
    desk: &ConsoleDesk,
    context: &FrameContext,
    (status, form, state): (StatusCode, FormView, SheetState),
) -> Response {
    let page = new.page();
    let parts = parts(desk);
    desk.show_as(status, Some(page), context, |frame, _| {
        let [title, lead, button] = new.words();
        ChangeSheet {
            frame: frame.titled(title),
            lead,
            action: format!("{}/new", page.address()),
            back: (page.address().to_owned(), page.title().to_owned()),
            button,
            is_grave: false,
            fields: new.fields(),
            parts,
            form,
            seen: None,
            state,
        }
    })
}
