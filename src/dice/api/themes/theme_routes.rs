//! `/theme`: the catalogue.

use axum::Json;
use axum::extract::Path;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::dice::api::caller::Caller;
use crate::dice::api::paging::PageQuery;
use crate::dice::api::query::ApiQuery;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::themes::theme::{self, THEMES, Theme};
use crate::dice::api::themes::theme_json;

/// So many themes are on a page: they are large where they have models.
const PAGE_SIZE: usize = 4;

/// Lists all themes.
pub(crate) async fn list(
    _: Caller,
    ApiQuery(page): ApiQuery<PageQuery>,
    headers: HeaderMap,
) -> Json<Value> {
    reply(
        &THEMES.iter().collect::<Vec<_>>(),
        page,
        &headers,
        "/api/1.0/theme",
        "",
    )
}

/// Shows a theme.
pub(crate) async fn show(_: Caller, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let found = theme::find(&id).ok_or(ApiError::NotFound("theme"))?;
    Ok(Json(
        json!({ "type": "theme", "data": theme_json::theme(found) }),
    ))
}

/// Answers with one page of some themes.
pub(crate) fn reply(
    themes: &[&Theme],
    page: PageQuery,
    headers: &HeaderMap,
    path: &str,
    more: &str,
) -> Json<Value> {
    let rest = themes.get(page.first(PAGE_SIZE)..).unwrap_or_default();
    let shown = rest
        .iter()
        .take(PAGE_SIZE)
        .map(|one| theme_json::theme(one));
    let links = page.links(headers, path, more, rest.len() > PAGE_SIZE);
    Json(json!({ "type": "theme[]", "data": shown.collect::<Value>(), "links": links }))
}
