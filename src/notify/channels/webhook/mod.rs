//! Posts signed events to an address of the operator's own: Standard Webhooks 1.0, or
//! what Statuspage sends to the webhooks of its subscribers.

pub(crate) mod payload;
pub(crate) mod signing;
pub(crate) mod statuspage;

use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use ring::digest;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::notify::channels::webhook::signing::SigningKey;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::address::WebhookAddress;
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;

const REMOTE: &str = "the webhook";

/// Bytes of a message's id, which is enough to tell any two apart.
const ID_BYTES: usize = 16;

/// A `[[notifier]]` of `type = "webhook"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// The URL of the endpoint; it may contain a secret.
    pub url: WebhookAddress,
    /// The signing secret.
    pub secret: SigningKey,
    /// The previous secret: while it is set, both sign.
    pub old_secret: Option<SigningKey>,
    /// The format of the body.
    #[serde(default)]
    pub format: WebhookFormat,
}

/// The format of the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WebhookFormat {
    /// Our own events, as docs/webhook.schema.json describes them.
    #[default]
    Standard,
    /// What Statuspage sends to its subscribers.
    Statuspage,
}

/// An address to post to.
#[derive(Debug)]
pub(crate) struct Webhook {
    settings: WebhookSettings,
    client: Client,
    clock: fn() -> Timestamp,
}

impl Webhook {
    /// Keeps the settings, the client that posts, and the clock of its attempts.
    pub(crate) fn new(settings: WebhookSettings, client: Client, clock: fn() -> Timestamp) -> Self {
        Self {
            settings,
            client,
            clock,
        }
    }

    /// The body of a message.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let now = (self.clock)();
        match self.settings.format {
            WebhookFormat::Standard => payload::payload(message, now),
            WebhookFormat::Statuspage => statuspage::payload(message, now),
        }
    }

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        HarmlessCheck::reach(&self.client, self.settings.url.url().as_str())
    }

    /// Posts a message.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        let now = (self.clock)();
        let body = self.payload(message).to_string();
        let id = message_id(place.key);
        let request = self
            .client
            .post(self.settings.url.url())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", self.signatures(&id, now, &body))
            .body(body);
        send(request, REMOTE).await?.accepted(REMOTE)?;
        Ok(Delivered::default())
    }

    /// The signatures by each key.
    fn signatures(&self, id: &str, at: Timestamp, body: &str) -> String {
        let keys = [
            Some(&self.settings.secret),
            self.settings.old_secret.as_ref(),
        ];
        let signatures = keys.into_iter().flatten();
        let signatures = signatures.map(|key| key.sign(id, at, body));
        signatures.collect::<Vec<_>>().join(" ")
    }
}

/// The id of a message in a header: its key may hold any letters.
fn message_id(key: &str) -> String {
    let hash = digest::digest(&digest::SHA256, key.as_bytes());
    let bytes = hash.as_ref().iter().take(ID_BYTES);
    bytes.fold("msg_".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}
