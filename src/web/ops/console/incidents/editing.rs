//! The forms of acts: one address for each, which shows its form, says what would change,
//! and does it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::model::access::Actor;
use crate::model::request::incidents::incident_change::{ChangedFile, FileVersion, IncidentChange};
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::desk::Asker;
use crate::web::ops::api::edits::EditAct;
use crate::web::ops::api::incidents::target;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::form::{FormView, SentForm};
use crate::web::ops::console::frame::FrameContext;
use crate::web::ops::console::incidents::acts;
use crate::web::ops::console::incidents::addresses::{address, page_of};
use crate::web::ops::console::incidents::body::{self, NamedPart};
use crate::web::ops::console::incidents::preview::ChangePreview;
use crate::web::ops::console::incidents::seen;
use crate::web::ops::console::incidents::sheet::{self, ChangeSheet, SheetState};
use crate::web::ops::console::page_table::ConsolePage;

/// A file that somebody is about to change.
struct EditedFile {
    act: EditAct,
    file: ChangedFile,
    parts: Vec<NamedPart>,
}

impl EditedFile {
    async fn look(desk: &ConsoleDesk, id: &str, word: &str) -> Result<Self, OpsError> {
        let act = acts::from_word(word).ok_or_else(|| {
            let message = format!("there is nothing called `{word}` to be done");
            OpsError::whole(StatusCode::NOT_FOUND, message)
        })?;
        let file = desk.api.look(target(id.to_owned())).await?;
        let parts = desk.site().show(|view| {
            let components = view.board.components.iter();
            let components = components.map(|state| &state.component);
            body::parts(components, Some(&file.incident))
        });
        Ok(Self { act, file, parts })
    }

    /// What a form remembers of the file that it shows.
    fn version(&self) -> String {
        if seen::is_of_every_byte(self.act) {
            let version = self.file.version.as_ref();
            version.map_or_else(String::new, |version| version.0.clone())
        } else {
            seen::version(&self.file.incident)
        }
    }

    /// The version that the file must have still, for a form that showed one.
    fn required(&self, shown: &str) -> Option<FileVersion> {
        if shown == self.version() {
            self.file.version.clone()
        } else {
            Some(FileVersion(shown.to_owned()))
        }
    }

    /// The form, with what became of what was sent.
    fn show(
        self,
        desk: &ConsoleDesk,
        context: &FrameContext,
        (status, form, state): (StatusCode, FormView, SheetState),
    ) -> Response {
        let words = acts::words_of(self.act, self.file.planned.is_some());
        let fields = sheet::fields(self.act, &self.file);
        let incident = &self.file.incident;
        let page = page_of(&self.file);
        let back = (address(&incident.id), incident.title.clone());
        let seen = self.version();
        desk.show_as(status, Some(page), context, |frame, _| ChangeSheet {
            frame: frame.titled(words.title),
            lead: words.lead,
            action: format!("{}/{}", back.0, words.word),
            back,
            button: words.button,
            is_grave: words.is_grave,
            fields,
            parts: self.parts,
            form,
            seen: Some(seen),
            state,
        })
    }
}

/// Shows the form of an act.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Path((id, word)): Path<(String, String)>,
) -> Result<Response, OpsError> {
    let edited = EditedFile::look(&desk, &id, &word).await?;
    let form = FormView::filled(sheet::first(edited.act, &edited.file, &edited.parts));
    let shown = (StatusCode::OK, form, SheetState::Open);
    Ok(edited.show(&desk, &context, shown))
}

/// Takes the form of an act: says what would change, or does it.
pub(crate) async fn send(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    Path((id, word)): Path<(String, String)>,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Result<Response, OpsError> {
    let edited = EditedFile::look(&desk, &id, &word).await?;
    let is_preview = sent.has("do", "show");
    let seen = edited.required(sent.one("seen"));
    match change(&desk, &edited, &sent, (&actor, seen, is_preview)).await {
        Ok(changed) if is_preview => {
            let state = previewed(&desk, &changed);
            let shown = (StatusCode::OK, FormView::filled(sent), state);
            Ok(edited.show(&desk, &context, shown))
        }
        Ok(changed) => Ok(led_on(edited.act, &changed)),
        Err(error) if error.status == StatusCode::PRECONDITION_FAILED => {
            Ok(conflict(&desk, &context, (edited, sent), &actor).await)
        }
        Err(error) => {
            let form = FormView::refused(sent, &error);
            let shown = (refused(&error), form, SheetState::Open);
            Ok(edited.show(&desk, &context, shown))
        }
    }
}

/// What would come of a change that the desk only showed.
pub(crate) fn previewed(desk: &ConsoleDesk, changed: &ChangedFile) -> SheetState {
    let preview = desk
        .site()
        .show(|view| ChangePreview::new(view, changed, &desk.previews));
    SheetState::Shown(Box::new(preview))
}

/// The status of a form that was refused.
pub(crate) fn refused(error: &OpsError) -> StatusCode {
    match error.status {
        StatusCode::BAD_REQUEST => StatusCode::UNPROCESSABLE_ENTITY,
        status => status,
    }
}

async fn change(
    desk: &ConsoleDesk,
    edited: &EditedFile,
    sent: &SentForm,
    (actor, seen, preview): (&Actor, Option<FileVersion>, bool),
) -> Result<ChangedFile, OpsError> {
    let EditedFile { act, file, parts } = edited;
    let before = file.after.as_deref().unwrap_or_default();
    let body = body::edit(*act, sent, &file.incident, before, parts);
    let edit = act.read(body.to_string().as_bytes(), &desk.api.scene(actor))?;
    let asker = Asker {
        actor: actor.clone(),
        seen,
        preview,
    };
    let change = IncidentChange::Edit(target(file.incident.id.0.clone()), edit);
    desk.api.change(asker, change, act.audited()).await
}

/// Shows what the change would do to the file as somebody else left it, and keeps what
/// was typed.
async fn conflict(
    desk: &ConsoleDesk,
    context: &FrameContext,
    (edited, sent): (EditedFile, SentForm),
    actor: &Actor,
) -> Response {
    let (status, form, state) = match change(desk, &edited, &sent, (actor, None, true)).await {
        Ok(changed) => {
            let state = previewed(desk, &changed).of_conflict();
            (StatusCode::CONFLICT, FormView::filled(sent), state)
        }
        Err(error) => {
            let state = SheetState::Conflict(Box::default());
            (refused(&error), FormView::refused(sent, &error), state)
        }
    };
    edited.show(desk, context, (status, form, state))
}

/// Leads on after a change.
fn led_on(act: EditAct, changed: &ChangedFile) -> Response {
    let notice = if changed.changed.is_empty() {
        DoneNotice::NothingChanged
    } else {
        acts::words(act).done
    };
    match changed.after {
        Some(_) => desk::done(&address(&changed.incident.id), notice),
        None => desk::done(ConsolePage::Incidents.address(), notice),
    }
}
