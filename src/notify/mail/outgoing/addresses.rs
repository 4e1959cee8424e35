//! The table `mailing` (law 4) by address: what came back, who is paused, and who is erased.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lettre::address::Address;
use rusqlite::{Connection, params};

use crate::notify::mail::letters::reader::Recipient;
use crate::notify::mail::outgoing::table::{COLUMNS, MailingRow, mailing};

/// Mails to one address among which one that came back is looked for.
const MOST_HANDED_OVER: usize = 500;

/// The newest mails that were handed over for an address, with their keys.
pub(crate) fn handed_over(
    store: &Connection,
    address: &str,
) -> rusqlite::Result<Vec<(MailingRow, String)>> {
    let sql = format!(
        "SELECT {COLUMNS}, mail.key FROM mailing INDEXED BY mailing_sent
         JOIN mail ON mail.id = mailing.mail
         WHERE address IN (?1, lower(?1)) AND state IN ('sent', 'unknown')
         ORDER BY mailing.id DESC LIMIT {MOST_HANDED_OVER}"
    );
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map([address], |row| Ok(mailing(row)?.zip(row.get("key")?)))?;
    rows.filter_map(Result::transpose).collect()
}

/// The fixed recipients that are paused.
pub(crate) fn paused(store: &Connection) -> rusqlite::Result<BTreeSet<Recipient>> {
    let mut rows =
        store.prepare_cached("SELECT DISTINCT address FROM mailing WHERE state = 'bounced'")?;
    let rows = rows.query_map([], |row| row.get::<_, String>(0).map(Recipient::new))?;
    rows.collect()
}

/// Refuses what waits for a fixed recipient that has no mailbox.
pub(crate) fn refuse_waiting(
    store: &Connection,
    address: &Address,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let address: &str = address.as_ref();
    store.execute(
        "UPDATE mailing SET state = 'refused', changed_ms = ?2, reason = 'there is no such mailbox'
         WHERE address = ?1 AND state = 'due' AND subscriber IS NULL",
        params![address, now.as_millisecond()],
    )?;
    Ok(())
}

/// Lets fixed recipients that were paused have mails again.
pub(crate) fn resume(store: &Connection) -> rusqlite::Result<()> {
    store.execute(
        "UPDATE mailing SET state = 'refused' WHERE state = 'bounced'",
        [],
    )?;
    Ok(())
}

/// Removes all that goes or went to a subscriber.
pub(crate) fn erase(store: &Connection, subscriber: i64) -> rusqlite::Result<usize> {
    store.execute("DELETE FROM mailing WHERE subscriber = ?1", [subscriber])
}
