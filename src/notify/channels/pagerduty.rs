//! Triggers and resolves alerts of PagerDuty, one for each incident.
//!
//! By PagerDuty's pages on events (version 2) and change events. Planned work pages
//! nobody: it becomes a change event.

use reqwest::StatusCode;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::topic::Kind;
use crate::notify::sending::address::{ApiAddress, host};
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::text::{cut, json_size};
use crate::notify::texts::wording::conversation;

const REMOTE: &str = "PagerDuty";

/// PagerDuty's own server.
const SERVER: &str = "https://events.pagerduty.com";

/// Characters of a summary, and of the key of an alert.
const MAX_SUMMARY: usize = 1_024;
const MAX_KEY: usize = 255;

/// Bytes of the words among the details; an event has 512 KB at most.
const MAX_DETAILS: usize = 16_000;

/// A `[[notifier]]` of `type = "pagerduty"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PagerdutySettings {
    /// The integration key of the service.
    #[schemars(with = "SecretText")]
    routing_key: SecretString,
    /// The server, if it is another one with the same API.
    server: Option<ApiAddress>,
}

impl PagerdutySettings {
    /// Where its alerts are.
    pub(crate) fn place(&self) -> String {
        self.routing_key.expose_secret().to_owned()
    }
}

/// A service to alert.
#[derive(Debug)]
pub(crate) struct Pagerduty {
    /// What the operator wrote.
    pub settings: PagerdutySettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Pagerduty {
    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        HarmlessCheck::reach(&self.tools.client, &server.at([]))
    }

    /// Triggers the alert, updates it, or resolves it.
    pub(crate) async fn deliver(&self, message: &Announcement) -> Result<Delivered, DeliveryError> {
        let is_planned = message.kind == Kind::Maintenance;
        let path: &[&str] = if is_planned {
            &["v2", "change", "enqueue"]
        } else {
            &["v2", "enqueue"]
        };
        let mut payload = self.payload(message);
        payload["routing_key"] = json!(self.settings.routing_key.expose_secret());
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        let request = self.tools.client.post(server.at(path.iter().copied()));
        let answer = send(request.json(&payload), REMOTE).await?;
        // The key is wrong, not the event.
        let errors = answer.json()["errors"].to_string().to_lowercase();
        if answer.status == StatusCode::BAD_REQUEST && errors.contains("routing") {
            let reason = format!("{}: invalid routing key", answer.reason(REMOTE));
            return Err(DeliveryError::Dead { reason });
        }
        answer.accepted(REMOTE)?;
        Ok(Delivered {
            // A change event cannot be changed.
            message: (!is_planned).then(|| conversation(message, MAX_KEY)),
            thread: None,
        })
    }

    /// The event, without the key of the service; planned work is a change.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        if message.kind == Kind::Maintenance {
            return with_link(json!({ "payload": self.details(message) }), message);
        }
        let key = conversation(message, MAX_KEY);
        if message.is_over() {
            return json!({ "event_action": "resolve", "dedup_key": key });
        }
        let severity = match message.severity {
            Severity::Down => "critical",
            Severity::Disrupted => "error",
            Severity::Notice => "warning",
        };
        let mut event = json!({
            "event_action": "trigger",
            "dedup_key": key,
            "client": "critwatch",
            "payload": self.details(message),
        });
        event["payload"]["severity"] = json!(severity);
        if let Some(began) = message.began {
            event["payload"]["timestamp"] = json!(began.at.to_string());
        }
        if !message.affected.is_empty() {
            let names = message.affected.join(", ");
            event["payload"]["component"] = json!(cut(&names, MAX_SUMMARY, |_| 1));
        }
        if let Some(url) = &message.url {
            event["client_url"] = json!(url);
        }
        with_link(event, message)
    }

    fn details(&self, message: &Announcement) -> Value {
        let words = self.tools.wording.words(message);
        let words = words.within(MAX_DETAILS, json_size);
        let source = message.url.as_deref().map(host);
        json!({
            "summary": cut(&words.headline, MAX_SUMMARY, |_| 1),
            "source": source.unwrap_or_else(|| "critwatch".to_owned()),
            "custom_details": { "text": words.text() },
        })
    }
}

fn with_link(mut event: Value, message: &Announcement) -> Value {
    if let Some(url) = &message.url {
        event["links"] = json!([{ "href": url, "text": host(url) }]);
    }
    event
}
