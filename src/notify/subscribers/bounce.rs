//! What becomes of a subscriber whose mail came back.

use rusqlite::Connection;

use crate::notify::mail;
use crate::notify::subscribers::table;

/// So many mails may come back before a subscriber is paused.
const MOST_BOUNCES: u32 = 3;

/// What the relay made of a subscriber's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bounce {
    /// There is no such address: nothing goes there any more.
    Drop,
    /// It took nothing, for instance because the mailbox is full.
    Count,
}

/// Notes that a mail did not reach a subscriber.
pub(crate) fn bounced(store: &Connection, subscriber: i64, bounce: Bounce) -> rusqlite::Result<()> {
    match bounce {
        Bounce::Drop => {
            table::forget(store, subscriber)?;
            mail::outgoing::table::erase(store, subscriber)?;
        }
        Bounce::Count => table::note_bounce(store, subscriber, MOST_BOUNCES)?,
    }
    tracing::info!(
        subscriber.id = subscriber,
        ?bounce,
        "a mail to a subscriber came back"
    );
    Ok(())
}
