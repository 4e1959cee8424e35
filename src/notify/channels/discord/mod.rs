//! Posts to a Discord channel through a webhook, and edits what it posted.
//!
//! By Discord's documentation of webhooks, rate limits and error codes.

pub(crate) mod limits;
pub(crate) mod payload;

use std::sync::Arc;

use reqwest::{Client, StatusCode, Url};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::notify::channels::discord::limits::RateLimit;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::address::WebhookAddress;
use crate::notify::sending::delivery::{Delivered, DeliveryError, RemoteAnswer, send};
use crate::notify::sending::harmless::HarmlessCheck;

const REMOTE: &str = "Discord";

/// A `[[notifier]]` of `type = "discord"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscordSettings {
    /// The URL of the webhook; anyone who knows it can post.
    pub webhook: WebhookAddress,
    /// The id of the thread to post to.
    pub thread_id: Option<String>,
    /// Whether the channel is a forum; each incident is then a post.
    #[serde(default)]
    pub forum: bool,
    /// The id of the role to mention when something is down.
    pub mention_role: Option<String>,
}

impl DiscordSettings {
    /// Where its messages are: a webhook may edit its own alone.
    pub(crate) fn place(&self) -> String {
        let url = self.webhook.url();
        format!("{url} {:?}", self.thread_id)
    }
}

/// A channel to post to.
#[derive(Debug)]
pub(crate) struct Discord {
    settings: DiscordSettings,
    client: Client,
    limit: RateLimit,
}

impl Discord {
    /// Keeps the webhook, the client that calls it, and the limit that all webhooks share.
    pub(crate) fn new(settings: DiscordSettings, client: Client, global: Arc<RateLimit>) -> Self {
        Self {
            settings,
            client,
            limit: RateLimit::below(global),
        }
    }

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        // Whoever knows the address may also ask what it is.
        HarmlessCheck::Ask(self.client.get(self.settings.webhook.url()))
    }

    /// Posts a message, or edits the one at that place.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        self.limit.ready().await?;
        let url = self.url(place);
        let is_new = place.message.is_none();
        let payload = self.payload(message, is_new && place.thread.is_none());
        let request = if is_new {
            self.client.post(url)
        } else {
            self.client.patch(url)
        };
        let answer = send(request.json(&payload), REMOTE).await?;
        self.limit.learn(&answer);
        if !answer.status.is_success() {
            return Err(fault(answer, place));
        }
        let answer = answer.json();
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        Ok(Delivered {
            message: text("id"),
            // The post of a forum is a thread, and the channel of its messages.
            thread: text("channel_id").filter(|_| self.settings.forum),
        })
    }

    /// The message in Discord's form; `first` says that it opens its conversation.
    pub(crate) fn payload(&self, message: &Announcement, first: bool) -> Value {
        let mut payload = payload::payload(message, self.settings.mention_role.as_deref());
        if first && self.settings.forum {
            payload["thread_name"] = json!(payload::thread_name(message));
        }
        payload
    }

    /// The address of a new message, or of the one to be edited.
    fn url(&self, place: &Place<'_>) -> Url {
        let mut url = self.settings.webhook.url();
        if let Some(id) = place.message {
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().push("messages").push(id);
            }
        } else {
            url.query_pairs_mut().append_pair("wait", "true");
        }
        if let Some(thread) = place.thread.or(self.settings.thread_id.as_deref()) {
            url.query_pairs_mut().append_pair("thread_id", thread);
        }
        url
    }
}

/// What an answer means that is no success, by Discord's own codes.
fn fault(answer: RemoteAnswer, place: &Place<'_>) -> DeliveryError {
    let code = answer.json()["code"].as_i64();
    let is_anew = place.message.is_some() || place.thread.is_some();
    let reason = match code {
        Some(code) => format!("{} (code {code})", answer.reason(REMOTE)),
        None => answer.reason(REMOTE),
    };
    match code {
        // The message is gone, is edited too often for its age, or its thread is closed.
        Some(10_003 | 10_008 | 30_046 | 50_083 | 160_005) if is_anew => {
            DeliveryError::Gone { reason }
        }
        // The webhook or its channel is gone, its token is wrong, or the channel is no
        // forum although the settings say so.
        Some(10_015 | 50_027 | 10_003 | 40_067 | 220_001..=220_003) => {
            DeliveryError::Dead { reason }
        }
        // Slow mode, a resource that is overloaded, too many at once.
        Some(20_028 | 40_062 | 130_000) => DeliveryError::Later {
            reason,
            pause: answer.pause(),
        },
        _ if answer.status == StatusCode::NOT_FOUND && place.message.is_some() => {
            DeliveryError::Gone { reason }
        }
        _ => match answer.accepted(REMOTE) {
            Ok(_) => DeliveryError::Refused { reason },
            Err(error) => error,
        },
    }
}

/// The limit that all webhooks of this process share.
pub(crate) fn global_limit() -> Arc<RateLimit> {
    Arc::new(RateLimit::default())
}
