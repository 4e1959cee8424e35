//! Planned work by the operators' API: `/api/v1/maintenance`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::model::request::incidents::incident_change::IncidentChange;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::body;
use crate::web::ops::api::desk::{Asker, WriteApi};
use crate::web::ops::api::edits::{self, EditAct};
use crate::web::ops::api::incidents::{SentBody, target};

/// `POST /api/v1/maintenance`: announces work.
pub(crate) async fn plan(
    State(api): State<WriteApi>,
    asker: Asker,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let work = edits::new_work(&body(sent)?, &api.scene(&asker.actor))?;
    let change = IncidentChange::Plan(work);
    api.create(asker, change, "plan maintenance", "/api/v1/maintenance")
        .await
}

/// `GET /api/v1/maintenance/ID`.
pub(crate) async fn one(
    State(api): State<WriteApi>,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let file = api.look(target(id.clone())).await?;
    if file.planned.is_none() {
        let message = format!("`{id}` is not maintenance");
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
    api.edit(asker, id, EditAct::Extend, sent).await
}

/// `POST /api/v1/maintenance/ID/end`: it is done.
pub(crate) async fn end(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::End, sent).await
}

/// `POST /api/v1/maintenance/ID/cancel`: it is called off.
pub(crate) async fn cancel(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    api.edit(asker, id, EditAct::Cancel, sent).await
}
