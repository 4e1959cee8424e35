//! Posts to a Mattermost channel: through an incoming webhook, or as a bot, which edits.
//!
//! By Mattermost's pages on incoming webhooks and its API of posts.

use reqwest::StatusCode;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::address::{ApiAddress, WebhookAddress};
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::markup::MARKDOWN_MENTIONS;

const REMOTE: &str = "Mattermost";

/// Characters of a post.
const MAX_POST: usize = 16_383;

/// Characters for the marks of the headline and the lines between the parts.
const MARGIN: usize = 16;

/// A `[[notifier]]` of `type = "mattermost"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "MattermostKeys")]
#[schemars(with = "MattermostKeys")]
pub struct MattermostSettings {
    door: MattermostDoor,
}

#[derive(Clone, Debug)]
enum MattermostDoor {
    Webhook(WebhookAddress),
    Bot {
        server: ApiAddress,
        token: SecretString,
        channel: String,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MattermostKeys {
    /// The URL of an incoming webhook; or write `server`, `token` and `channel`.
    webhook: Option<WebhookAddress>,
    /// The URL of the server.
    server: Option<ApiAddress>,
    /// The token of a bot.
    #[schemars(with = "Option<SecretText>")]
    token: Option<SecretString>,
    /// The id of the channel.
    channel: Option<String>,
}

impl MattermostSettings {
    /// Where its messages are, if it may edit them.
    pub(crate) fn place(&self) -> Option<String> {
        match &self.door {
            MattermostDoor::Webhook(_) => None,
            MattermostDoor::Bot {
                server, channel, ..
            } => Some(format!("{} {channel}", server.at([]))),
        }
    }
}

impl TryFrom<MattermostKeys> for MattermostSettings {
    type Error = &'static str;

    fn try_from(keys: MattermostKeys) -> Result<Self, Self::Error> {
        let door = match (keys.webhook, keys.server, keys.token, keys.channel) {
            (Some(webhook), None, None, None) => MattermostDoor::Webhook(webhook),
            (None, Some(server), Some(token), Some(channel)) => MattermostDoor::Bot {
                server,
                token,
                channel,
            },
            _ => {
                return Err("set either `webhook`, or `server`, `token` and \
                    `channel` of a bot");
            }
        };
        Ok(Self { door })
    }
}

/// A channel to post to.
#[derive(Debug)]
pub(crate) struct Mattermost {
    /// What the operator wrote.
    pub settings: MattermostSettings,
    /// How it is done.
    pub tools: HttpTools,
}

impl Mattermost {
    /// Whether messages can be edited.
    pub(crate) fn can_edit(&self) -> bool {
        matches!(self.settings.door, MattermostDoor::Bot { .. })
    }

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        let client = &self.tools.client;
        match &self.settings.door {
            MattermostDoor::Webhook(webhook) => {
                HarmlessCheck::reach(client, webhook.url().as_str())
            }
            MattermostDoor::Bot {
                server,
                token,
                channel,
            } => {
                let request = client.get(server.at(["api", "v4", "channels", channel]));
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
        let client = &self.tools.client;
        let (server, token, channel) = match &self.settings.door {
            MattermostDoor::Webhook(webhook) => {
                let request = client.post(webhook.url()).json(&payload);
                send(request, REMOTE).await?.accepted(REMOTE)?;
                return Ok(Delivered::default());
            }
            MattermostDoor::Bot {
                server,
                token,
                channel,
            } => (server, token, channel),
        };
        let posts = ["api", "v4", "posts"];
        let request = if let Some(id) = place.message {
            client.put(server.at(posts.into_iter().chain([id, "patch"])))
        } else {
            payload["channel_id"] = json!(channel);
            client.post(server.at(posts))
        };
        let request = request.json(&payload);
        let answer = send(request.bearer_auth(token.expose_secret()), REMOTE).await?;
        let cannot_edit = matches!(
            answer.status,
            StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
        );
        if place.message.is_some() && cannot_edit {
            // It was deleted, or is too old to be edited.
            let reason = answer.reason(REMOTE);
            return Err(DeliveryError::Gone { reason });
        }
        let answer = answer.accepted(REMOTE)?.json();
        Ok(Delivered {
            message: answer["id"].as_str().map(str::to_owned),
            thread: None,
        })
    }

    /// The message in Mattermost's Markdown.
    pub(crate) fn payload(&self, message: &Announcement) -> Value {
        let url = message.url.as_deref();
        let room = MAX_POST.saturating_sub(url.map_or(0, str::len) + MARGIN);
        let words = self.tools.wording.words(message);
        let words = words.within(room, MARKDOWN_MENTIONS.size(|_| 1));
        let bold = |headline| format!("**{headline}**");
        let text = words.paragraphs(MARKDOWN_MENTIONS, bold, url);
        match self.settings.door {
            MattermostDoor::Webhook(_) => json!({ "text": text }),
            MattermostDoor::Bot { .. } => json!({ "message": text }),
        }
    }
}
