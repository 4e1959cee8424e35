//! Publishes to a topic of ntfy, and replaces what it published where the server can.
//!
//! By ntfy's page on publishing, and the error codes of its server.

use std::time::Duration;

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::message::occasion::Occasion;
use crate::notify::sending::address::ApiAddress;
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::text::cut;

const REMOTE: &str = "ntfy";

/// ntfy's own server.
const SERVER: &str = "https://ntfy.sh";

/// Bytes of a message; a longer one becomes an attachment.
const MAX_MESSAGE: usize = 4_096;

/// Bytes of a title, which phones cut before.
const MAX_TITLE: usize = 250;

/// The code for a day's quota that is used up, and how long we leave it alone.
const QUOTA: i64 = 42_908;
const QUOTA_PAUSE: Duration = Duration::from_hours(1);

/// A `[[notifier]]` of `type = "ntfy"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NtfySettings {
    /// The topic.
    topic: NtfyTopic,
    /// The server, if it is your own.
    server: Option<ApiAddress>,
    /// The access token, if the topic is protected.
    #[schemars(with = "Option<SecretText>")]
    token: Option<SecretString>,
}

/// The name of a topic.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, with = "String")]
struct NtfyTopic(String);

impl TryFrom<String> for NtfyTopic {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if (1..=64).contains(&name.len()) && name.bytes().all(is_allowed) {
            Ok(Self(name))
        } else {
            Err("a topic has 1 to 64 letters, digits, `-` and `_`")
        }
    }
}

impl NtfySettings {
    /// Where its messages are.
    pub(crate) fn place(&self) -> String {
        let server = self.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        server.at([&*self.topic.0])
    }
}

/// A topic to publish to.
#[derive(Debug)]
pub(crate) struct Ntfy {
    /// What the operator wrote.
    pub settings: NtfySettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Ntfy {
    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        let topic = &*self.settings.topic.0;
        let mut request = self.tools.client.get(server.at([topic, "auth"]));
        if let Some(token) = &self.settings.token {
            request = request.bearer_auth(token.expose_secret());
        }
        HarmlessCheck::Ask(request)
    }

    /// Publishes a message, or replaces the one at that place.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        let sequence = match place.message {
            Some(id) => id.to_owned(),
            None => place.request(message),
        };
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        let mut request = self.tools.client.post(server.at([""]));
        if let Some(token) = &self.settings.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let request = request.header("X-Sequence-ID", &sequence);
        let answer = send(request.json(&self.payload(message)), REMOTE).await?;
        if answer.json()["code"] == QUOTA {
            return Err(DeliveryError::Later {
                reason: answer.reason(REMOTE),
                pause: Some(QUOTA_PAUSE),
            });
        }
        let answer = answer.accepted(REMOTE)?.json();
        // A server before 2.16 knows no sequences, and shows every message anew.
        let is_known = answer["sequence_id"] == sequence;
        Ok(Delivered {
            message: is_known.then_some(sequence),
            thread: None,
        })
    }

    /// The message in ntfy's form, which has no markup.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let words = self.tools.wording.words(message);
        let words = words.within(MAX_MESSAGE, char::len_utf8);
        let mut payload = json!({
            "topic": self.settings.topic.0,
            "title": cut(&words.headline, MAX_TITLE, char::len_utf8),
            "message": words.text(),
            "priority": priority(message),
        });
        if let Some(url) = &message.url {
            payload["click"] = json!(url);
        }
        payload
    }
}

/// How loud it is, from 1 to 5. An edit makes no sound.
fn priority(message: &Announcement) -> u8 {
    match (message.occasion, message.severity) {
        (Occasion::Edited, _) => 2,
        (Occasion::Opened | Occasion::Worse | Occasion::Recurred, Severity::Down) => 5,
        (Occasion::Opened | Occasion::Worse | Occasion::Recurred, Severity::Disrupted) => 4,
        (_, _) => 3,
    }
}
