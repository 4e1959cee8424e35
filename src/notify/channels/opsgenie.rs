//! Creates and closes alerts of Opsgenie, and of services that understand its API.
//!
//! By Opsgenie's API of alerts, as Alertmanager uses it.

use reqwest::StatusCode;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::Kind;
use crate::notify::sending::address::{ApiAddress, host};
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::text::cut;
use crate::notify::texts::wording::conversation;

const REMOTE: &str = "Opsgenie";

/// Opsgenie's own server; that of Europe is `https://api.eu.opsgenie.com`.
const SERVER: &str = "https://api.opsgenie.com";

/// Characters of a message, of an alias, and of a description.
const MAX_MESSAGE: usize = 130;
const MAX_ALIAS: usize = 512;
const MAX_DESCRIPTION: usize = 15_000;

/// A `[[notifier]]` of `type = "opsgenie"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpsgenieSettings {
    /// The key of the API integration.
    #[schemars(with = "SecretText")]
    api_key: SecretString,
    /// The server, if it is not Opsgenie's own in the United States.
    server: Option<ApiAddress>,
}

/// A team to alert.
#[derive(Debug)]
pub(crate) struct Opsgenie {
    /// What the operator wrote.
    pub settings: OpsgenieSettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Opsgenie {
    /// What is told if the settings do not say: planned work pages nobody.
    pub(crate) const KINDS: [Kind; 2] = [Kind::Incident, Kind::Operation];

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        HarmlessCheck::reach(&self.tools.client, &server.at([]))
    }

    /// Creates the alert, adds a note to it, or closes it.
    pub(crate) async fn deliver(&self, message: &Announcement) -> Result<Delivered, DeliveryError> {
        let alias = conversation(message, MAX_ALIAS);
        let action = action(message);
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        let address = match action {
            Some(action) => server.at(["v2", "alerts", &*alias, action]) + "?identifierType=alias",
            None => server.at(["v2", "alerts"]),
        };
        let request = self.tools.client.post(address).json(&self.payload(message));
        let key = format!("GenieKey {}", self.settings.api_key.expose_secret());
        let answer = send(request.header("Authorization", key), REMOTE).await?;
        // Somebody deleted the alert, and wants to hear no more of it.
        let is_deleted = action.is_some() && answer.status == StatusCode::NOT_FOUND;
        if !is_deleted {
            answer.accepted(REMOTE)?;
        }
        Ok(Delivered::default())
    }

    /// The alert, or the note below it.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let words = self.tools.wording.words(message);
        let text = words.within(MAX_DESCRIPTION, |_| 1).text();
        if action(message).is_some() {
            return json!({ "source": "critwatch", "note": text });
        }
        let priority = match message.severity {
            _ if message.kind == Kind::Maintenance => "P5",
            Severity::Down => "P1",
            Severity::Disrupted => "P2",
            Severity::Notice => "P4",
        };
        let mut alert = json!({
            "message": cut(&message.headline(), MAX_MESSAGE, |_| 1),
            "alias": conversation(message, MAX_ALIAS),
            "description": text,
            "priority": priority,
            "source": message.url.as_deref().map_or("critwatch".to_owned(), host),
        });
        if let Some(url) = &message.url {
            alert["details"] = json!({ "url": url });
        }
        alert
    }
}

/// What is done with the alert that is there; `None` for a new one.
fn action(message: &Announcement) -> Option<&'static str> {
    if message.is_over() {
        Some("close")
    } else if matches!(message.occasion, Occasion::Update | Occasion::Reminder) {
        Some("notes")
    } else {
        None
    }
}
