//! How each channel is tried without a message.

use crate::notify::channel::Channel;
use crate::notify::sending::harmless::HarmlessCheck;

impl Channel {
    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        match self {
            Self::Discord(discord) => discord.harmless(),
            Self::Slack(slack) => slack.harmless(),
            Self::Teams(teams) => teams.harmless(),
            Self::Mattermost(mattermost) => mattermost.harmless(),
            Self::GoogleChat(google_chat) => google_chat.harmless(),
            Self::Telegram(telegram) => telegram.harmless(),
            Self::Matrix(matrix) => matrix.harmless(),
            Self::Ntfy(ntfy) => ntfy.harmless(),
            Self::Gotify(gotify) => gotify.harmless(),
            Self::Pagerduty(pagerduty) => pagerduty.harmless(),
            Self::Opsgenie(opsgenie) => opsgenie.harmless(),
            Self::Webhook(webhook) => webhook.harmless(),
            Self::Email(_) => HarmlessCheck::Relay,
            Self::Console => HarmlessCheck::Nobody,
        }
    }
}
