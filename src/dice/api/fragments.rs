//! Parts of pages: rendered from the database, kept in Redis for a while.
//!
//! A part is the same for everybody in a room, so whispers are not in it.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redis::Cmd;
use serde_json::Value;

use crate::dice::api::caller::Caller;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolls::view::{self, RollView};
use crate::dice::api::rooms::entry;
use crate::dice::api::state::ApiState;
use crate::dice::database::rolls;
use crate::dice::{keys, link};

/// How long a fragment is kept.
const TTL: Duration = Duration::from_secs(2);
const ROLLS: u32 = 10;

/// The last rolls of a room.
#[derive(Template)]
#[template(
    source = "<ol class=\"rolls\">{% for roll in rolls %}\
              <li><b>{{ roll.who }}</b> {{ roll.equation }} = {{ roll.total }}</li>\
              {% endfor %}</ol>\n",
    ext = "html"
)]
struct LastRolls {
    rolls: Vec<FragmentRoll>,
}

struct FragmentRoll {
    who: String,
    equation: String,
    total: String,
}

/// Shows the last rolls of a room to its participants.
pub(crate) async fn last_rolls(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
) -> Result<Html<String>, ApiError> {
    entry::room_of(&desk, &slug, user.uuid).await?;
    let mut link = desk.link.clone();
    let key = keys::fragment(&slug);
    // A cache that does not answer costs some work, no page.
    let kept: Option<String> = link::ask(&mut link, &Cmd::get(&key)).await.unwrap_or(None);
    if let Some(kept) = kept {
        return Ok(Html(kept));
    }
    let rolls = rolls::last_of_room(&desk.database, slug, ROLLS).await?;
    let views = view::all(&desk, rolls).await?;
    let is_for_all = |view: &&RollView| view.receivers().is_none() && !view.is_cleared();
    let rolls = views.iter().filter(is_for_all).map(RollView::to_json);
    let page =
        render(&rolls.collect::<Vec<_>>()).map_err(|error| ApiError::Failed(error.to_string()))?;
    desk.metrics.fragments_rendered.inc();
    let keep = Cmd::set_ex(&key, &page, TTL.as_secs());
    if let Err(error) = keep.exec_async(&mut link).await {
        tracing::debug!(%error, "cannot keep a fragment");
    }
    Ok(Html(page))
}

fn render(rolls: &[Value]) -> askama::Result<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let shown = |roll: &Value| FragmentRoll {
        who: text(&roll["user"]["name"]),
        equation: text(&roll["equation"]),
        total: text(&roll["total_value"]),
    };
    LastRolls {
        rolls: rolls.iter().map(shown).collect(),
    }
    .render()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fragment_escapes_what_users_call_themselves() {
        let roll = json!({
            "user": { "name": "<b>Ann" }, "equation": "2d6", "total_value": "7",
        });
        assert_eq!(
            render(&[roll]).unwrap(),
            "<ol class=\"rolls\"><li><b>&#60;b&#62;Ann</b> 2d6 = 7</li></ol>\n"
        );
    }
}
