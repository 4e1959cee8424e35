//! Components by the operators' API, and their states by hand: `/api/v1/components`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::model::component::ComponentId;
use crate::model::facts::weight::ComponentState;
use crate::model::request::incidents::incident_change::{IncidentChange, StateByHand};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::body;
use crate::web::ops::api::desk::{Asker, WriteApi, difference_of, put_version};
use crate::web::ops::api::fields::{self, BodyFields};
use crate::web::ops::api::incidents::SentBody;
use crate::web::ops::api::show;

/// `GET /api/v1/components`.
pub(crate) async fn list(State(api): State<WriteApi>) -> Json<Vec<Value>> {
    Json(api.operators.site.show(|view| {
        let states = view.board.components.iter();
        states
            .map(|state| show::component(state, view.board))
            .collect()
    }))
}

/// `GET /api/v1/components/ID`.
pub(crate) async fn one(
    State(api): State<WriteApi>,
    Path(id): Path<String>,
) -> Result<Json<Value>, OpsError> {
    api.component(&id).map(Json)
}

impl WriteApi {
    fn component(&self, id: &str) -> Result<Value, OpsError> {
        let found = self.operators.site.show(|view| {
            let mut states = view.board.components.iter();
            let found = states.find(|state: &&ComponentState| state.component.id.0 == id);
            found.map(|state| show::component(state, view.board))
        });
        found.ok_or_else(|| {
            let message = format!("there is no component `{id}`");
            OpsError::whole(StatusCode::NOT_FOUND, message)
        })
    }
}

/// Reads a state: how bad a component is, or that it is well.
fn state(word: &str) -> Option<StateByHand> {
    match word {
        "ok" => Some(StateByHand::Well),
        word => fields::severity(word).map(StateByHand::Bad),
    }
}

/// `PUT /api/v1/components/ID/state`: holds a component in a state by hand.
///
/// The state stands in an incident of its own, so that it has a beginning, an end and
/// words like any other.
pub(crate) async fn hold(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(id): Path<String>,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut component = api.component(&id)?;
    let mut fields = BodyFields::read(&body(sent)?, &["state", "text"])?;
    let state = fields.word("state", state, "ok, notice, disrupted, down");
    if state.is_none() && !fields.is_faulty("state") {
        fields.wrong("state", "say ok, notice, disrupted or down");
    }
    let text = fields.text("text");
    fields.done()?;
    let preview = asker.preview;
    let change = IncidentChange::State {
        component: ComponentId(id),
        state: state.unwrap_or(StateByHand::Well),
        text,
    };
    let changed = api.change(asker, change, "set state").await?;
    let has_file = changed.before.is_some() || changed.after.is_some();
    component["incident"] = if has_file {
        api.shown(&changed)
    } else {
        Value::Null
    };
    component["changed"] = json!(changed.changed);
    if preview {
        component["difference"] = json!(difference_of(&changed));
    }
    let mut answer = Json(component).into_response();
    if !preview {
        put_version(&mut answer, &changed);
    }
    Ok(answer)
}
