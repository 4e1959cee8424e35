//! Sends to a chat of Telegram as a bot, and edits what it sent.
//!
//! By the Bot API, and the source of its server.

use reqwest::StatusCode;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::address::ApiAddress;
use crate::notify::sending::delivery::{Delivered, DeliveryError, RemoteAnswer, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::markup::{HTML_MENTIONS, PLAIN};
use crate::notify::texts::wording::Words;

const REMOTE: &str = "Telegram";

/// Telegram's own server.
const SERVER: &str = "https://api.telegram.org";

/// Characters of a text, counted here with its entities, which is never more than
/// Telegram allows.
const MAX_TEXT: usize = 4_096;

/// Characters for the marks of the headline and the lines between the parts.
const MARGIN: usize = 20;

/// A `[[notifier]]` of `type = "telegram"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TelegramSettings {
    /// The token of the bot.
    #[schemars(with = "SecretText")]
    token: SecretString,
    /// The id of the chat, or a channel's `@name`.
    chat: String,
    /// The id of the topic in a group with topics.
    topic: Option<i64>,
    /// The server of the Bot API, if it is your own.
    server: Option<ApiAddress>,
}

impl TelegramSettings {
    /// Where its messages are: only their bot may edit them, and each chat counts its own.
    pub(crate) fn place(&self) -> String {
        let bot = self.token.expose_secret().split(':').next();
        format!("{} {} {:?}", bot.unwrap_or_default(), self.chat, self.topic)
    }
}

/// A chat to send to.
#[derive(Debug)]
pub(crate) struct Telegram {
    settings: TelegramSettings,
    tools: HttpTools,
    /// The chat: a group that was upgraded has another number than the settings say.
    chat: watch::Sender<String>,
}

/// What Telegram made of a request.
enum TelegramOutcome {
    Delivered(Delivered),
    /// The group has this number now.
    Moved(String),
    /// The marks in the text could not be read.
    Unreadable(String),
}

impl Telegram {
    /// A bot for a chat.
    pub(crate) fn new(settings: TelegramSettings, tools: HttpTools) -> Self {
        let chat = watch::Sender::new(settings.chat.clone());
        Self {
            settings,
            tools,
            chat,
        }
    }

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let bot = format!("bot{}", self.settings.token.expose_secret());
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        let request = self.tools.client.post(server.at([&*bot, "getChat"]));
        HarmlessCheck::Ask(request.json(&json!({ "chat_id": self.settings.chat })))
    }

    /// Sends a message, or edits the one at that place.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        let mut outcome = self.ask(message, place, true).await?;
        if let TelegramOutcome::Moved(chat) = &outcome {
            tracing::warn!(
                chat,
                "a Telegram group has a new id; update it in the settings"
            );
            self.chat.send_replace(chat.clone());
            outcome = self.ask(message, place, true).await?;
        }
        if let TelegramOutcome::Unreadable(_) = outcome {
            outcome = self.ask(message, place, false).await?;
        }
        match outcome {
            TelegramOutcome::Delivered(delivered) => Ok(delivered),
            TelegramOutcome::Moved(_) => Err(DeliveryError::Later {
                reason: "the Telegram group moves again and again".to_owned(),
                pause: None,
            }),
            TelegramOutcome::Unreadable(reason) => Err(DeliveryError::Refused { reason }),
        }
    }

    async fn ask(
        &self,
        message: &Announcement,
        place: &Place<'_>,
        is_html: bool,
    ) -> Result<TelegramOutcome, DeliveryError> {
        let mut payload = if is_html {
            self.payload(message)
        } else {
            self.unmarked(message)
        };
        payload["chat_id"] = json!(*self.chat.borrow());
        let method = if let Some(id) = place.message {
            payload["message_id"] = json!(id.parse::<i64>().unwrap_or_default());
            "editMessageText"
        } else {
            if let Some(topic) = self.settings.topic {
                payload["message_thread_id"] = json!(topic);
            }
            "sendMessage"
        };
        let bot = format!("bot{}", self.settings.token.expose_secret());
        let server = self.settings.server.clone();
        let server = server.unwrap_or(ApiAddress::public(SERVER));
        let request = self.tools.client.post(server.at([&*bot, method]));
        let answer = send(request.json(&payload), REMOTE).await?;
        understood(answer, place)
    }

    /// The message as HTML.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let url = message.url.as_deref().map(|url| HTML_MENTIONS.escaped(url));
        let words = self.words(message, url.as_deref());
        let bold = |headline| format!("<b>{headline}</b>");
        let text = words.paragraphs(HTML_MENTIONS, bold, url.as_deref());
        let preview = json!({ "is_disabled": true });
        json!({ "text": text, "parse_mode": "HTML", "link_preview_options": preview })
    }

    /// The message without any markup.
    fn unmarked(&self, message: &Announcement) -> Value {
        let url = message.url.as_deref();
        let words = self.words(message, url);
        let text = words.paragraphs(PLAIN, |headline| headline, url);
        json!({ "text": text, "link_preview_options": { "is_disabled": true } })
    }

    fn words(&self, message: &Announcement, url: Option<&str>) -> Words {
        let room = MAX_TEXT.saturating_sub(url.map_or(0, str::len) + MARGIN);
        let words = self.tools.wording.words(message);
        words.within(room, HTML_MENTIONS.size(char::len_utf16))
    }
}

/// What an answer means, by the words of the server.
fn understood(answer: RemoteAnswer, place: &Place<'_>) -> Result<TelegramOutcome, DeliveryError> {
    let body = answer.json();
    let words = body["description"].as_str().unwrap_or_default();
    let words = words.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    let id = || match body["result"]["message_id"].as_i64() {
        Some(id) => Some(id.to_string()),
        None => place.message.map(str::to_owned),
    };
    if answer.status != StatusCode::BAD_REQUEST || says(&["message is not modified"]) {
        if answer.status != StatusCode::BAD_REQUEST {
            answer.accepted(REMOTE)?;
        }
        return Ok(TelegramOutcome::Delivered(Delivered {
            message: id(),
            thread: None,
        }));
    }
    if let Some(chat) = body["parameters"]["migrate_to_chat_id"].as_i64() {
        return Ok(TelegramOutcome::Moved(chat.to_string()));
    }
    let reason = answer.reason(REMOTE);
    if says(&["can't parse entities"]) {
        return Ok(TelegramOutcome::Unreadable(reason));
    }
    let cannot_edit = says(&[
        "message to edit not found",
        "message can't be edited",
        "message_id_invalid",
    ]);
    Err(if cannot_edit && place.message.is_some() {
        DeliveryError::Gone { reason }
    } else if says(&[
        "chat not found",
        "thread not found",
        "topic_closed",
        "topic_deleted",
    ]) {
        DeliveryError::Dead { reason }
    } else {
        DeliveryError::Refused { reason }
    })
}
