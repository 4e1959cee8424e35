//! Posts cards to a space of Google Chat through a webhook, each incident in a thread.
//!
//! By Google's reference of `spaces.messages.create` and its page on limits.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::address::{WebhookAddress, host};
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::markup::HTML_LINES;
use crate::notify::texts::text::json_size;
use crate::notify::texts::wording::conversation;

const REMOTE: &str = "Google Chat";

/// Bytes of a whole message, less what stands around the words.
const MAX_WORDS: usize = 32_000 - 4_000;

/// Characters of a key of a thread.
const MAX_THREAD_KEY: usize = 4_000;

/// A `[[notifier]]` of `type = "google-chat"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoogleChatSettings {
    /// The URL of the webhook with its key and token; anyone who knows it can post.
    webhook: WebhookAddress,
}

/// A space to post to.
#[derive(Debug)]
pub(crate) struct GoogleChat {
    /// What the operator wrote.
    pub settings: GoogleChatSettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl GoogleChat {
    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let webhook = self.settings.webhook.url();
        HarmlessCheck::reach(&self.tools.client, webhook.as_str())
    }

    /// Posts a message.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        let mut url = self.settings.webhook.url();
        url.query_pairs_mut()
            .append_pair("requestId", &place.request(message))
            .append_pair("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
        let request = self.tools.client.post(url).json(&self.payload(message));
        send(request, REMOTE).await?.accepted(REMOTE)?;
        Ok(Delivered::default())
    }

    /// The message as a card. Its header is plain text, its paragraphs are HTML.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let words = self.tools.wording.words(message);
        let words = words.within(MAX_WORDS, HTML_LINES.size(json_size));
        let parts = words.parts();
        let parts = parts.iter().map(|part| HTML_LINES.escaped(part));
        let mut widgets: Vec<_> = parts
            .map(|part| json!({ "textParagraph": { "text": part } }))
            .collect();
        if let Some(url) = &message.url {
            let button = json!({ "text": host(url), "onClick": { "openLink": { "url": url } } });
            widgets.push(json!({ "buttonList": { "buttons": [button] } }));
        }
        json!({
            "fallbackText": words.headline,
            "cardsV2": [{
                "cardId": "incident",
                "card": {
                    "header": { "title": words.headline },
                    "sections": [{ "widgets": widgets }],
                },
            }],
            "thread": { "threadKey": conversation(message, MAX_THREAD_KEY) },
        })
    }
}
