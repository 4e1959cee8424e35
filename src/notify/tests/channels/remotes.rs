//! Every remote side with what is particular to it.

use super::stand_in::{Judge, SeenRequest, StandInReply};
use super::{chats, html_chats, pagers};

/// A remote side.
pub(super) struct Remote {
    /// The name of its golden file.
    pub name: &'static str,
    /// The settings of a notifier; `ADDRESS` is the stand-in's.
    pub settings: &'static str,
    /// Reads a request.
    pub judge: Judge,
    /// What a reader sees of a message, by the rules of the remote side.
    pub shown: fn(&SeenRequest) -> String,
    /// Its way to ask for two seconds.
    pub limited: fn() -> StandInReply,
    /// Its way to say that the receiver is gone or the key is wrong.
    pub dead: fn() -> StandInReply,
    /// Its way to say that a message can no longer be edited.
    pub gone: Option<fn() -> StandInReply>,
}

/// All of them.
pub(super) const ALL: [Remote; 12] = [
    chats::SLACK_WEBHOOK,
    chats::SLACK_BOT,
    chats::MATTERMOST_WEBHOOK,
    chats::MATTERMOST_BOT,
    html_chats::TELEGRAM,
    html_chats::MATRIX,
    html_chats::GOOGLE_CHAT,
    pagers::TEAMS,
    pagers::NTFY,
    pagers::GOTIFY,
    pagers::PAGERDUTY,
    pagers::OPSGENIE,
];
