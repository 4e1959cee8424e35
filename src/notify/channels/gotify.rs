//! Sends to a Gotify server.
//!
//! By the specification of its API.

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::sending::address::ApiAddress;
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;

const REMOTE: &str = "Gotify";

/// Characters of a message. Gotify names no limit; nobody reads more on a phone.
const MAX_MESSAGE: usize = 4_096;

/// A `[[notifier]]` of `type = "gotify"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GotifySettings {
    /// The server.
    server: ApiAddress,
    /// The token of the application.
    #[schemars(with = "SecretText")]
    token: SecretString,
}

/// An application to send as.
#[derive(Debug)]
pub(crate) struct Gotify {
    /// What the operator wrote.
    pub settings: GotifySettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Gotify {
    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        // The token of an application may send, and read nothing.
        HarmlessCheck::reach(&self.tools.client, &self.settings.server.at([]))
    }

    /// Sends a message.
    pub(crate) async fn deliver(&self, message: &Announcement) -> Result<Delivered, DeliveryError> {
        let settings = &self.settings;
        let request = self.tools.client.post(settings.server.at(["message"]));
        let request = request.header("X-Gotify-Key", settings.token.expose_secret());
        let request = request.json(&self.payload(message));
        send(request, REMOTE).await?.accepted(REMOTE)?;
        Ok(Delivered::default())
    }

    /// The message in Gotify's form, as plain text.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let words = self.tools.wording.words(message);
        let words = words.within(MAX_MESSAGE, |_| 1);
        let priority = match message.severity {
            _ if message.is_over() => 4,
            Severity::Down => 8,
            Severity::Disrupted => 5,
            Severity::Notice => 3,
        };
        let mut extras = json!({ "client::display": { "contentType": "text/plain" } });
        if let Some(url) = &message.url {
            extras["client::notification"] = json!({ "click": { "url": url } });
        }
        json!({
            "title": words.headline,
            "message": words.text(),
            "priority": priority,
            "extras": extras,
        })
    }
}
