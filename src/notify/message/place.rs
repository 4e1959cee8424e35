//! Where a message goes at the remote side.

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
