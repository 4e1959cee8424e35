//! What every handler that changes incidents has in common: the way to the desk, what
//! the asker saw, and the answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRef, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::model::access::Actor;
use crate::model::board::Board;
use crate::model::facts::notifier_state::NotifierStates;
use crate::model::request::access::AuditEntry;
use crate::model::request::incidents::incident_change::{
    ChangeRefusal, ChangeRequest, ChangeTarget, ChangedFile, ChangesDoor, DeskErrand, FileVersion,
    IncidentChange, PendingChange,
};
use crate::model::request::receivers::resend::ResendDoors;
use crate::model::request::receivers::subscriber_care::CareDoor;
use crate::model::text::difference::difference;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::error::{BodyFault, OpsError};
use crate::web::ops::access::operators::Operators;
use crate::web::ops::api::show;

/// How long the board may take to show a change.
const PATIENCE: Duration = Duration::from_secs(1);

/// Handed to every handler of the write API.
#[derive(Clone, Debug)]
pub(crate) struct WriteApi {
    /// The board, and what is noted and silenced.
    pub(crate) operators: Operators,
    /// The way to the incidents' desk.
    pub(crate) changes: ChangesDoor,
    /// The way to the subscribers' desk.
    pub(crate) care: CareDoor,
    /// What notifiers delivered and what waits.
    pub(crate) notifiers: NotifierStates,
    /// The way to the notifiers.
    pub(crate) resends: ResendDoors,
}

impl FromRef<WriteApi> for Operators {
    fn from_ref(api: &WriteApi) -> Self {
        api.operators.clone()
    }
}

/// Who asks, what they saw, and whether they only want to see what would happen.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// Who asks.
    pub(crate) actor: Actor,
    /// What the file must read.
    pub(crate) seen: Option<FileVersion>,
    /// Whether only the difference is wanted.
    pub(crate) preview: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = OpsError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, OpsError> {
        let Acting(actor) = match Acting::from_request_parts(parts, state).await {
            Ok(acting) => acting,
            Err(never) => match never {},
        };
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let query = query.map_or_else(|_| Vec::new(), |query| query.0);
        let preview = query.iter().find(|(name, _)| name == "preview");
        let preview = match preview.map(|(_, value)| value.as_str()) {
            None | Some("false") => false,
            Some("true" | "") => true,
            Some(_) => return Err(OpsError::field("preview", "write `true` or `false`")),
        };
        Ok(Self {
            actor,
            seen: seen(&parts.headers)?,
            preview,
        })
    }
}

/// The version in `If-Match`; `*` is any.
fn seen(headers: &HeaderMap) -> Result<Option<FileVersion>, OpsError> {
    let Some(sent) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let sent = sent.to_str().unwrap_or_default().trim();
    if sent == "*" {
        return Ok(None);
    }
    // A weak tag, as a proxy may have made of ours, names no bytes.
    let tag = sent.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    match tag.filter(|tag| !tag.contains('"')) {
        Some(tag) => Ok(Some(FileVersion(tag.to_owned()))),
        None => Err(OpsError::whole(
            StatusCode::BAD_REQUEST,
            "`If-Match` takes the `ETag` of one answer, in quotes",
        )),
    }
}

impl WriteApi {
    /// Has the desk do something, and waits for it.
    pub(crate) async fn ask(&self, errand: DeskErrand) -> Result<ChangedFile, OpsError> {
        let (answer, wait) = oneshot::channel();
        let refused = |message| OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, message);
        match self
            .changes
            .errands
            .try_send(PendingChange { errand, answer })
        {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                return Err(refused("too much is changed at once; try again"));
            }
            Err(TrySendError::Closed(_)) => {
                return Err(refused("the service is about to stop; try again"));
            }
        }
        match wait.await {
            Ok(done) => done.map_err(refusal),
            Err(_) => Err(refused("the service is about to stop; try again")),
        }
    }

    /// A file as it is now.
    pub(crate) async fn look(&self, target: ChangeTarget) -> Result<ChangedFile, OpsError> {
        self.ask(DeskErrand::Look(target)).await
    }

    /// Makes a change, and notes who made it.
    pub(crate) async fn change(
        &self,
        asker: Asker,
        change: IncidentChange,
        act: &str,
    ) -> Result<ChangedFile, OpsError> {
        let Asker {
            actor,
            seen,
            preview,
        } = asker;
        let request = ChangeRequest {
            actor: actor.clone(),
            preview,
            seen,
            change,
        };
        let changed = self.ask(DeskErrand::Change(Box::new(request))).await?;
        if !preview && !changed.changed.is_empty() {
            let entry = AuditEntry::new(&actor, act, &*changed.incident.name);
            self.operators.audit(entry).await;
            self.settle(&changed).await;
        }
        Ok(changed)
    }

    /// Waits until the board shows a change, so that who changes something finds it
    /// there; but not for long: others may have changed it since.
    async fn settle(&self, changed: &ChangedFile) {
        let mut boards = self.operators.site.boards();
        let shows = |board: &Arc<Board>| {
            let mut found = board.facts.incidents.named(&changed.incident.id.0);
            match found.next() {
                None => changed.after.is_none(),
                Some(shown) => changed.after.is_some() && **shown == *changed.incident,
            }
        };
        // Either way the change was made.
        let _ = timeout(PATIENCE, boards.wait_for(shows)).await;
    }

    /// The file as JSON.
    pub(crate) fn shown(&self, file: &ChangedFile) -> Value {
        let site = &self.operators.site;
        site.show(|view| show::whole(&file.incident, file.planned.as_ref(), view.board))
    }

    /// The answer to a look, with the version of the file.
    pub(crate) fn answer_with(&self, file: &ChangedFile) -> Response {
        let mut answer = Json(self.shown(file)).into_response();
        put_version(&mut answer, file);
        answer
    }

    /// The answer to a change: the file as it is, or would be.
    pub(crate) fn answer(
        &self,
        changed: &ChangedFile,
        preview: bool,
        status: StatusCode,
    ) -> Response {
        let mut shown = self.shown(changed);
        shown["changed"] = json!(changed.changed);
        if preview {
            shown["difference"] = json!(difference_of(changed));
            return Json(shown).into_response();
        }
        let mut answer = (status, Json(shown)).into_response();
        put_version(&mut answer, changed);
        answer
    }
}

/// What changed, line by line.
pub(crate) fn difference_of(changed: &ChangedFile) -> String {
    let (before, after) = (changed.before.as_deref(), changed.after.as_deref());
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    difference(&changed.incident.name, before, after)
}

/// Names the version of the file.
pub(crate) fn put_version(answer: &mut Response, file: &ChangedFile) {
    let version = file.version.as_ref();
    let version =
        version.and_then(|version| HeaderValue::from_str(&format!("\"{}\"", version.0)).ok());
    if let Some(version) = version {
        answer.headers_mut().insert(header::ETAG, version);
    }
}

/// A refusal of the desk as an answer.
pub(crate) fn refusal(refusal: ChangeRefusal) -> OpsError {
    let message = refusal.to_string();
    let whole = |status| OpsError::whole(status, message.clone());
    match refusal {
        ChangeRefusal::Faulty(faults) => {
            let faults = faults.into_iter().map(|fault| BodyFault {
                pointer: fault
                    .field
                    .map_or_else(String::new, |field| format!("/{field}")),
                message: fault.message,
            });
            OpsError::faulty(faults.collect())
        }
        ChangeRefusal::Against(_) => whole(StatusCode::CONFLICT),
        ChangeRefusal::Unknown(_) => whole(StatusCode::NOT_FOUND),
        ChangeRefusal::Stale { version, .. } => OpsError {
            version: Some(version.0),
            ..whole(StatusCode::PRECONDITION_FAILED)
        },
        ChangeRefusal::Busy(_) | ChangeRefusal::Reader(_) => whole(StatusCode::SERVICE_UNAVAILABLE),
        ChangeRefusal::Unwritten(_) => whole(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
