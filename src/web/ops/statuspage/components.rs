//! Components in Statuspage's REST API, and their states by hand.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::model::component::ComponentId;
use crate::model::request::incidents::incident_change::IncidentChange;
use crate::web::formats::statuspage::components;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::desk::{Asker, WriteApi};
use crate::web::ops::api::incidents::SentBody;
use crate::web::ops::statuspage::input::{SentThing, component, state};

impl WriteApi {
    /// A component in Statuspage's words, and its id here.
    fn component_of(&self, page: &str, id: &str) -> Result<(ComponentId, Value), OpsError> {
        let id = id.strip_suffix(".json").unwrap_or(id);
        let found = self.of_page(page, |view| {
            let component = component(view, id)?;
            let states = view.board.components.iter().map(|state| &state.component);
            let mut shown = states.zip(components::each(view));
            let (_, shown) = shown.find(|(one, _)| one.id == component.id)?;
            Some((component.id.clone(), shown))
        })?;
        found.ok_or_else(|| {
            let message = format!("there is no component `{id}`");
            OpsError::whole(StatusCode::NOT_FOUND, message)
        })
    }
}

/// `GET /v1/pages/PAGE/components`.
pub(crate) async fn list(
    State(api): State<WriteApi>,
    Path(page): Path<String>,
) -> Result<Json<Vec<Value>>, OpsError> {
    api.of_page(&page, components::each).map(Json)
}

/// `GET /v1/pages/PAGE/component-groups`.
pub(crate) async fn groups(
    State(api): State<WriteApi>,
    Path(page): Path<String>,
) -> Result<Json<Value>, OpsError> {
    let all = api.of_page(&page, components::all)?;
    let all = all.as_array().cloned().unwrap_or_default();
    let groups = all.into_iter().filter(|one| one["group"] == true);
    Ok(Json(groups.collect()))
}

/// `GET /v1/pages/PAGE/components/ID`.
pub(crate) async fn one(
    State(api): State<WriteApi>,
    Path((page, id)): Path<(String, String)>,
) -> Result<Json<Value>, OpsError> {
    let (_, shown) = api.component_of(&page, &id)?;
    Ok(Json(shown))
}

/// `PATCH` and `PUT /v1/pages/PAGE/components/ID`: its state by hand. The rest stands in
/// the settings; the answer says how it is.
pub(crate) async fn change(
    State(api): State<WriteApi>,
    asker: Asker,
    Path((page, id)): Path<(String, String)>,
    headers: HeaderMap,
    sent: SentBody,
) -> Result<Json<Value>, OpsError> {
    let (own, _) = api.component_of(&page, &id)?;
    let sent = SentThing::read(&headers, sent, "component").await?;
    if let Some(state) = state(&sent.text("status").unwrap_or_default())? {
        let change = IncidentChange::State {
            component: own,
            state,
            text: None,
        };
        api.change(asker, change, "set state").await?;
    }
    let (_, shown) = api.component_of(&page, &id)?;
    Ok(Json(shown))
}

/// Components are neither made nor deleted from here.
pub(crate) async fn fixed() -> OpsError {
    let message = "components are in the settings: add or remove a `[[component]]` there";
    OpsError::whole(StatusCode::FORBIDDEN, message)
}
