//! Posts to a Discord channel through a webhook.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::text::causes::with_causes;
use crate::model::text::truncate::truncate;
use crate::notify::delivery::DeliveryError;
use crate::notify::message::{Announcement, Occasion};

/// Discord's limits, in characters.
const MAX_TITLE: usize = 256;
const MAX_DESCRIPTION: usize = 4096;
const MAX_FIELD: usize = 1024;

/// A `[[notifier]]` of `type = "discord"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscordSettings {
    /// The webhook's address; whoever knows it can post.
    pub webhook: SecretString,
}

/// A channel to post to.
#[derive(Debug)]
pub(crate) struct Discord {
    settings: DiscordSettings,
    client: Client,
}

impl Discord {
    /// Keeps the webhook and the client that calls it.
    pub(crate) fn new(settings: DiscordSettings, client: Client) -> Self {
        Self { settings, client }
    }

    /// Posts a message and returns Discord's id of it.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
    ) -> Result<Option<String>, DeliveryError> {
        let webhook = self.settings.webhook.expose_secret();
        let separator = if webhook.contains('?') { '&' } else { '?' };
        let response = self
            .client
            .post(format!("{webhook}{separator}wait=true"))
            .json(&payload(message))
            .send()
            .await
            .map_err(|error| DeliveryError::Later {
                // Without the address, which is the secret.
                reason: with_causes(&error.without_url()),
                pause: None,
            })?;
        read(response).await
    }
}

async fn read(response: Response) -> Result<Option<String>, DeliveryError> {
    let status = response.status();
    let reason = format!("Discord answered {status}");
    if status.is_success() {
        let answer: Value = response.json().await.unwrap_or_default();
        return Ok(answer["id"].as_str().map(str::to_owned));
    }
    let header = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok());
    let pause = header
        .and_then(|seconds| seconds.parse().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    if status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
    {
        Err(DeliveryError::Later { reason, pause })
    } else {
        Err(DeliveryError::Never { reason })
    }
}

/// The message in Discord's form: one embed, and nobody is mentioned.
pub(crate) fn payload(message: &Announcement) -> Value {
    let colour = match (message.occasion, message.severity) {
        (Occasion::Resolved, _) => 0x002e_7d32,
        (_, Severity::Down) => 0x00c6_2828,
        (_, Severity::Disrupted) => 0x00e0_8a00,
        (_, Severity::Notice) => 0x0028_5fc6,
    };
    let mut fields = Vec::new();
    if !message.affected.is_empty() {
        let affected = truncate(&message.affected.join(", "), MAX_FIELD);
        fields.push(json!({ "name": "Affected", "value": affected, "inline": true }));
    }
    if let Some(began) = message.began {
        let mark = mark(began, message.days.began);
        fields.push(json!({ "name": "Started", "value": mark, "inline": true }));
    }
    if let (Occasion::Resolved, Some(ended)) = (message.occasion, message.ended) {
        let mark = mark(ended, message.days.ended);
        fields.push(json!({ "name": "Ended", "value": mark, "inline": true }));
    }
    let mut embed = json!({
        "title": truncate(&message.headline(), MAX_TITLE),
        "description": truncate(&message.text, MAX_DESCRIPTION),
        "color": colour,
        "fields": fields,
    });
    if let Some(url) = &message.url {
        embed["url"] = json!(url);
    }
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

/// A moment as a mark that Discord shows in the reader's own time zone; a day
/// without a time is the same in all of them.
fn mark(at: Timestamp, day: Option<Date>) -> String {
    day.map_or_else(
        || format!("<t:{}:f>", at.as_second()),
        |day| day.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use crate::model::incident::IncidentId;
    use crate::model::incident::WholeDays;

    use super::*;

    fn message() -> Announcement {
        Announcement {
            incident: IncidentId("2026-03-01-rolls-are-failing".into()),
            occasion: Occasion::Resolved,
            severity: Severity::Down,
            title: "Rolls are failing".into(),
            text: "Working since 12:36 UTC. @everyone".into(),
            withdrawn: false,
            affected: vec!["API".into(), "Cache".into()],
            began: Some("2026-03-01T12:00:00Z".parse().unwrap()),
            ended: Some("2026-03-01T12:36:00Z".parse().unwrap()),
            days: WholeDays::default(),
            url: Some("https://status.example.org/issues/2026-03-01-rolls-are-failing/".into()),
        }
    }

    #[test]
    fn long_texts_are_cut_at_discords_limits() {
        let payload = payload(&Announcement {
            text: "ä".repeat(5000),
            ..message()
        });
        let text = payload["embeds"][0]["description"].as_str().unwrap();
        assert_eq!(text.chars().count(), MAX_DESCRIPTION);
        assert!(text.ends_with('…'));
    }
}
