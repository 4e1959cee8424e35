//! Every channel, behind one door.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;

use crate::model::facts::notifier_state::{Failing, MailCounts};
use crate::notify::channels::console;
use crate::notify::channels::discord::limits::RateLimit;
use crate::notify::channels::discord::{Discord, DiscordSettings};
use crate::notify::channels::email::{Email, EmailSettings, MailTools};
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
    /// Mails, through the relay of `[mail]`.
    Email(EmailSettings),
    /// The log.
    Console {},
}

/// What channels share.
#[derive(Clone, Debug)]
pub(crate) struct ChannelTools {
    /// For those that speak HTTP.
    pub client: Client,
    /// Discord's limit for all webhooks of one address.
    pub discord: Arc<RateLimit>,
    /// The way of mails, if the settings have one.
    pub mail: Option<MailTools>,
}

/// Where messages go.
#[derive(Debug)]
pub(crate) enum Channel {
    /// Posts to Discord.
    Discord(Discord),
    /// Sends mails.
    Email(Email),
    /// Prints into the log.
    Console,
}

impl Channel {
    /// Makes the channel of a notifier.
    pub(crate) fn new(settings: ChannelSettings, tools: &ChannelTools) -> Self {
        let client = || tools.client.clone();
        match settings {
            ChannelSettings::Discord(settings) => {
                Self::Discord(Discord::new(settings, client(), Arc::clone(&tools.discord)))
            }
            ChannelSettings::Email(settings) => {
                Self::Email(Email::new(&settings, tools.mail.clone()))
            }
            ChannelSettings::Console {} => Self::Console,
        }
    }

    /// How updates are told if the settings do not say.
    pub(crate) fn updates(&self) -> Updates {
        match self {
            Self::Discord(_) => Updates::Edit,
            Self::Email(_) | Self::Console => Updates::Post,
        }
    }

    /// Whether the remote side recognizes a message that is sent twice, by its key.
    pub(crate) fn is_idempotent(&self) -> bool {
        match self {
            Self::Email(_) | Self::Console => true,
            Self::Discord(_) => false,
        }
    }

    /// How the mails of a notifier stand, and why none gets through.
    pub(crate) fn mails(&self, name: &str) -> Option<(MailCounts, Option<Failing>)> {
        match self {
            Self::Email(email) => Some((email.counts(name)?, email.failing())),
            Self::Discord(_) | Self::Console => None,
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
                Self::Email(email) => email.deliver(name, message, place).await,
                Self::Console => {
                    console::deliver(name, message);
                    Ok(Delivered::default())
                }
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
