//! Every channel, behind one door.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::model::facts::notifier_state::{Failing, MailCounts};
use crate::notify::channels::console;
use crate::notify::channels::discord::limits::RateLimit;
use crate::notify::channels::discord::{Discord, DiscordSettings};
use crate::notify::channels::email::{Email, EmailSettings, MailTools};
use crate::notify::channels::google_chat::{GoogleChat, GoogleChatSettings};
use crate::notify::channels::gotify::{Gotify, GotifySettings};
use crate::notify::channels::matrix::{Matrix, MatrixSettings};
use crate::notify::channels::mattermost::{Mattermost, MattermostSettings};
use crate::notify::channels::ntfy::{Ntfy, NtfySettings};
use crate::notify::channels::opsgenie::{Opsgenie, OpsgenieSettings};
use crate::notify::channels::pagerduty::{Pagerduty, PagerdutySettings};
use crate::notify::channels::slack::{Slack, SlackSettings};
use crate::notify::channels::teams::{Teams, TeamsSettings};
use crate::notify::channels::telegram::{Telegram, TelegramSettings};
use crate::notify::channels::webhook::{Webhook, WebhookSettings};
use crate::notify::fingerprint::fingerprint;
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::message::rules::Updates;
use crate::notify::message::topic::Kind;
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::notify::sending::tools::HttpTools;

/// No remote side may hold a notifier for longer than this.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a `[[notifier]]` delivers, by its `type`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelSettings {
    /// A Discord channel, through a webhook.
    Discord(DiscordSettings),
    /// A Slack channel, through a webhook or as a bot.
    Slack(SlackSettings),
    /// A channel of Microsoft Teams, through a workflow.
    Teams(TeamsSettings),
    /// A Mattermost channel, through a webhook or as a bot.
    Mattermost(MattermostSettings),
    /// A space of Google Chat, through a webhook.
    GoogleChat(GoogleChatSettings),
    /// A chat of Telegram, as a bot.
    Telegram(TelegramSettings),
    /// A Matrix room.
    Matrix(MatrixSettings),
    /// A topic of ntfy.
    Ntfy(NtfySettings),
    /// A Gotify server.
    Gotify(GotifySettings),
    /// A service of PagerDuty.
    Pagerduty(PagerdutySettings),
    /// A team of Opsgenie, or of a compatible service.
    Opsgenie(OpsgenieSettings),
    /// Mails, through the relay of `[mail]`.
    Email(EmailSettings),
    /// The log.
    Console {},
    /// An endpoint for signed events.
    Webhook(WebhookSettings),
}

impl ChannelSettings {
    /// A name of where messages are delivered, the same as long as those that were delivered
    /// can be followed up there. It tells no secret.
    pub(crate) fn target(&self) -> String {
        let (kind, place) = match self {
            Self::Discord(settings) => ("discord", Some(settings.place())),
            Self::Slack(settings) => ("slack", settings.place()),
            Self::Teams(_) => ("teams", None),
            Self::Mattermost(settings) => ("mattermost", settings.place()),
            Self::GoogleChat(_) => ("google-chat", None),
            Self::Telegram(settings) => ("telegram", Some(settings.place())),
            Self::Matrix(settings) => ("matrix", Some(settings.place())),
            Self::Ntfy(settings) => ("ntfy", Some(settings.place())),
            Self::Gotify(_) => ("gotify", None),
            Self::Pagerduty(settings) => ("pagerduty", Some(settings.place())),
            Self::Opsgenie(_) => ("opsgenie", None),
            Self::Email(_) => ("email", None),
            Self::Console {} => ("console", None),
            Self::Webhook(_) => ("webhook", None),
        };
        match place {
            Some(place) => format!("{kind}:{}", fingerprint(place.as_bytes())),
            None => kind.to_owned(),
        }
    }
}

/// What channels share.
#[derive(Clone, Debug)]
pub(crate) struct ChannelTools {
    /// For those that speak HTTP.
    pub http: HttpTools,
    /// Discord's limit for all webhooks of one address.
    pub discord: Arc<RateLimit>,
    /// Tells the moment of an attempt, for what is signed with it (law 8).
    pub clock: fn() -> Timestamp,
    /// The page that mails name.
    pub site: MailSite,
    /// The way of mails, if the settings have one.
    pub mail: Option<MailTools>,
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
    /// Posts to Slack.
    Slack(Slack),
    /// Posts to Microsoft Teams.
    Teams(Teams),
    /// Posts to Mattermost.
    Mattermost(Mattermost),
    /// Posts to Google Chat.
    GoogleChat(GoogleChat),
    /// Sends to Telegram.
    Telegram(Telegram),
    /// Sends to Matrix.
    Matrix(Matrix),
    /// Publishes to ntfy.
    Ntfy(Ntfy),
    /// Sends to Gotify.
    Gotify(Gotify),
    /// Alerts PagerDuty.
    Pagerduty(Pagerduty),
    /// Alerts Opsgenie.
    Opsgenie(Opsgenie),
    /// Sends mails.
    Email(Email),
    /// Prints into the log.
    Console,
    /// Posts signed events.
    Webhook(Webhook),
}

impl Channel {
    /// Makes the channel of a notifier.
    pub(crate) fn new(settings: ChannelSettings, tools: &ChannelTools) -> Self {
        let (discord, clock) = (Arc::clone(&tools.discord), tools.clock);
        let (mail, site) = (tools.mail.clone(), tools.site.clone());
        let tools = tools.http.clone();
        match settings {
            ChannelSettings::Discord(settings) => {
                Self::Discord(Discord::new(settings, tools.client, discord))
            }
            ChannelSettings::Slack(settings) => Self::Slack(Slack { settings, tools }),
            ChannelSettings::Teams(settings) => Self::Teams(Teams { settings, tools }),
            ChannelSettings::Mattermost(settings) => {
                Self::Mattermost(Mattermost { settings, tools })
            }
            ChannelSettings::GoogleChat(settings) => {
                Self::GoogleChat(GoogleChat { settings, tools })
            }
            ChannelSettings::Telegram(settings) => Self::Telegram(Telegram::new(settings, tools)),
            ChannelSettings::Matrix(settings) => Self::Matrix(Matrix::new(settings, tools)),
            ChannelSettings::Ntfy(settings) => Self::Ntfy(Ntfy { settings, tools }),
            ChannelSettings::Gotify(settings) => Self::Gotify(Gotify { settings, tools }),
            ChannelSettings::Pagerduty(settings) => Self::Pagerduty(Pagerduty { settings, tools }),
            ChannelSettings::Opsgenie(settings) => Self::Opsgenie(Opsgenie { settings, tools }),
            ChannelSettings::Email(settings) => Self::Email(Email::new(&settings, site, mail)),
            ChannelSettings::Console {} => Self::Console,
            ChannelSettings::Webhook(settings) => {
                Self::Webhook(Webhook::new(settings, tools.client, clock))
            }
        }
    }

    /// How updates are told if the settings do not say.
    pub(crate) fn updates(&self) -> Updates {
        match self {
            Self::Discord(_)
            | Self::Telegram(_)
            | Self::Matrix(_)
            | Self::Ntfy(_)
            | Self::Pagerduty(_) => Updates::Edit,
            Self::Slack(slack) if slack.can_edit() => Updates::Edit,
            Self::Mattermost(mattermost) if mattermost.can_edit() => Updates::Edit,
            Self::Slack(_)
            | Self::Mattermost(_)
            | Self::Teams(_)
            | Self::GoogleChat(_)
            | Self::Gotify(_)
            | Self::Opsgenie(_)
            | Self::Webhook(_)
            | Self::Email(_)
            | Self::Console => Updates::Post,
        }
    }

    /// Whether the remote side recognizes a message that is sent twice, by its key.
    pub(crate) fn is_idempotent(&self) -> bool {
        match self {
            Self::GoogleChat(_)
            | Self::Matrix(_)
            | Self::Pagerduty(_)
            | Self::Opsgenie(_)
            | Self::Webhook(_)
            | Self::Email(_)
            | Self::Console => true,
            Self::Discord(_)
            | Self::Slack(_)
            | Self::Teams(_)
            | Self::Mattermost(_)
            | Self::Telegram(_)
            | Self::Ntfy(_)
            | Self::Gotify(_) => false,
        }
    }

    /// Whether a message stays open at the remote side until its end is told, and calls
    /// people meanwhile.
    pub(crate) fn calls(&self) -> bool {
        match self {
            Self::Pagerduty(_) | Self::Opsgenie(_) => true,
            Self::Discord(_)
            | Self::Slack(_)
            | Self::Teams(_)
            | Self::Mattermost(_)
            | Self::GoogleChat(_)
            | Self::Telegram(_)
            | Self::Matrix(_)
            | Self::Ntfy(_)
            | Self::Gotify(_)
            | Self::Webhook(_)
            | Self::Email(_)
            | Self::Console => false,
        }
    }

    /// The kinds of topics that are told if the settings do not say; `None` for all.
    pub(crate) fn kinds(&self) -> Option<Vec<Kind>> {
        matches!(self, Self::Opsgenie(_)).then(|| Opsgenie::KINDS.to_vec())
    }

    /// What it would send, without addresses, tokens and keys.
    pub(crate) fn preview(&self, message: &Announcement) -> MessagePreview {
        match self {
            Self::Discord(discord) => MessagePreview::Json(discord.payload(message, true)),
            Self::Slack(slack) => MessagePreview::Json(slack.payload(message)),
            Self::Teams(teams) => MessagePreview::Json(teams.payload(message)),
            Self::Mattermost(mattermost) => MessagePreview::Json(mattermost.payload(message)),
            Self::GoogleChat(google_chat) => MessagePreview::Json(google_chat.payload(message)),
            Self::Telegram(telegram) => MessagePreview::Json(telegram.payload(message)),
            Self::Matrix(matrix) => MessagePreview::Json(matrix.payload(message, None)),
            Self::Ntfy(ntfy) => MessagePreview::Json(ntfy.payload(message)),
            Self::Gotify(gotify) => MessagePreview::Json(gotify.payload(message)),
            Self::Pagerduty(pagerduty) => MessagePreview::Json(pagerduty.payload(message)),
            Self::Opsgenie(opsgenie) => MessagePreview::Json(opsgenie.payload(message)),
            Self::Email(email) => MessagePreview::Text(email.preview(message)),
            Self::Console => MessagePreview::Text(console::line(message)),
            Self::Webhook(webhook) => MessagePreview::Json(webhook.payload(message)),
        }
    }

    /// How the mails of a notifier stand, and why none gets through.
    pub(crate) fn mails(&self, name: &str) -> Option<(MailCounts, Option<Failing>)> {
        let Self::Email(email) = self else {
            return None;
        };
        Some((email.counts(name)?, email.failing()))
    }

    /// Delivers a message to a place, within a time.
    ///
    /// An edit, and a message that the remote side recognizes, can be sent again
    /// whatever became of it. A message that may have arrived is remembered all the
    /// same: if it is out of date by then, its opposite must be told.
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
                Self::Slack(slack) => slack.deliver(message, place).await,
                Self::Teams(teams) => teams.deliver(message).await,
                Self::Mattermost(mattermost) => mattermost.deliver(message, place).await,
                Self::GoogleChat(google_chat) => google_chat.deliver(message, place).await,
                Self::Telegram(telegram) => telegram.deliver(message, place).await,
                Self::Matrix(matrix) => matrix.deliver(message, place).await,
                Self::Ntfy(ntfy) => ntfy.deliver(message, place).await,
                Self::Gotify(gotify) => gotify.deliver(message).await,
                Self::Pagerduty(pagerduty) => pagerduty.deliver(message).await,
                Self::Opsgenie(opsgenie) => opsgenie.deliver(message).await,
                Self::Email(email) => email.deliver(name, message, place).await,
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
        outcome.unwrap_or(Err(late)).map_err(|error| match error {
            DeliveryError::Unknown { reason } if place.message.is_some() => DeliveryError::Later {
                reason,
                pause: None,
            },
            DeliveryError::Doubtful { reason, pause } if place.message.is_some() => {
                DeliveryError::Later { reason, pause }
            }
            DeliveryError::Unknown { reason } if self.is_idempotent() => DeliveryError::Doubtful {
                reason,
                pause: None,
            },
            error => error,
        })
    }
}
