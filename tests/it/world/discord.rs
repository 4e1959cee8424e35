//! Stands in for Discord's webhooks: it keeps what it takes, refuses what Discord
//! refuses, and can be as busy, slow or gone as Discord can.
//!
//! By Discord's documentation of webhooks, messages, rate limits and error codes.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, patch};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::watch;

/// The path of its only webhook.
const WEBHOOK: &str = "/api/webhooks/1/secret";

/// How Discord is at the moment.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mood {
    /// It takes what is right.
    #[default]
    Well,
    /// It takes a message, and the connection ends before the answer.
    LosesAnswers,
    /// It answers with a head at once, and the body never ends.
    NeverEnds,
    /// It fails at messages with this word in them, and takes all others.
    ChokesOn(&'static str),
    /// It answers so, with this body and these headers, and takes nothing.
    Answers(u16, Value, Vec<(&'static str, String)>),
}

/// A message as the channel shows it.
#[derive(Clone, Debug)]
pub(crate) struct DiscordMessage {
    /// What it said when it was posted.
    pub posted: Value,
    /// What it says now.
    pub shown: Value,
    /// How often it was edited.
    pub edits: usize,
}

/// What happened so far.
#[derive(Clone, Debug, Default)]
struct DiscordChannel {
    mood: Mood,
    messages: Vec<DiscordMessage>,
    requests: usize,
    rejected: Vec<String>,
}

/// A channel behind a webhook.
pub(crate) struct Discord {
    url: String,
    channel: watch::Sender<DiscordChannel>,
}

/// Whatever a test is about: every message must be one that Discord takes.
impl Drop for Discord {
    fn drop(&mut self) {
        let rejected = &self.channel.borrow().rejected;
        assert!(
            std::thread::panicking() || rejected.is_empty(),
            "Discord refuses: {rejected:#?}"
        );
    }
}

impl Discord {
    /// Listens for messages.
    pub(crate) async fn start() -> Self {
        let channel = watch::Sender::new(DiscordChannel::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{WEBHOOK}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route(WEBHOOK, any(create))
            .route(&format!("{WEBHOOK}/messages/{{id}}"), patch(edit))
            .with_state(channel.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, channel }
    }

    /// The address of its webhook.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Changes how it is.
    pub(crate) fn becomes(&self, mood: Mood) {
        self.channel.send_modify(|channel| channel.mood = mood);
    }

    /// How often it was asked for anything.
    pub(crate) fn requests(&self) -> usize {
        self.channel.borrow().requests
    }

    /// The messages of the channel.
    pub(crate) fn messages(&self) -> Vec<DiscordMessage> {
        self.channel.borrow().messages.clone()
    }

    /// The headlines of everything posted so far, as they were posted.
    pub(crate) fn headlines(&self) -> Vec<String> {
        let messages = self.messages();
        messages
            .iter()
            .map(|message| title(&message.posted))
            .collect()
    }

    /// The headlines as the channel shows them now.
    pub(crate) fn shown(&self) -> Vec<String> {
        let messages = self.messages();
        messages
            .iter()
            .map(|message| title(&message.shown))
            .collect()
    }
}

fn title(message: &Value) -> String {
    message["embeds"][0]["title"].as_str().unwrap().to_owned()
}

type Channel = watch::Sender<DiscordChannel>;

async fn create(
    State(channel): State<Channel>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let waits = query
        .unwrap_or_default()
        .split('&')
        .any(|one| one == "wait=true");
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap();
    answer(&channel, &body, |channel, message| {
        channel.messages.push(DiscordMessage {
            posted: message.clone(),
            shown: message,
            edits: 0,
        });
        let id = (1000 + channel.messages.len()).to_string();
        waits.then(|| json!({ "id": id, "channel_id": "5" }))
    })
}

async fn edit(State(channel): State<Channel>, Path(id): Path<usize>, body: Bytes) -> Response {
    answer(&channel, &body, |channel, message| {
        let shown = channel.messages.get_mut(id.checked_sub(1001)?)?;
        shown.shown = message;
        shown.edits += 1;
        Some(json!({ "id": id.to_string(), "channel_id": "5" }))
    })
}

/// Judges a message and takes it, as Discord does in its mood.
fn answer(
    channel: &Channel,
    body: &[u8],
    take: impl FnOnce(&mut DiscordChannel, Value) -> Option<Value>,
) -> Response {
    let mut answer = None;
    let mut mood = Mood::Well;
    channel.send_modify(|channel| {
        channel.requests += 1;
        mood = channel.mood.clone();
        if matches!(mood, Mood::Answers(..)) {
            return;
        }
        if let Mood::ChokesOn(word) = mood
            && String::from_utf8_lossy(body).contains(word)
        {
            answer = Some((StatusCode::BAD_GATEWAY, Value::Null));
            return;
        }
        let message = serde_json::from_slice(body).unwrap_or(Value::Null);
        if let Err(why) = judge(&message) {
            channel.rejected.push(format!("{why}: {message:#}"));
            let fault = json!({ "message": why, "code": 50_035 });
            answer = Some((StatusCode::BAD_REQUEST, fault));
            return;
        }
        answer = Some(match take(channel, message) {
            Some(taken) => (StatusCode::OK, taken),
            None => (StatusCode::NO_CONTENT, Value::Null),
        });
    });
    match (mood, answer) {
        (Mood::Answers(status, body, headers), _) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        // The task ends without an answer, and its connection with it.
        (Mood::LosesAnswers, _) => std::panic::resume_unwind(Box::new("no answer")),
        (Mood::NeverEnds, Some(_)) => {
            let junk = Bytes::from(vec![b' '; 64 * 1024]);
            let endless =
                futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(junk.clone()));
            Response::new(Body::from_stream(endless))
        }
        (_, Some((status, body))) => (status, Json(body)).into_response(),
        (_, None) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The length of a text, which must not be longer than that.
fn text(value: &Value, what: &str, most: usize) -> Result<usize, String> {
    match value {
        Value::Null => Ok(0),
        Value::String(text) => {
            let length = text.encode_utf16().count();
            if length > most {
                return Err(format!("{what} has {length} characters"));
            }
            Ok(length)
        }
        other => Err(format!("{what} is {other}")),
    }
}

/// The length of all texts of an embed.
fn judge_embed(embed: &Value) -> Result<usize, String> {
    let title = text(&embed["title"], "title", 256)?;
    let description = text(&embed["description"], "description", 4096)?;
    let mut all = title + description + text(&embed["footer"]["text"], "footer", 2048)?;
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    if fields.len() > 25 {
        return Err(format!("{} fields", fields.len()));
    }
    for field in fields {
        let name = text(&field["name"], "name", 256)?;
        let value = text(&field["value"], "value", 1024)?;
        if name == 0 || value == 0 {
            return Err(format!("an empty field: {field}"));
        }
        all += name + value;
    }
    if title + description == 0 && fields.is_empty() {
        return Err("an empty embed".to_owned());
    }
    let colour = embed["color"].as_u64().unwrap_or(0);
    if colour > 0x00ff_ffff {
        return Err(format!("colour {colour}"));
    }
    let url = embed["url"].as_str();
    if url.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
        return Err(format!("url {url:?}"));
    }
    Ok(all)
}

/// Whether Discord takes a message, by its documented limits.
fn judge(message: &Value) -> Result<(), String> {
    let message = message.as_object().ok_or("no object")?;
    let known = [
        "content",
        "embeds",
        "allowed_mentions",
        "thread_name",
        "username",
    ];
    if let Some(key) = message.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("unknown key {key}"));
    }
    let content = text(
        &message.get("content").cloned().unwrap_or_default(),
        "content",
        2000,
    )?;
    let none = Vec::new();
    let embeds = message
        .get("embeds")
        .and_then(Value::as_array)
        .unwrap_or(&none);
    if embeds.len() > 10 || content == 0 && embeds.is_empty() {
        return Err(format!("{} embeds", embeds.len()));
    }
    let mut all = 0;
    for embed in embeds {
        all += judge_embed(embed)?;
    }
    if all > 6000 {
        return Err(format!("{all} characters in all embeds"));
    }
    let mentions = &message.get("allowed_mentions").cloned().unwrap_or_default();
    if mentions["parse"] != json!([]) {
        return Err(format!("mentions {mentions}"));
    }
    Ok(())
}

/// An answer that asks to wait, in the body alone.
pub(crate) fn limited(pause: Duration) -> Mood {
    let body = json!({
        "message": "You are being rate limited.",
        "retry_after": pause.as_secs_f64(),
        "global": false,
    });
    Mood::Answers(429, body, Vec::new())
}
