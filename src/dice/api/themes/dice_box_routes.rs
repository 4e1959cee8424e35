//! `/dice-box`: the themes that a user rolls with.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dice::api::announcements::{self, DiceBoxEvent};
use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::paging::PageQuery;
use crate::dice::api::query::ApiQuery;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::api::themes::theme::{self, THEMES, Theme};
use crate::dice::api::themes::{theme_json, theme_routes};
use crate::dice::database::dice_boxes;

/// The longest filter, in bytes.
const FILTER_MAX: usize = 200;

/// Which themes of the box.
#[derive(Debug, Deserialize)]
pub(crate) struct BoxQuery {
    filter: Option<String>,
    ids: Option<String>,
}

/// Names a theme.
#[derive(Debug, Deserialize)]
pub(crate) struct ThemeId {
    id: String,
}

/// Lists what is in the caller's box.
pub(crate) async fn list(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    ApiQuery(page): ApiQuery<PageQuery>,
    ApiQuery(query): ApiQuery<BoxQuery>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let texts = [("filter", &query.filter), ("ids", &query.ids)];
    if texts
        .iter()
        .any(|(_, text)| text.as_ref().is_some_and(|text| text.len() > FILTER_MAX))
    {
        return Err(ApiError::Invalid("the filter is too long".to_owned()));
    }
    let own = dice_boxes::of_user(&desk.database, user.uuid).await?;
    let word = query.filter.as_ref().map(|text| text.to_lowercase());
    let is_wanted = |theme: &&Theme| {
        let is_named = word
            .as_ref()
            .is_none_or(|word| theme.id.contains(word) || theme.name.to_lowercase().contains(word));
        let mut ids = query.ids.iter().flat_map(|ids| ids.split(','));
        let is_listed = query.ids.is_none() || ids.any(|id| id.trim() == theme.id);
        let is_in = theme.is_free || own.iter().any(|id| id == theme.id);
        is_named && is_listed && is_in
    };
    let themes: Vec<&Theme> = THEMES.iter().filter(is_wanted).collect();
    let more: Vec<String> = texts
        .iter()
        .filter_map(|(name, text)| {
            let text = utf8_percent_encode(text.as_ref()?, NON_ALPHANUMERIC);
            Some(format!("{name}={text}"))
        })
        .collect();
    let path = "/api/1.0/dice-box";
    Ok(theme_routes::reply(
        &themes,
        page,
        &headers,
        path,
        &more.join("&"),
    ))
}

/// Puts a theme into the caller's box.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let ThemeId { id } = body.json()?;
    let found = theme::find(&id).ok_or(ApiError::NotFound("theme"))?;
    let data = theme_json::theme(found);
    if !found.is_free && dice_boxes::insert(&desk.database, user.uuid, found.id).await? {
        announcements::dice_box(&desk.hub, DiceBoxEvent::Created, user.uuid, &data).await;
    }
    Ok(Json(json!({ "type": "theme", "data": data })))
}

/// Takes a theme out of the caller's box.
pub(crate) async fn delete(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let found = theme::find(&id).ok_or(ApiError::NotFound("theme"))?;
    if !dice_boxes::delete(&desk.database, user.uuid, found.id).await? {
        return Err(ApiError::NotFound("theme in this box"));
    }
    let data = theme_json::theme(found);
    announcements::dice_box(&desk.hub, DiceBoxEvent::Deleted, user.uuid, &data).await;
    Ok(Json(json!({ "type": "theme", "data": data })))
}
