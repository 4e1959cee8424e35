//! One person: logs in, sits down in a room, rolls, and logs in again when logged out.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// What came of a roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RollReply {
    /// It was answered; the number stands for the answer.
    Answered {
        /// The roll's id.
        uuid: Uuid,
        /// Equal for equal answers.
        answer: u64,
    },
    /// It was taken and not answered in time.
    Late(Uuid),
    /// The session was there no more.
    LoggedOut,
    /// It was refused, or the service could not be reached.
    Refused,
}

/// What the service says of a roll afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaterState {
    /// It was answered; the number stands for the answer.
    Answered(u64),
    /// It waits.
    Waiting,
    /// Nothing is known of it.
    Unknown,
}

/// The way to the service.
#[derive(Clone, Debug)]
pub(crate) struct ServiceClient {
    client: Client,
    base: String,
}

/// A person's session and seat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seat {
    /// The cookie that shows who it is; none before the first login.
    pub(crate) token: Option<String>,
    /// Where the person rolls.
    pub(crate) room: Option<String>,
}

impl ServiceClient {
    /// Makes a way to `http://host:port`.
    pub(crate) fn new(client: Client, address: &str) -> Self {
        Self {
            client,
            base: format!("{address}/api/1.0"),
        }
    }

    /// Logs in as a new guest, as the page does: the session is in the service's Redis.
    pub(crate) async fn log_in(&self) -> Option<String> {
        let request = self.client.post(format!("{}/session", self.base));
        let answer = request.send().await.ok()?.error_for_status().ok()?;
        let cookie = answer.headers().get(SET_COOKIE)?.to_str().ok()?;
        cookie.split(';').next().map(str::to_owned)
    }

    /// Makes a room.
    pub(crate) async fn open_room(&self, token: &str) -> Option<String> {
        let (status, body) = self.send(Method::POST, "/room", Some(token), None).await?;
        let slug = body["data"]["slug"]
            .as_str()
            .filter(|_| status.is_success());
        slug.map(str::to_owned)
    }

    /// Joins a room; somebody who is in it already stays.
    pub(crate) async fn join(&self, token: &str, room: &str) -> bool {
        let path = format!("/room/{room}/participant");
        let reply = self.send(Method::POST, &path, Some(token), None).await;
        reply.is_some_and(|(status, _)| status.is_success() || status == StatusCode::CONFLICT)
    }

    /// Rolls so many dice; the number names the roll within its run.
    pub(crate) async fn roll(&self, seat: &Seat, dice: usize, number: u64) -> RollReply {
        let Some(token) = &seat.token else {
            return RollReply::LoggedOut;
        };
        let dice: Vec<Value> = (0..dice.max(1)).map(|_| json!({ "type": "d20" })).collect();
        let mut wanted = json!({ "dice": dice, "external_id": format!("load-{number}") });
        if let Some(room) = &seat.room {
            wanted["room"] = json!(room);
        }
        let reply = self
            .send(Method::POST, "/roll", Some(token), Some(&wanted))
            .await;
        let Some((status, body)) = reply else {
            return RollReply::Refused;
        };
        let uuid = body["data"]["uuid"].as_str();
        let uuid = uuid.and_then(|text| Uuid::try_parse(text).ok());
        match (status, uuid) {
            // The session or the room went with the cache: the person begins anew.
            (StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::FORBIDDEN, _) => {
                RollReply::LoggedOut
            }
            (StatusCode::OK | StatusCode::CREATED, Some(uuid)) => RollReply::Answered {
                uuid,
                answer: digest(&body),
            },
            (_, Some(uuid)) => RollReply::Late(uuid),
            _ => RollReply::Refused,
        }
    }

    /// Sends an image for a thumbnail, and tells whether it was taken.
    pub(crate) async fn upload(&self, seat: &Seat, image: Bytes) -> bool {
        let Some(token) = &seat.token else {
            return false;
        };
        let request = self.client.post(format!("{}/asset", self.base));
        let request = request.header(COOKIE, token).body(image);
        let answer = request.send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// Asks what became of a roll; none if the service does not say.
    pub(crate) async fn afterwards(&self, token: &str, uuid: Uuid) -> Option<LaterState> {
        let path = format!("/roll/{uuid}");
        let (status, body) = self.send(Method::GET, &path, Some(token), None).await?;
        match status {
            StatusCode::OK => Some(LaterState::Answered(digest(&body))),
            StatusCode::ACCEPTED => Some(LaterState::Waiting),
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::INTERNAL_SERVER_ERROR => {
                Some(LaterState::Unknown)
            }
            _ => None,
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        json: Option<&Value>,
    ) -> Option<(StatusCode, Value)> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.header(COOKIE, token);
        }
        if let Some(json) = json {
            request = request.json(json);
        }
        let response = request.send().await.ok()?;
        let status = response.status();
        let body = response.bytes().await.ok()?;
        Some((status, serde_json::from_slice(&body).unwrap_or_default()))
    }
}

/// Stands for what was thrown: the same answer gives the same number. The ids of the dice belong
/// to it, since the values are the same in a second answer where they follow from a seed.
fn digest(body: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    let values = body["data"]["values"].as_array();
    for value in values.into_iter().flatten() {
        value["uuid"].to_string().hash(&mut hasher);
        value["value"].to_string().hash(&mut hasher);
    }
    hasher.finish()
}
