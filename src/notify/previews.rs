//! What receivers would be told of a change that nobody has made yet.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::incident::IncidentId;
use crate::model::request::receivers::receiver_preview::{
    PreviewedChange, PreviewedMessage, ReceiverMessage,
};
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelTools, MessagePreview};
use crate::notify::message::announcement::Announcement;
use crate::notify::message::due::{DueMessage, Manner};
use crate::notify::message::known::after::{Fate, SentMessage, after};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::rules::{ReceiverRules, Updates};
use crate::notify::message::topic::Topic;
use crate::notify::notifier::NotifierSettings;
use crate::notify::sending::delivery::Delivered;

/// How long ago a receiver was told of what is there already: long enough that a message
/// may be edited, and too short for a reminder.
const TOLD: Duration = Duration::from_mins(1);

/// The receivers of the settings, as far as their words go.
#[derive(Debug)]
pub(crate) struct PreviewedReceivers {
    receivers: Vec<PreviewedReceiver>,
    /// The public address of the page.
    site: Option<String>,
    language: Language,
}

#[derive(Debug)]
struct PreviewedReceiver {
    name: String,
    rules: ReceiverRules,
    channel: Channel,
}

impl PreviewedReceivers {
    /// The receivers of the settings.
    pub(crate) fn new(
        notifiers: &[NotifierSettings],
        tools: &ChannelTools,
        site: Option<String>,
        language: Language,
    ) -> Self {
        let receivers = notifiers.iter().map(|notifier| {
            let channel = Channel::new(notifier.channel.clone(), tools);
            let kinds = notifier.rules.kinds.clone().or_else(|| channel.kinds());
            PreviewedReceiver {
                name: notifier.id.clone(),
                rules: ReceiverRules {
                    kinds,
                    ..notifier.rules.clone()
                },
                channel,
            }
        });
        Self {
            receivers: receivers.collect(),
            site,
            language,
        }
    }

    /// What each of them would be told, as if all that is there had been told before.
    pub(crate) fn of(&self, change: PreviewedChange<'_>) -> Vec<ReceiverMessage> {
        let (before, after) = (
            topic(change.before, change.id),
            topic(change.after, change.id),
        );
        let receivers = self.receivers.iter();
        let previews = receivers.map(|receiver| ReceiverMessage {
            notifier: receiver.name.clone(),
            message: after
                .as_ref()
                .and_then(|after| self.message(receiver, before.as_ref(), after, change.now)),
        });
        previews.collect()
    }

    fn message(
        &self,
        receiver: &PreviewedReceiver,
        before: Option<&Topic<'_>>,
        topic: &Topic<'_>,
        now: Timestamp,
    ) -> Option<PreviewedMessage> {
        let (rules, channel) = (&receiver.rules, &receiver.channel);
        let manner = Manner {
            rules,
            updates: rules.updates.unwrap_or(channel.updates()),
        };
        let announcement = |topic: &Topic<'_>, occasion| {
            Announcement::new(topic, occasion, self.site.as_deref()).spoken(self.language)
        };
        let told = before.filter(|before| rules.wants(before));
        let mark = |topic: &Topic<'_>| announcement(topic, Occasion::Edited).mark();
        let receipt = told.map(|told| receipt(told, &manner, mark(told), now));
        let due = manner.due(topic, receipt.as_ref(), None, &|| mark(topic), now)?;
        let message = announcement(topic, due.occasion());
        // Templates that fail are told when the settings are read.
        let own = rules.own_words(&message).unwrap_or_default();
        let message = Announcement { own, ..message };
        Some(PreviewedMessage {
            occasion: due.occasion().word(),
            is_edit: due.edited().is_some(),
            headline: message.headline(),
            text: message.text().to_owned(),
            whole: match channel.preview(&message) {
                MessagePreview::Json(payload) => format!("{payload:#}"),
                MessagePreview::Text(text) => text,
            },
        })
    }
}

/// The incident or the planned work, if it is public.
fn topic<'b>(board: &'b Board, id: &IncidentId) -> Option<Topic<'b>> {
    let topics = Topic::public(board, |incident| incident.id == *id);
    topics.into_iter().next()
}

/// What a receiver knows that was told of all that is there.
fn receipt(told: &Topic<'_>, manner: &Manner<'_>, mark: String, now: Timestamp) -> Receipt {
    let can_edit = manner.updates == Updates::Edit;
    let sent = SentMessage {
        due: DueMessage::Post(Occasion::of(told.stage, told.withdrawn)),
        delivered: Delivered {
            message: can_edit.then(|| "told".to_owned()),
            thread: None,
        },
        mark,
        key: String::new(),
        at: now.checked_sub(TOLD).unwrap_or(Timestamp::MIN),
        fate: Fate::Taken,
    };
    after(told, None, sent, manner.rules)
}
