//! Every channel, behind one door.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;

use crate::notify::channels::console;
use crate::notify::channels::discord::limits::RateLimit;
use crate::notify::channels::discord::{Discord, DiscordSettings};
use crate::notify::channels::webhook::{Webhook, WebhookSettings};
use crate::notify::delivery::{Delivered, DeliveryError};
use crate::notify::message::announcement::Announcement;
use crate::notify::message::place::Place;
use crate::notify::message::rules::Updates;

/// No remote side may hold a notifier for longer than this.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a `[[notifier]]` delivers, by its `type`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelSettings {
    /// A Discord channel, through a webhook.
    Discord(DiscordSettings),
    /// The log.
    Console {},
    /// An address that takes signed events.
    Webhook(WebhookSettings),
}

/// What channels share.
#[derive(Clone, Debug)]
pub(crate) struct ChannelTools {
    /// For those that speak HTTP.
    pub client: Client,
    /// Discord's limit for all webhooks of one address.
    pub discord: Arc<RateLimit>,
    /// Tells the moment of an attempt, for what is signed with it (law 8).
    pub clock: fn() -> Timestamp,
}

/// What a receiver would get.
#[derive(Debug)]
pub(crate) enum MessagePreview {
    /// The body of a request.
    Json(Value),
    /// Something that people read as it is.
    Text(String),
}

/// Where messages go.
#[derive(Debug)]
pub(crate) enum Channel {
    /// Posts to Discord.
    Discord(Discord),
    /// Prints into the log.
    Console,
    /// Posts signed events.
    Webhook(Webhook),
}

impl Channel {
    /// Makes the channel of a notifier.
    pub(crate) fn new(settings: ChannelSettings, tools: &ChannelTools) -> Self {
        let client = || tools.client.clone();
        match settings {
            ChannelSettings::Discord(settings) => {
                Self::Discord(Discord::new(settings, client(), Arc::clone(&tools.discord)))
            }
            ChannelSettings::Console {} => Self::Console,
            ChannelSettings::Webhook(settings) => {
                Self::Webhook(Webhook::new(settings, client(), tools.clock))
            }
        }
    }

    /// How updates are told if the settings do not say.
    pub(crate) fn updates(&self) -> Updates {
        match self {
            Self::Discord(_) => Updates::Edit,
            Self::Console | Self::Webhook(_) => Updates::Post,
        }
    }

    /// Whether the remote side recognizes a message that is sent twice, by its key.
    pub(crate) fn is_idempotent(&self) -> bool {
        match self {
            Self::Console | Self::Webhook(_) => true,
            Self::Discord(_) => false,
        }
    }

    /// What it would send, without addresses, tokens and keys.
    pub(crate) fn preview(&self, message: &Announcement) -> MessagePreview {
        match self {
            Self::Discord(discord) => MessagePreview::Json(discord.payload(message, true)),
            Self::Console => MessagePreview::Text(console::line(message)),
            Self::Webhook(webhook) => MessagePreview::Json(webhook.payload(message)),
        }
    }

    /// Delivers a message to a place, within a time.
    ///
    /// An edit, and a message that the remote side recognizes, can be sent again
    /// whatever became of it.
    pub(crate) async fn deliver(
        &self,
        name: &str,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        tracing::debug!(
            notifier.name = name,
            key = place.key,
            occasion = message.occasion.word(),
            "a message is sent",
        );
        let delivery = async {
            match self {
                Self::Discord(discord) => discord.deliver(message, place).await,
                Self::Console => {
                    console::deliver(name, message);
                    Ok(Delivered::default())
                }
                Self::Webhook(webhook) => webhook.deliver(message, place).await,
            }
        };
        let late = DeliveryError::Unknown {
            reason: format!("no answer within {} s", DELIVERY_TIMEOUT.as_secs()),
        };
        let outcome = tokio::time::timeout(DELIVERY_TIMEOUT, delivery).await;
        match outcome.unwrap_or(Err(late)) {
            Err(DeliveryError::Unknown { reason })
                if place.message.is_some() || self.is_idempotent() =>
            {
                Err(DeliveryError::Later {
                    reason,
                    pause: None,
                })
            }
            outcome => outcome,
        }
    }
}
