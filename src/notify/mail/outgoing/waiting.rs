//! The table `mailing` (law 4): what waits for one reader, by conversations.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::notify::mail::outgoing::table::{COLUMNS, IS_BLOCKED, MailingRow, mailing};

/// The conversations of which something is due to the reader of a row by the same notifier,
/// the oldest first.
pub(crate) fn due_topics(
    store: &Connection,
    head: &MailingRow,
    now: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<String>> {
    let sql = format!(
        "SELECT mail.topic FROM mailing INDEXED BY mailing_open JOIN mail ON mail.id = mailing.mail
         WHERE address = ?1 AND state IN ('due', 'sending') AND state = 'due' AND next_ms <= ?3
         AND mail.topic IS NOT NULL AND mail.notifier = (SELECT notifier FROM mail WHERE id = ?2)
         AND NOT {IS_BLOCKED} GROUP BY mail.topic ORDER BY min(mailing.id) LIMIT ?4"
    );
    let address: &str = head.reader.address.as_ref();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = store.prepare_cached(&sql)?;
    let now = now.as_millisecond();
    let rows = rows.query_map(params![address, head.mail, now, most], |row| row.get(0))?;
    rows.collect()
}

/// The newest rows of a conversation that wait for the reader of a row by the same notifier,
/// the oldest of them first. What may have arrived is not among them: it is repeated as it
/// was.
pub(crate) fn waiting(
    store: &Connection,
    head: &MailingRow,
    topic: &str,
    most: usize,
) -> rusqlite::Result<Vec<MailingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mailing INDEXED BY mailing_open JOIN mail ON mail.id = mailing.mail
         WHERE address = ?1 AND state IN ('due', 'sending') AND state = 'due' AND doubts = 0
         AND mail.topic = ?3 AND mail.notifier = (SELECT notifier FROM mail WHERE id = ?2)
         AND NOT {IS_BLOCKED} ORDER BY mailing.id DESC LIMIT ?4"
    );
    let address: &str = head.reader.address.as_ref();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map(params![address, head.mail, topic, most], mailing)?;
    let rows: rusqlite::Result<Vec<_>> = rows.filter_map(Result::transpose).collect();
    let mut rows = rows?;
    rows.reverse();
    Ok(rows)
}

/// Takes back what waits of a conversation before one of its rows, which says as much.
pub(crate) fn supersede_before(
    store: &Connection,
    first: &MailingRow,
    topic: &str,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let address: &str = first.reader.address.as_ref();
    store.execute(
        "UPDATE mailing SET state = 'superseded', changed_ms = ?5, token = NULL
         WHERE address = ?1 AND state IN ('due', 'sending') AND state = 'due' AND doubts = 0
         AND id < ?2 AND mail IN (
             SELECT id FROM mail
             WHERE topic = ?4 AND notifier = (SELECT notifier FROM mail WHERE id = ?3)
         )",
        params![address, first.id, first.mail, topic, now.as_millisecond()],
    )?;
    Ok(())
}

/// What was sent in one mail with a row, of which nobody knows whether it arrived; the
/// oldest first.
pub(crate) fn sent_with(
    store: &Connection,
    head: &MailingRow,
) -> rusqlite::Result<Vec<MailingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mailing INDEXED BY mailing_open JOIN mail ON mail.id = mailing.mail
         WHERE address = ?1 AND state IN ('due', 'sending') AND state = 'due'
         AND (mailing.id = ?2 OR sent_with = ?3 AND doubts > 0) ORDER BY mailing.id"
    );
    let address: &str = head.reader.address.as_ref();
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map(params![address, head.id, head.sent_with], mailing)?;
    rows.filter_map(Result::transpose).collect()
}

/// Whether a reader may have got a mail of a conversation before a row; `None` if there is
/// no such mail.
pub(crate) fn before(
    store: &Connection,
    row: &MailingRow,
    topic: &str,
    notifier: &str,
) -> rusqlite::Result<Option<bool>> {
    let address: &str = row.reader.address.as_ref();
    store
        .prepare_cached(
            "SELECT max(state IN ('sending', 'sent', 'unknown') OR doubts > 0)
             FROM mail JOIN mailing ON mailing.mail = mail.id AND address = ?1
             WHERE topic = ?2 AND notifier = ?3 AND mailing.id < ?4",
        )?
        .query_row(params![address, topic, notifier, row.id], |row| row.get(0))
}
