//! What is true when a mail is handed over, which may be long after it was written: pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::board::Board;
use crate::notify::mail::letters::reader::{MailReader, Recipient};
use crate::notify::message::announcement::Announcement;
use crate::notify::message::topic::{Kind, Topic};

/// The fixed recipients of each notifier that sends mails.
pub(crate) type FixedRecipients = BTreeMap<String, BTreeSet<Recipient>>;

/// What is true when mails are taken.
#[derive(Clone, Debug)]
pub(crate) struct PresentState {
    /// What the incident files say.
    pub board: Arc<Board>,
    /// The public address of the page.
    pub site: Option<String>,
    /// The fixed recipients of each notifier.
    pub recipients: Arc<FixedRecipients>,
}

impl PresentState {
    /// Whether a reader is still to get mails of a notifier. Subscribers end that themselves.
    pub(crate) fn has_recipient(&self, notifier: &str, reader: &MailReader) -> bool {
        let recipients = self.recipients.get(notifier);
        reader.subscriber().is_some()
            || recipients.is_some_and(|all| all.contains(&reader.recipient()))
    }

    /// A message with the words that its incident has by now, if they were corrected. Of
    /// whatever is new another message tells.
    pub(crate) fn corrected(&self, message: &Announcement) -> Option<Announcement> {
        let topics = Topic::public(&self.board, |incident| incident.id.0 == message.name);
        let mut topics = topics.into_iter();
        let topic = topics.find(|topic| topic.id.kind() == message.kind)?;
        let present = Announcement::new(&topic, message.occasion, self.site.as_deref());
        // Another incident may have the name by now.
        let is_same = present.title == message.title || present.began == message.began;
        let times = |one: &Announcement| -> Vec<_> {
            let updates = one.updates.iter();
            updates.map(|update| (update.at, update.day)).collect()
        };
        let is_news = present.stage != message.stage
            || present.withdrawn != message.withdrawn
            || present.severity > message.severity
            || times(&present) != times(message)
            || present.kind == Kind::Maintenance && present.began != message.began
            || present.ended != message.ended;
        (is_same && !is_news && present != *message).then_some(present)
    }
}
