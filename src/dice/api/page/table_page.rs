//! A room as a table: who sits there, dice to roll, and what was rolled.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::{HOST, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use crate::dice::api::account::{session, user_routes};
use crate::dice::api::caller::{Caller, MaybeCaller};
use crate::dice::api::page::frame;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::roll_routes;
use crate::dice::api::rolls::request::{self, RollWish};
use crate::dice::api::rolls::view::{self, RollView};
use crate::dice::api::rooms::entry;
use crate::dice::api::state::ApiState;
use crate::dice::database::rolls;
use crate::dice::database::rooms::Room;
use crate::dice::roll::job::User;

/// So many rolls are on the table.
const ROLLS_MAX: u32 = 30;
/// Dice with a button of their own.
const DICE: [&str; 8] = ["d4", "d6", "d8", "d10", "d12", "d20", "d100", "4df"];

#[derive(Template)]
#[template(path = "dice/table.html")]
struct TablePage {
    name: Option<String>,
    slug: String,
    title: String,
    invitation: String,
    me: String,
    people: Vec<Person>,
    rolls: Vec<ShownRoll>,
    dice: [&'static str; 8],
    formula: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "dice/join.html")]
struct JoinPage {
    name: Option<String>,
    slug: String,
    was_logged_out: bool,
    needs_passcode: bool,
    problem: Option<String>,
}

struct Person {
    id: i64,
    name: String,
    color: String,
    is_me: bool,
}

/// A roll as the page shows it.
pub(crate) struct ShownRoll {
    uuid: String,
    who: String,
    color: String,
    equation: String,
    total: String,
    dice: Vec<ShownDie>,
    is_whispered: bool,
}

struct ShownDie {
    kind: String,
    face: String,
    is_dropped: bool,
}

/// The form of those who come to a table.
#[derive(Debug, Deserialize)]
pub(crate) struct JoinForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    passcode: String,
}

/// A formula, or the button of one die.
#[derive(Debug, Deserialize)]
pub(crate) struct RollForm {
    #[serde(default)]
    equation: String,
    die: Option<String>,
}

/// Shows the table to those who sit there, and the way to it to all others.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    MaybeCaller(user): MaybeCaller,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let room = entry::find(&desk, &slug).await?;
    match user {
        Some(user) if room.has(user.uuid) => table(&desk, &user, &room, &headers, None).await,
        user => join_page(user, &room, &headers, None),
    }
}

/// Sits down at a table, as a new guest if need be.
pub(crate) async fn join(
    State(desk): State<Arc<ApiState>>,
    MaybeCaller(user): MaybeCaller,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Form(form): Form<JoinForm>,
) -> Result<Response, ApiError> {
    let room = entry::find(&desk, &slug).await?;
    let passcode = Some(form.passcode.trim());
    if !room.opens_to(passcode) {
        let problem = "The passcode does not open this table.".to_owned();
        return join_page(user, &room, &headers, Some(problem));
    }
    let (user, token) = if let Some(user) = user {
        (user, None)
    } else {
        let (user, token) = user_routes::begin(&desk, Some(&form.name)).await?;
        (user, Some(token))
    };
    match entry::join(&desk, &user, &slug, passcode).await {
        Ok(_) | Err(ApiError::AlreadyIn) => {}
        Err(error) => return Err(error),
    }
    let mut response = frame::see_other(&format!("/room/{slug}"));
    if let Some(token) = token {
        let cookie = session::cookie(Some(&token), desk.session_ttl);
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Rolls, and shows the table again.
pub(crate) async fn roll(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Form(form): Form<RollForm>,
) -> Result<Response, ApiError> {
    let room = entry::room_of(&desk, &slug, user.uuid).await?;
    let formula = form.die.unwrap_or(form.equation);
    let wish = RollWish::new(formula.trim(), &slug);
    let made = match request::job(wish, user.clone()) {
        Ok(job) => roll_routes::make(&desk, &job).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(frame::see_other(&format!("/room/{slug}"))),
        Err(error) => {
            let problem = (formula, error.status(), error.to_string());
            let retry = error.retry_after();
            let mut response = table(&desk, &user, &room, &headers, Some(problem)).await?;
            if let Some(seconds) = retry {
                response.headers_mut().insert("retry-after", seconds.into());
            }
            Ok(response)
        }
    }
}

async fn table(
    desk: &ApiState,
    user: &User,
    room: &Room,
    headers: &HeaderMap,
    problem: Option<(String, StatusCode, String)>,
) -> Result<Response, ApiError> {
    let answers = rolls::last_of_room(&desk.database, room.slug.clone(), ROLLS_MAX).await?;
    let views = view::all(desk, answers).await?;
    let views = views
        .iter()
        .filter(|view| view.shows_to(user.uuid) && !view.is_cleared());
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let people = room.participants.iter().map(|one| Person {
        id: one.id,
        name: one.look.username.clone(),
        color: one.look.color.clone(),
        is_me: one.user.uuid == user.uuid,
    });
    let status = problem
        .as_ref()
        .map_or(StatusCode::OK, |(_, status, _)| *status);
    let (formula, problem) = match problem {
        Some((formula, _, words)) => (formula, Some(words)),
        None => (String::new(), None),
    };
    let page = TablePage {
        name: Some(user.name.clone()),
        title: room.door.name.clone(),
        invitation: format!("http://{}/room/{}", host.unwrap_or("localhost"), room.slug),
        slug: room.slug.clone(),
        me: user.uuid.to_string(),
        people: people.collect(),
        rolls: views.map(shown).collect(),
        dice: DICE,
        formula,
        problem,
    };
    frame::page(&page, status)
}

fn join_page(
    user: Option<User>,
    room: &Room,
    headers: &HeaderMap,
    problem: Option<String>,
) -> Result<Response, ApiError> {
    let status = if problem.is_some() {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::OK
    };
    let page = JoinPage {
        was_logged_out: user.is_none() && session::token(headers).is_some(),
        name: user.map(|user| user.name),
        slug: room.slug.clone(),
        needs_passcode: room.door.passcode.is_some(),
        problem,
    };
    frame::page(&page, status)
}

fn shown(view: &RollView) -> ShownRoll {
    let roll = view.to_json();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let values = roll["values"].as_array().into_iter().flatten();
    let is_cleared = |value: &&Value| value["is_cleared"] == Value::Bool(true);
    let dice = values.filter(|value| !is_cleared(value)).map(|value| {
        let is_hidden = value["is_hidden"] == Value::Bool(true);
        ShownDie {
            kind: text(&value["type"]),
            face: if is_hidden {
                "?".to_owned()
            } else {
                text(&value["value_to_display"])
            },
            is_dropped: value["is_dropped"] == Value::Bool(true),
        }
    });
    let participant = view.room().and_then(|room| room.participant(view.roller()));
    ShownRoll {
        uuid: text(&roll["uuid"]),
        who: participant.map_or_else(
            || text(&roll["user"]["name"]),
            |one| one.look.username.clone(),
        ),
        color: participant.map_or_else(|| "#808080".to_owned(), |one| one.look.color.clone()),
        equation: text(&roll["equation"]),
        total: text(&roll["total_value"]),
        dice: dice.collect(),
        is_whispered: view.receivers().is_some(),
    }
}
