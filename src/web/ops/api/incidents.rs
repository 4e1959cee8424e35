//! Incidents by the operators' API: `/api/v1/incidents`.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::access::Actor;
use crate::model::incident::{IncidentId, Update};
use crate::model::request::incidents::incident_change::{
    ChangeTarget, IncidentChange, IncidentEdit,
};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::body;
use crate::web::ops::api::desk::{Asker, WriteApi, put_version};
use crate::web::ops::api::edits::{self, EditAct, EditScene};
use crate::web::text::update_ids;

/// A body, if it could be read.
pub(crate) type SentBody = Result<Bytes, BytesRejection>;

/// The file of an incident's id.
pub(crate) fn target(id: String) -> ChangeTarget {
    ChangeTarget::Id(IncidentId(id))
}

impl WriteApi {
    /// By what something that somebody sends is read.
    pub(crate) fn scene(&self, actor: &Actor) -> EditScene {
        let site = &self.operators.site;
        let (zone, now) = site.show(|view| (view.names.zone.clone(), view.now));
        let by = actor.name.clone();
        EditScene { zone, now, by }
    }

    /// Edits an incident as a body says, and answers with it.
    pub(crate) async fn edit(
        &self,
        asker: Asker,
        id: String,
        act: EditAct,
        sent: SentBody,
    ) -> Result<Response, OpsError> {
        let edit = act.read(&body(sent)?, &self.scene(&asker.actor))?;
        self.edited(asker, id, act, edit).await
    }

    async fn edited(
        &self,
        asker: Asker,
        id: String,
        act: EditAct,
        edit: IncidentEdit,
    ) -> Result<Response, OpsError> {
        let preview = asker.preview;
        let change = IncidentChange::Edit(target(id), edit);
        let changed = self.change(asker, change, act.audited()).await?;
        let status = match act {
            EditAct::Update => StatusCode::CREATED,
            _ => StatusCode::OK,
        };
        Ok(self.answer(&changed, preview, status))
    }

    /// Makes a new file and answers with it and its address.
    pub(crate) async fn create(
        &self,
        asker: Asker,
        change: IncidentChange,
        act: &str,
        below: &str,
    ) -> Result<Response, OpsError> {
        let preview = asker.preview;
        let changed = self.change(asker, change, act).await?;
        let mut answer = self.answer(&changed, preview, StatusCode::CREATED);
        if !preview {
            let id = utf8_percent_encode(&changed.incident.id.0, NON_ALPHANUMERIC);
            if let Ok(location) = HeaderValue::from_str(&format!("{below}/{id}")) {
                answer.headers_mut().insert(header::LOCATION, location);
            }
        }
        Ok(answer)
    }
}

/// `POST /api/v1/incidents`: begins one.
pub(crate) async fn open(
    State(api): State<WriteApi>,
    asker: Asker,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let new = edits::new_incident(&body(sent)?, &api.scene(&asker.actor))?;
    let change = IncidentChange::Open(new);
    api.create(asker, change, "open incident", "/api/v1/incidents")
        .await
}

/// `GET /api/v1/incidents/ID`.
pub(crate) async fn one(
    State(api): State<WriteApi>,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let file = api.look(target(id)).await?;
    Ok(api.answer_with(&file))
}

/// `PATCH /api/v1/incidents/ID`: changes keys without a word to visitors.
pub(crate) async fn patch(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Change, sent).await
}

/// `POST /api/v1/incidents/ID/updates`: adds an update, and changes keys.
pub(crate) async fn update(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Update, sent).await
}

/// `PATCH /api/v1/incidents/ID/updates/UPDATE`: corrects the newest update.
pub(crate) async fn correct(
    State(api): State<WriteApi>,
    asker: Asker,
    Path((id, update)): Path<(String, String)>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let act = EditAct::Correct;
    let edit = act.read(&body(sent)?, &api.scene(&asker.actor))?;
    let file = api.look(target(id.clone())).await?;
    newest(&file.incident.updates, &update)?;
    // Between the look and the change nobody may have added another one.
    let seen = asker.seen.or(file.version);
    let asker = Asker { seen, ..asker };
    api.edited(asker, id, act, edit).await
}

/// Refuses an update that is not the newest: others were read and sent long ago.
pub(crate) fn newest(updates: &[Update], update: &str) -> Result<(), OpsError> {
    let keys = update_ids::keys(updates);
    if keys.first().is_some_and(|key| key == update) || update == "newest" {
        return Ok(());
    }
    Err(if keys.iter().any(|key| key == update) {
        let way = "only the newest update can be corrected; add another one, or edit the file";
        OpsError::whole(StatusCode::CONFLICT, way)
    } else {
        OpsError::whole(
            StatusCode::NOT_FOUND,
            format!("there is no update `{update}`"),
        )
    })
}

/// `POST /api/v1/incidents/ID/resolve`.
pub(crate) async fn resolve(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Resolve, sent).await
}

/// `POST /api/v1/incidents/ID/reopen`.
pub(crate) async fn reopen(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Reopen, sent).await
}

/// `POST /api/v1/incidents/ID/withdraw`.
pub(crate) async fn withdraw(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Withdraw, sent).await
}

/// `POST /api/v1/incidents/ID/publish`: a draft, or the post-mortem of what is over.
pub(crate) async fn publish(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Publish, sent).await
}

/// `POST /api/v1/incidents/ID/accept`: accepts a standing risk.
pub(crate) async fn accept(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Accept, sent).await
}

/// `PUT /api/v1/incidents/ID/post-mortem`: writes the post-mortem, which stays a draft
/// until it is published.
pub(crate) async fn report(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Report, sent).await
}

/// `DELETE /api/v1/incidents/ID`: deletes a draft.
pub(crate) async fn delete(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    api.edited(asker, id, EditAct::Delete, IncidentEdit::Delete)
        .await
}

/// `GET /api/v1/incidents/ID/file`: the bytes of the file.
pub(crate) async fn file(
    State(api): State<WriteApi>,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let file = api.look(target(id)).await?;
    let kind = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
    let mut answer = (kind, file.after.clone().unwrap_or_default()).into_response();
    put_version(&mut answer, &file);
    Ok(answer)
}

/// `PUT /api/v1/incidents/ID/file`: another text in the place of the whole file.
pub(crate) async fn replace(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let sent = body(sent)?;
    let Ok(text) = String::from_utf8(sent.to_vec()) else {
        return Err(OpsError::whole(
            StatusCode::BAD_REQUEST,
            "the body is not UTF-8",
        ));
    };
    let edit = IncidentEdit::Replace { text };
    api.edited(asker, id, EditAct::Replace, edit).await
}
