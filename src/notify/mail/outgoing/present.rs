//! What is true when a mail is handed over, which may be long after it was written: pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::board::Board;
use crate::notify::mail::letters::reader::Recipient;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::topic::Topic;

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
    /// A message with the words that its incident has by now, if it has others. How far the
    /// incident has come stays as it was: of that another message tells.
    pub(crate) fn corrected(&self, message: &Announcement) -> Option<Announcement> {
        let topics = Topic::public(&self.board, |incident| incident.id.0 == message.name);
        let mut topics = topics.into_iter();
        let topic = topics.find(|topic| topic.id.kind() == message.kind)?;
        let is_as_far = topic.stage == message.stage && topic.withdrawn == message.withdrawn;
        if !is_as_far {
            return None;
        }
        let present = Announcement::new(&topic, message.occasion, self.site.as_deref());
        (present != *message).then_some(present)
    }
}
