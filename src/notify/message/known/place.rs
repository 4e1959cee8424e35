//! Where a message goes at the remote side.

use crate::notify::fingerprint::fingerprint;
use crate::notify::message::announcement::Announcement;

/// Where a message goes at the remote side.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place<'a> {
    /// The message that is edited; `None` for a new one.
    pub message: Option<&'a str>,
    /// The thread of the conversation.
    pub thread: Option<&'a str>,
    /// The same over all tries of one message: remote sides can tell repetitions by it.
    pub key: &'a str,
}

impl Place<'_> {
    /// A name of the request for remote sides that answer a repeated one with what
    /// they made of the first: 32 characters, digits and letters up to `f`.
    ///
    /// News of the same topic that overtakes an undelivered message has another
    /// name; so has every content of an edit, which may be repeated.
    pub(crate) fn request(&self, message: &Announcement) -> String {
        let mut name = format!("{}/{}", self.key, message.occasion.word());
        if self.message.is_some() {
            name = format!("{name}/{}", message.mark());
        }
        fingerprint(name.as_bytes())
    }
}
