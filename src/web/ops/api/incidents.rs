//! Incidents by the operators' API: `/api/v1/incidents`.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::component::Severity;
use crate::model::incident::{IncidentId, Update};
use crate::model::request::incident_change::{
    ChangeTarget, ChangedKeys, IncidentChange, IncidentEdit, NewIncident, Opener,
};
use crate::model::verdict::RuleId;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::body;
use crate::web::ops::api::desk::{Asker, WriteApi, put_version};
use crate::web::ops::api::fields::BodyFields;
use crate::web::text::update_ids;

/// A body, if it could be read.
pub(crate) type SentBody = Result<Bytes, BytesRejection>;

/// The keys of a head that a body may change.
const KEYS: [&str; 5] = ["title", "date", "severity", "affected", "severityOf"];

/// The rule whose risk is accepted if none is named.
const CAPACITY: &str = "capacity-lint";

/// The file of an incident's id.
pub(crate) fn target(id: String) -> ChangeTarget {
    ChangeTarget::Id(IncidentId(id))
}

impl WriteApi {
    /// The zone and the moment in which what is sent is read.
    pub(crate) fn clock(&self) -> (TimeZone, Timestamp) {
        let site = &self.operators.site;
        site.show(|view| (view.names.zone.clone(), view.now))
    }

    /// Edits an incident and answers with it.
    pub(crate) async fn edit(
        &self,
        asker: Asker,
        id: String,
        edit: IncidentEdit,
        act: &str,
        status: StatusCode,
    ) -> Result<Response, OpsError> {
        let preview = asker.preview;
        let change = IncidentChange::Edit(target(id), edit);
        let changed = self.change(asker, change, act).await?;
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
    let known = [&KEYS[..], &["text", "phase", "draft", "join"]].concat();
    let mut fields = BodyFields::read(&body(sent)?, &known)?;
    let (zone, now) = api.clock();
    let severity = fields.severity("severity");
    if severity.is_none() && !fields.is_faulty("severity") {
        fields.wrong("severity", "say how bad it is: down, disrupted or notice");
    }
    let affected = fields.names("affected");
    if affected.as_ref().is_none_or(Vec::is_empty) && !fields.is_faulty("affected") {
        fields.wrong("affected", "name the components concerned, in a list");
    }
    let new = NewIncident {
        title: fields.needed("title", "say what it is, in one line"),
        severity: severity.unwrap_or(Severity::Notice),
        affected: affected.unwrap_or_default(),
        levels: fields.levels("severityOf"),
        date: fields.moment("date", &zone, now),
        draft: fields.flag("draft"),
        join: fields.flag("join"),
        opener: fields.opener(Opener::Investigating),
        text: fields.needed("text", "say what visitors read, as markdown"),
        state_of: None,
    };
    fields.done()?;
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
    let mut fields = BodyFields::read(&body(sent)?, &KEYS)?;
    let keys = keys(&api, &mut fields);
    fields.done()?;
    let edit = IncidentEdit::Update {
        opener: Opener::Update,
        keys,
        text: None,
    };
    api.edit(asker, id, edit, "change incident", StatusCode::OK)
        .await
}

/// The keys that a body changes.
fn keys(api: &WriteApi, fields: &mut BodyFields) -> ChangedKeys {
    let (zone, now) = api.clock();
    ChangedKeys {
        title: fields.text("title"),
        date: fields.moment("date", &zone, now),
        severity: fields.severity("severity"),
        affected: fields.names("affected"),
        levels: fields.levels("severityOf"),
    }
}

/// `POST /api/v1/incidents/ID/updates`: adds an update, and changes keys.
pub(crate) async fn update(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let known = [&KEYS[..], &["text", "phase"]].concat();
    let mut fields = BodyFields::read(&body(sent)?, &known)?;
    let edit = IncidentEdit::Update {
        opener: fields.opener(Opener::Update),
        keys: keys(&api, &mut fields),
        text: Some(fields.needed("text", "say what visitors read, as markdown")),
    };
    fields.done()?;
    let created = StatusCode::CREATED;
    api.edit(asker, id, edit, "update incident", created).await
}

/// `PATCH /api/v1/incidents/ID/updates/UPDATE`: corrects the newest update.
pub(crate) async fn correct(
    State(api): State<WriteApi>,
    asker: Asker,
    Path((id, update)): Path<(String, String)>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let known = [&KEYS[..], &["text"]].concat();
    let mut fields = BodyFields::read(&body(sent)?, &known)?;
    let edit = IncidentEdit::Correct {
        keys: keys(&api, &mut fields),
        text: fields.needed("text", "say what visitors read, as markdown"),
    };
    fields.done()?;
    let file = api.look(target(id.clone())).await?;
    newest(&file.incident.updates, &update)?;
    // Between the look and the change nobody may have added another one.
    let seen = asker.seen.or(file.version);
    let asker = Asker { seen, ..asker };
    api.edit(asker, id, edit, "correct incident", StatusCode::OK)
        .await
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
    let mut fields = BodyFields::read(&body(sent)?, &["at", "text"])?;
    let (zone, now) = api.clock();
    let edit = IncidentEdit::Resolve {
        at: fields.moment("at", &zone, now),
        text: fields.text("text"),
    };
    fields.done()?;
    api.edit(asker, id, edit, "resolve incident", StatusCode::OK)
        .await
}

/// `POST /api/v1/incidents/ID/reopen`.
pub(crate) async fn reopen(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["phase", "text"])?;
    let edit = IncidentEdit::Reopen {
        opener: fields.opener(Opener::Investigating),
        text: fields.text("text"),
    };
    fields.done()?;
    api.edit(asker, id, edit, "reopen incident", StatusCode::OK)
        .await
}

/// `POST /api/v1/incidents/ID/withdraw`.
pub(crate) async fn withdraw(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["text"])?;
    let text = fields.text("text");
    fields.done()?;
    let edit = IncidentEdit::Withdraw { text };
    api.edit(asker, id, edit, "withdraw incident", StatusCode::OK)
        .await
}

/// `POST /api/v1/incidents/ID/publish`: a draft, or the post-mortem of what is over.
pub(crate) async fn publish(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["text"])?;
    let text = fields.text("text");
    fields.done()?;
    let edit = IncidentEdit::Publish { text };
    api.edit(asker, id, edit, "publish incident", StatusCode::OK)
        .await
}

/// `POST /api/v1/incidents/ID/accept`: accepts a standing risk.
pub(crate) async fn accept(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["rule", "by"])?;
    let rule = fields.text("rule").unwrap_or_else(|| CAPACITY.to_owned());
    let by = fields
        .text("by")
        .unwrap_or_else(|| asker.actor.name.clone());
    fields.done()?;
    let edit = IncidentEdit::Accept {
        rule: RuleId(rule),
        by,
    };
    let act = "accept risk";
    api.edit(asker, id, edit, act, StatusCode::OK).await
}

/// `DELETE /api/v1/incidents/ID`: deletes a draft.
pub(crate) async fn delete(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let edit = IncidentEdit::Delete;
    api.edit(asker, id, edit, "delete incident", StatusCode::OK)
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
    api.edit(asker, id, edit, "replace incident", StatusCode::OK)
        .await
}
