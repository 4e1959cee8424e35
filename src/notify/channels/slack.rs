//! Posts to a Slack channel: through an incoming webhook, or as a bot, which edits.
//!
//! By Slack's pages on incoming webhooks, `chat.postMessage`, `chat.update`, blocks and
//! rate limits. Text of others stands in `plain_text` objects, which have no markup but
//! entities.

use reqwest::Url;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::message::occasion::Occasion;
use crate::notify::sending::address::{ApiAddress, WebhookAddress};
use crate::notify::sending::delivery::{Delivered, DeliveryError, RemoteAnswer, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::markup::ENTITIES;
use crate::notify::texts::text::cut;

const REMOTE: &str = "Slack";

/// Slack's own server.
const SERVER: &str = "https://slack.com";

/// Characters of a header block, and of the text of a section.
const MAX_HEADER: usize = 150;
const MAX_SECTION: usize = 3_000;

/// Characters of all blocks together: messages have failed from about 13,000 on.
const MAX_BLOCKS: usize = 10_000;

/// A `[[notifier]]` of `type = "slack"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "SlackKeys")]
#[schemars(with = "SlackKeys")]
pub struct SlackSettings {
    door: SlackDoor,
    /// Whether all that follows of an incident stands in the thread of its first message.
    thread: bool,
}

#[derive(Clone, Debug)]
enum SlackDoor {
    Webhook(WebhookAddress),
    Bot {
        server: ApiAddress,
        token: SecretString,
        channel: String,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SlackKeys {
    /// The URL of an incoming webhook; or write `token` and `channel`.
    webhook: Option<WebhookAddress>,
    /// The token of a bot.
    #[schemars(with = "Option<SecretText>")]
    token: Option<SecretString>,
    /// The id of the channel.
    channel: Option<String>,
    /// The server, if it is not Slack's own.
    server: Option<ApiAddress>,
    /// Whether updates go into a thread.
    #[serde(default)]
    thread: bool,
}

impl SlackSettings {
    /// Where its messages are, if it may edit them.
    pub(crate) fn place(&self) -> Option<String> {
        match &self.door {
            SlackDoor::Webhook(_) => None,
            SlackDoor::Bot {
                server, channel, ..
            } => Some(format!("{} {channel}", server.at([]))),
        }
    }
}

impl TryFrom<SlackKeys> for SlackSettings {
    type Error = &'static str;

    fn try_from(keys: SlackKeys) -> Result<Self, Self::Error> {
        let thread = keys.thread;
        let door = match (keys.webhook, keys.token, keys.channel) {
            (Some(_), None, None) if thread => {
                return Err("an incoming webhook cannot post to threads; `thread` needs a bot");
            }
            (Some(webhook), None, None) => SlackDoor::Webhook(webhook),
            (None, Some(token), Some(channel)) => SlackDoor::Bot {
                server: keys.server.unwrap_or(ApiAddress::public(SERVER)),
                token,
                channel,
            },
            _ => return Err("set either `webhook`, or `token` and `channel` of a bot"),
        };
        Ok(Self { door, thread })
    }
}

/// A channel to post to.
#[derive(Debug)]
pub(crate) struct Slack {
    /// What the operator wrote.
    pub settings: SlackSettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Slack {
    /// Whether messages can be edited.
    pub(crate) fn can_edit(&self) -> bool {
        matches!(self.settings.door, SlackDoor::Bot { .. }) && !self.settings.thread
    }

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let client = &self.tools.client;
        match &self.settings.door {
            SlackDoor::Webhook(webhook) => HarmlessCheck::reach(client, webhook.url().as_str()),
            SlackDoor::Bot { server, token, .. } => {
                let request = client.post(server.at(["api", "auth.test"]));
                HarmlessCheck::Ask(request.bearer_auth(token.expose_secret()))
            }
        }
    }

    /// Posts a message, or edits the one at that place.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        let mut payload = self.payload(message);
        if place.message.is_none() {
            payload["mrkdwn"] = json!(false);
            payload["unfurl_links"] = json!(false);
        }
        let client = &self.tools.client;
        let (server, token, channel) = match &self.settings.door {
            SlackDoor::Webhook(webhook) => {
                let request = client.post(webhook.url()).json(&payload);
                send(request, REMOTE).await?.accepted(REMOTE)?;
                return Ok(Delivered::default());
            }
            SlackDoor::Bot {
                server,
                token,
                channel,
            } => (server, token, channel),
        };
        // An edit needs the channel's id, which the answer to the message told.
        let edited = place.message.and_then(|id| id.split_once('/'));
        payload["channel"] = json!(channel);
        let method = if let Some((channel, ts)) = edited {
            payload["channel"] = json!(channel);
            payload["ts"] = json!(ts);
            "chat.update"
        } else {
            "chat.postMessage"
        };
        let thread = place.thread.filter(|_| self.settings.thread);
        if let (Some(thread), None) = (thread, edited) {
            payload["thread_ts"] = json!(thread);
            // Lesser news stays within the thread.
            let is_lesser = matches!(message.occasion, Occasion::Update | Occasion::Reminder);
            payload["reply_broadcast"] = json!(!is_lesser);
        }
        let request = client.post(server.at(["api", method])).json(&payload);
        let request = request.bearer_auth(token.expose_secret());
        let answer = send(request, REMOTE).await?.accepted(REMOTE)?;
        let answer = understood(&answer, place)?;
        let text = |key: &str| answer[key].as_str();
        let id = text("channel").zip(text("ts"));
        let begun = text("ts").filter(|_| self.settings.thread);
        Ok(Delivered {
            message: id.map(|(channel, ts)| format!("{channel}/{ts}")),
            thread: thread.or(begun).map(str::to_owned),
        })
    }

    /// The message in Slack's form.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let wording = &self.tools.wording;
        let words = wording.words(message);
        let words = words.within(MAX_BLOCKS, ENTITIES.size(|_| 1));
        let mut blocks = vec![json!({
            "type": "header", "text": plain(&words.headline, MAX_HEADER),
        })];
        let section = |text: Value| json!({ "type": "section", "text": text });
        if !words.affected.is_empty() {
            blocks.push(section(plain(&words.affected, MAX_SECTION)));
        }
        let times = wording.times(message, |at, written| {
            let at = at.as_second();
            format!("<!date^{at}^{{date_short_pretty}} {{time}}|{written}>")
        });
        if !times.is_empty() {
            blocks.push(section(json!({ "type": "mrkdwn", "text": times })));
        }
        for text in [words.newest, words.earlier.join("\n")] {
            if !text.is_empty() {
                blocks.push(section(plain(&text, MAX_SECTION)));
            }
        }
        if let Some(url) = &message.url {
            let link = format!("<{}>", Url::parse(url).map_or(url.clone(), String::from));
            let link = link.replace('&', "&amp;");
            blocks.push(section(json!({ "type": "mrkdwn", "text": link })));
        }
        // The text stands in notifications.
        json!({
            "text": ENTITIES.escaped(&words.headline),
            "blocks": blocks,
        })
    }
}

/// A text without markup, of at most so many characters.
fn plain(text: &str, most: usize) -> Value {
    let text = ENTITIES.escaped(&cut(text, most, ENTITIES.size(|_| 1)));
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

/// Slack answers 200 to what it refuses, and says so within.
fn understood(answer: &RemoteAnswer, place: &Place<'_>) -> Result<Value, DeliveryError> {
    let body = answer.json();
    if body["ok"] == true {
        return Ok(body);
    }
    let reason = answer.reason(REMOTE);
    let pause = answer.pause();
    Err(match body["error"].as_str().unwrap_or_default() {
        "message_not_found" | "cant_update_message" | "edit_window_closed" | "thread_not_found"
            if place.message.is_some() || place.thread.is_some() =>
        {
            DeliveryError::Gone { reason }
        }
        "msg_too_long"
        | "msg_blocks_too_long"
        | "invalid_blocks"
        | "invalid_arguments"
        | "no_text" => DeliveryError::Refused { reason },
        "invalid_auth" | "not_authed" | "account_inactive" | "token_revoked" | "token_expired"
        | "missing_scope" | "no_permission" | "restricted_action" | "not_in_channel"
        | "is_archived" | "channel_not_found" => DeliveryError::Dead { reason },
        "ratelimited" | "rate_limited" | "message_limit_exceeded" => {
            DeliveryError::Later { reason, pause }
        }
        // A failure of theirs, and what we do not know.
        _ => DeliveryError::Doubtful { reason, pause },
    })
}
