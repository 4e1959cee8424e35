//! Posts cards to a channel of Microsoft Teams through a workflow.
//!
//! By Microsoft's pages on workflows and Adaptive Cards. The words stand in text runs,
//! which have no markup; a text block would read Markdown.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::stage::Stage;
use crate::notify::sending::address::{WebhookAddress, host};
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::text::json_size;
use crate::notify::texts::wording::Words;

const REMOTE: &str = "Microsoft Teams";

/// Bytes of a whole message. What is larger fails within the workflow, unseen by us.
const MAX_MESSAGE: usize = 28 * 1024;

/// Lines of an update that are shown, as each is an element of its own.
const MAX_LINES: usize = 40;

/// A `[[notifier]]` of `type = "teams"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamsSettings {
    /// The URL of the workflow; anyone who knows it can post.
    webhook: WebhookAddress,
}

/// A channel to post to.
#[derive(Debug)]
pub(crate) struct Teams {
    /// What the operator wrote.
    pub settings: TeamsSettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Teams {
    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let webhook = self.settings.webhook.url();
        HarmlessCheck::reach(&self.tools.client, webhook.as_str())
    }

    /// Posts a message.
    pub(crate) async fn deliver(&self, message: &Announcement) -> Result<Delivered, DeliveryError> {
        let request = self.tools.client.post(self.settings.webhook.url());
        let request = request.json(&self.payload(message));
        send(request, REMOTE).await?.accepted(REMOTE)?;
        Ok(Delivered::default())
    }

    /// The message as a card.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let words = self.tools.wording.words(message);
        let mut room = MAX_MESSAGE;
        loop {
            // The braces around the texts take a part of the room, which is not known
            // before.
            let shorter = words.clone().within(room, json_size);
            let card = card(&shorter, message);
            if card.to_string().len() <= MAX_MESSAGE {
                return card;
            }
            room /= 2;
        }
    }
}

fn card(words: &Words, message: &Announcement) -> Value {
    let headline = json!({
        "type": "Container",
        "style": style(message),
        "bleed": true,
        "items": [line(&words.headline, json!({ "weight": "Bolder", "size": "Large" }))],
    });
    let facts = [&words.affected, &words.times];
    let facts = facts.into_iter().filter(|fact| !fact.is_empty());
    let facts = facts.map(|fact| line(fact, json!({ "isSubtle": true })));
    let newest = words.newest.lines().filter(|text| !text.trim().is_empty());
    let newest = newest.take(MAX_LINES).map(|text| line(text, json!({})));
    let earlier = words.earlier.iter();
    let earlier = earlier.map(|text| line(text, json!({ "isSubtle": true, "size": "Small" })));
    let body = [headline].into_iter().chain(facts).chain(newest);
    let mut content = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": words.headline,
        "body": body.chain(earlier).collect::<Vec<_>>(),
        "msteams": { "width": "Full" },
    });
    if let Some(url) = &message.url {
        content["actions"] = json!([{ "type": "Action.OpenUrl", "title": host(url), "url": url }]);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": content,
        }],
    })
}

/// A text without markup, in a line of its own.
fn line(text: &str, look: Value) -> Value {
    let mut run = json!({ "type": "TextRun", "text": text });
    if let (Value::Object(run), Value::Object(look)) = (&mut run, look) {
        run.extend(look);
    }
    json!({ "type": "RichTextBlock", "inlines": [run] })
}

fn style(message: &Announcement) -> &'static str {
    match (message.stage, message.severity) {
        (Stage::Over | Stage::Completed, _) => "good",
        (Stage::Cancelled, _) => "emphasis",
        (Stage::Open, Severity::Down) => "attention",
        (Stage::Open, Severity::Disrupted) => "warning",
        (Stage::Scheduled | Stage::Begun, _) | (Stage::Open, Severity::Notice) => "accent",
    }
}
