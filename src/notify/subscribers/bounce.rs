//! What becomes of a reader whose mail came back.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::notify::mail::letters::reader::MailReader;
use crate::notify::mail::outgoing;
use crate::notify::subscribers::table;

/// So many mails may come back before a subscriber is paused.
const MOST_BOUNCES: u32 = 3;

/// What the relay made of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bounce {
    /// There is no such address: a subscriber is forgotten, a fixed recipient paused.
    Drop,
    /// It took nothing, for instance because the mailbox is full.
    Count,
}

/// Notes that a mail did not reach its reader.
pub(crate) fn bounced(
    store: &Connection,
    reader: &MailReader,
    bounce: Bounce,
    now: Timestamp,
) -> rusqlite::Result<()> {
    match (reader.subscriber(), bounce) {
        (Some(id), Bounce::Drop) => {
            table::forget(store, id)?;
            outgoing::addresses::erase(store, id)?;
        }
        (Some(id), Bounce::Count) => table::note_bounce(store, id, MOST_BOUNCES)?,
        // Its row says that it is paused.
        (None, Bounce::Drop) => outgoing::addresses::refuse_waiting(store, &reader.address, now)?,
        (None, Bounce::Count) => {}
    }
    tracing::info!(?reader, ?bounce, "a mail bounced");
    Ok(())
}
