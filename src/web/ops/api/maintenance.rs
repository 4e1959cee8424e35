//! Planned work by the operators' API: `/api/v1/maintenance`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use crate::model::request::incident_change::{IncidentChange, IncidentEdit, NewWork};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::body;
use crate::web::ops::api::desk::{Asker, WriteApi};
use crate::web::ops::api::fields::BodyFields;
use crate::web::ops::api::incidents::{SentBody, target};

/// `POST /api/v1/maintenance`: announces work.
pub(crate) async fn plan(
    State(api): State<WriteApi>,
    asker: Asker,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let known = ["title", "from", "to", "affected", "text"];
    let mut fields = BodyFields::read(&body(sent)?, &known)?;
    let title = fields.needed("title", "say what is done, in one line");
    let from = needed_moment(&api, &mut fields, "from", "say when it begins");
    let to = needed_moment(&api, &mut fields, "to", "say when it ends");
    let affected = fields.names("affected");
    if affected.as_ref().is_none_or(Vec::is_empty) && !fields.is_faulty("affected") {
        fields.wrong("affected", "name the components concerned, in a list");
    }
    let text = fields.text("text");
    fields.done()?;
    let work = NewWork {
        title,
        from,
        to,
        affected: affected.unwrap_or_default(),
        text,
    };
    let change = IncidentChange::Plan(work);
    api.create(asker, change, "plan maintenance", "/api/v1/maintenance")
        .await
}

/// A moment that must be there.
fn needed_moment(api: &WriteApi, fields: &mut BodyFields, field: &str, way: &str) -> Timestamp {
    let (zone, now) = api.clock();
    let at = fields.moment(field, &zone, now);
    if at.is_none() && !fields.is_faulty(field) {
        fields.wrong(field, way);
    }
    at.unwrap_or(now)
}

/// `GET /api/v1/maintenance/ID`.
pub(crate) async fn one(
    State(api): State<WriteApi>,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let file = api.look(target(id.clone())).await?;
    if file.planned.is_none() {
        let message = format!("`{id}` is no maintenance");
        return Err(OpsError::whole(StatusCode::NOT_FOUND, message));
    }
    Ok(api.answer_with(&file))
}

/// `POST /api/v1/maintenance/ID/extend`: it ends at another moment.
pub(crate) async fn extend(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["until", "text"])?;
    let edit = IncidentEdit::Extend {
        until: needed_moment(&api, &mut fields, "until", "say when it ends now"),
        text: fields.text("text"),
    };
    fields.done()?;
    api.edit(asker, id, edit, "extend maintenance", StatusCode::OK)
        .await
}

/// `POST /api/v1/maintenance/ID/end`: it is done.
pub(crate) async fn end(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["at", "text"])?;
    let (zone, now) = api.clock();
    let edit = IncidentEdit::End {
        at: fields.moment("at", &zone, now),
        text: fields.text("text"),
    };
    fields.done()?;
    api.edit(asker, id, edit, "end maintenance", StatusCode::OK)
        .await
}

/// `POST /api/v1/maintenance/ID/cancel`: it is called off.
pub(crate) async fn cancel(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &["text"])?;
    let text = fields.text("text");
    fields.done()?;
    let edit = IncidentEdit::Cancel { text };
    api.edit(asker, id, edit, "cancel maintenance", StatusCode::OK)
        .await
}
