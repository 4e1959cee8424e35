//! What a receiver knows after a message.

use jiff::Timestamp;

use crate::notify::message::due::{DueMessage, lead};
use crate::notify::message::known::receipt::{Doubt, Receipt};
use crate::notify::message::known::traits::FileTraits;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::message::topic::{Source, Topic};
use crate::notify::sending::delivery::Delivered;

/// A message that was sent, and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct SentMessage {
    /// Why it was sent.
    pub due: DueMessage,
    /// What the remote side calls it.
    pub delivered: Delivered,
    /// The mark of what it says.
    pub mark: String,
    /// The name by which the remote side may recognize it.
    pub key: String,
    /// When it was sent.
    pub at: Timestamp,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The remote side took it.
    Taken,
    /// Nobody knows.
    Unknown,
    /// Nobody knows, and it is sent again at once.
    Doubtful,
    /// It can never be delivered.
    Refused,
}

/// The receipt after a message about a topic.
pub(crate) fn after(
    topic: &Topic<'_>,
    before: Option<Receipt>,
    sent: SentMessage,
    rules: &ReceiverRules,
) -> Receipt {
    let now = sent.at;
    let occasion = sent.due.occasion();
    let doubt = before.as_ref().and_then(|receipt| receipt.doubt.as_ref());
    let times = doubt.filter(|doubt| doubt.mark == sent.mark);
    let times = times.and_then(|doubt| doubt.times).unwrap_or(0);
    // Words that changed since an earlier try do not say whether that arrived.
    let is_unsure = doubt.is_some_and(|doubt| {
        doubt.occasion == occasion && (doubt.unsure || doubt.times.is_some_and(|times| times > 0))
    });
    let lead = before.as_ref().and_then(|receipt| {
        let (from, _) = topic.window?;
        // Work that was moved is reminded of anew.
        let kept = receipt.lead.filter(|_| receipt.window == topic.window);
        lead(rules, receipt, from, now).or(kept)
    });
    let mut receipt = before.unwrap_or_else(|| Receipt::new(topic.stage, topic.severity));
    describe(&mut receipt, topic);
    match sent.due {
        DueMessage::Post(_) => {
            receipt.stage = topic.stage;
            receipt.severity = topic.severity;
            receipt.withdrawn = topic.withdrawn;
            receipt.window = topic.window;
            receipt.lead = lead;
            receipt.update = topic.newest_update().or(receipt.update);
            receipt.updates = topic.updates();
            receipt.posted = Some(now);
            receipt.certain &= occasion != Occasion::Recurred;
            receipt.certain |= sent.fate == Fate::Taken;
            receipt.doubt = (sent.fate != Fate::Taken).then_some(Doubt {
                since: now,
                occasion,
                mark: sent.mark.clone(),
                key: sent.key,
                times: match sent.fate {
                    Fate::Unknown => Some(times + 1),
                    // Such tries end after a day, however many they are.
                    Fate::Doubtful => Some(times),
                    Fate::Taken | Fate::Refused => None,
                },
                unsure: times > 0 || is_unsure,
                at_once: sent.fate == Fate::Doubtful,
            });
            if let Some(id) = sent.delivered.message {
                receipt.add(id, sent.mark);
            }
        }
        DueMessage::Edit(id) => {
            receipt.withdrawn = topic.withdrawn;
            receipt.severity = topic.severity;
            receipt.edited = Some(now);
            receipt.update = topic.newest_update().or(receipt.update);
            receipt.updates = topic.updates();
            let name = sent.delivered.message.unwrap_or_else(|| id.clone());
            receipt.marked(&id, name, sent.mark);
        }
    }
    receipt.thread = sent.delivered.thread.or(receipt.thread);
    receipt
}

/// Notes what a topic is known by.
fn describe(receipt: &mut Receipt, topic: &Topic<'_>) {
    match topic.source {
        Source::File(incident) => {
            receipt.title.clone_from(&incident.title);
            receipt.began = incident.date;
            receipt.traits = Some(FileTraits::of(incident));
            receipt.away = false;
            let name = &incident.id.0;
            receipt.file = (name != topic.id.name()).then(|| name.clone());
        }
        Source::Operation(operation) => receipt.title.clone_from(&operation.title),
        Source::Receipt(told) => receipt.title.clone_from(&told.title),
    }
}
