//! Readers who subscribed on the page.

use rusqlite::Connection;

use crate::notify::mail::reader::MailReader;
use crate::notify::message::announcement::Announcement;

/// A page of the readers who want an announcement, by their numbers; `after` is the
/// last number of the page before.
#[expect(clippy::unnecessary_wraps, reason = "it will ask a table")]
pub(crate) fn recipients(
    _store: &Connection,
    _message: &Announcement,
    _after: i64,
) -> rusqlite::Result<Vec<MailReader>> {
    Ok(Vec::new())
}

/// What the relay made of a subscriber's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bounce {
    /// There is no such address: nothing goes there any more.
    Drop,
    /// It took nothing, for instance because the mailbox is full.
    Count,
}

/// Notes that a mail did not reach a subscriber.
#[expect(clippy::unnecessary_wraps, reason = "it will write to a table")]
pub(crate) fn bounced(
    _store: &Connection,
    _subscriber: i64,
    _bounce: Bounce,
) -> rusqlite::Result<()> {
    Ok(())
}
