//! Sends a whole roll through the dice API, as a guest at the table would.

use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::collect::body;
use crate::collect::failure::Failure;
use crate::model::sample::Sample;

/// Longer answers are refused.
const MAX_BYTES: usize = 256 * 1024;

/// A `[[collector]]` of `type = "roll"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollSettings {
    /// The API's address up to its version: `https://dddice.com/api/1.0`.
    pub url: String,
}

/// A guest with a room of its own; both are kept from roll to roll.
#[derive(Debug)]
pub struct RollCollector {
    settings: RollSettings,
    client: Client,
    seat: Option<Seat>,
}

/// The guest's key and the room's slug.
#[derive(Clone, Debug)]
struct Seat {
    key: String,
    room: String,
}

impl RollCollector {
    /// Keeps the address and the client that asks it.
    pub fn new(settings: RollSettings, client: Client) -> Self {
        Self {
            settings,
            client,
            seat: None,
        }
    }

    /// Rolls once; fails when no valid roll comes back.
    pub async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let seat = match &self.seat {
            Some(seat) => seat.clone(),
            // Kept at once: a slow roll must not make a new guest each time.
            None => self.seat.insert(self.sit_down().await?).clone(),
        };
        let roll = json!({ "room": seat.room, "dice": [{ "type": "d20" }] });
        let answer = self.post("roll", Some(&seat.key), Some(&roll)).await;
        // Who is no longer known there sits down anew the next time.
        if matches!(&answer, Err(Failure::Status { status, .. }) if status.is_client_error()) {
            self.seat = None;
        }
        let total = total(&answer?);
        if !total.is_some_and(|total| (1.0..=20.0).contains(&total)) {
            return Err(Failure::Answer("the roll has no valid total".to_owned()));
        }
        Ok(vec![Sample::new("probe_success", [], 1.0)])
    }

    async fn sit_down(&self) -> Result<Seat, Failure> {
        let missing = |what: &str| Failure::Answer(format!("the answer names no {what}"));
        let user = self.post("user", None, None).await?;
        let key = user["data"]
            .as_str()
            .ok_or_else(|| missing("key"))?
            .to_owned();
        let room = self.post("room", Some(&key), None).await?;
        let room = room["data"]["slug"]
            .as_str()
            .ok_or_else(|| missing("room"))?
            .to_owned();
        Ok(Seat { key, room })
    }

    async fn post(
        &self,
        path: &str,
        key: Option<&str>,
        json: Option<&Value>,
    ) -> Result<Value, Failure> {
        let url = format!("{}/{path}", self.settings.url.trim_end_matches('/'));
        let mut request = self.client.post(url);
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        if let Some(json) = json {
            request = request.json(json);
        }
        let response = request.send().await?;
        let status = response.status();
        // A roll that was accepted but is not there yet came too late.
        if !status.is_success() || status == StatusCode::ACCEPTED {
            return Err(Failure::Status {
                path: format!("/{path}"),
                status,
            });
        }
        let body = body::read(response, MAX_BYTES).await?;
        serde_json::from_slice(&body)
            .map_err(|error| Failure::Answer(format!("/{path} answered no JSON: {error}")))
    }
}

/// The roll's total; the API writes it as a number or as a text.
fn total(answer: &Value) -> Option<f64> {
    let total = &answer["data"]["total_value"];
    total.as_f64().or_else(|| total.as_str()?.parse().ok())
}
