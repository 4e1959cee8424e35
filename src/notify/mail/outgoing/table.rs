//! The table `mailing` (law 4): how far each mail to each reader is.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use secrecy::SecretString;

use crate::model::text::language::Language;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};

/// How long addresses of mails that are done are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is read of each row, in this order.
pub(super) const COLUMNS: &str = "mailing.id, mail.id, address, language, subscriber, token, tries, doubts, mail.at_ms, sent_with";

/// Whether a row of `mailing` waits for another one of its reader: one that is in hand, or
/// an earlier one of its conversation that may have arrived and is yet to be repeated. An
/// index is used only where its condition is written as it is in the schema.
pub(super) const IS_BLOCKED: &str = "(EXISTS (
         SELECT 1 FROM mailing AS other
         WHERE other.address = mailing.address AND other.state IN ('due', 'sending')
         AND other.state = 'sending'
     ) OR EXISTS (
         SELECT 1 FROM mailing AS other JOIN mail AS said ON said.id = other.mail
         WHERE other.address = mailing.address AND other.state IN ('due', 'sending')
         AND other.id < mailing.id AND other.doubts > 0
         AND said.topic = mail.topic AND said.notifier = mail.notifier
     ))";

/// What became of a mail to one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailState {
    /// It waits to be sent.
    Due,
    /// It is being handed to the relay; after a crash nobody knows whether it was.
    Sending,
    /// The relay took it.
    Sent,
    /// Nobody knows whether the relay took it.
    Unknown,
    /// It can never be delivered.
    Refused,
    /// It is not to be sent any more: it is no longer true, or its recipient is gone.
    Superseded,
    /// Its fixed recipient has no mailbox, and is paused until the settings are reloaded.
    Bounced,
}

impl MailState {
    /// Its word in the database.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Superseded => "superseded",
            Self::Bounced => "bounced",
        }
    }
}

/// One mail to one reader.
#[derive(Clone, Debug)]
pub(crate) struct MailingRow {
    /// Its number.
    pub id: i64,
    /// The number of its mail.
    pub mail: i64,
    /// Who reads it.
    pub reader: MailReader,
    /// How often the relay did not take it.
    pub tries: u32,
    /// How often nobody knew whether it took it.
    pub doubts: u32,
    /// When the mail was written.
    pub at: Timestamp,
    /// The row with which it was sent last, as one mail.
    pub sent_with: Option<i64>,
}

/// What is noted of a row.
#[derive(Clone, Debug)]
pub(crate) struct MailingNote {
    /// The row.
    pub id: i64,
    /// What became of it.
    pub state: MailState,
    /// How often the relay did not take it.
    pub tries: u32,
    /// How often nobody knew whether it took it.
    pub doubts: u32,
    /// When it is tried next, if it is due.
    pub next: Timestamp,
    /// Why it was not delivered.
    pub reason: Option<String>,
}

/// The next rows that are to be sent, at most one of each reader.
pub(crate) fn heads(
    store: &Connection,
    now: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<MailingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mailing INDEXED BY mailing_next JOIN mail ON mail.id = mailing.mail
         WHERE state = 'due' AND next_ms <= ?1 AND NOT {IS_BLOCKED}
         ORDER BY next_ms, mailing.id LIMIT ?2"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map(params![now.as_millisecond(), most], mailing)?;
    let mut heads: Vec<MailingRow> = rows
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    let mut readers = BTreeSet::new();
    heads.retain(|head| readers.insert(head.reader.address.to_string()));
    Ok(heads)
}

/// Notes what became of a row; one that is done keeps no token of its links.
pub(crate) fn note(store: &Connection, note: &MailingNote, now: Timestamp) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "UPDATE mailing SET state = ?2, tries = ?3, doubts = ?4, next_ms = ?5, changed_ms = ?6,
             reason = ?7, token = iif(?2 = 'due', token, NULL) WHERE id = ?1",
        )?
        .execute(params![
            note.id,
            note.state.word(),
            note.tries,
            note.doubts,
            note.next.as_millisecond(),
            now.as_millisecond(),
            note.reason,
        ])?;
    Ok(())
}

/// Notes that a row is being sent, and with which as one mail.
pub(crate) fn begin(
    store: &Connection,
    id: i64,
    with: i64,
    now: Timestamp,
) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "UPDATE mailing SET state = ?2, sent_with = ?3, changed_ms = ?4 WHERE id = ?1",
        )?
        .execute(params![
            id,
            MailState::Sending.word(),
            with,
            now.as_millisecond()
        ])?;
    Ok(())
}

/// Rows that were being sent when the monitor ended.
pub(crate) fn interrupted(store: &Connection) -> rusqlite::Result<Vec<MailingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mailing JOIN mail ON mail.id = mailing.mail WHERE state = 'sending'"
    );
    let mut rows = store.prepare(&sql)?;
    let rows = rows.query_map([], mailing)?;
    rows.filter_map(Result::transpose).collect()
}

/// When the next row is due that waits for no other one of its reader.
pub(crate) fn next(store: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let sql = format!(
        "SELECT next_ms FROM mailing INDEXED BY mailing_next JOIN mail ON mail.id = mailing.mail
         WHERE state = 'due' AND NOT {IS_BLOCKED} ORDER BY next_ms, mailing.id LIMIT 1"
    );
    let ms: Option<i64> = store
        .prepare_cached(&sql)?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
}

/// A notifier, how many of its mails wait, and since when the oldest does.
pub(crate) type WaitingMails = (String, usize, Option<Timestamp>);

/// How many rows wait, by notifier, and since when the oldest does.
pub(crate) fn queued(store: &Connection) -> rusqlite::Result<Vec<WaitingMails>> {
    let mut rows = store.prepare_cached(
        "SELECT notifier, count(*), min(at_ms) FROM mailing JOIN mail ON mail.id = mailing.mail
         WHERE state IN ('due', 'sending') GROUP BY notifier",
    )?;
    let rows = rows.query_map([], |row| {
        let count: i64 = row.get(1)?;
        let oldest: Option<i64> = row.get(2)?;
        Ok((
            row.get(0)?,
            usize::try_from(count).unwrap_or_default(),
            oldest.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        ))
    })?;
    rows.collect()
}

/// Removes what is done for long.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let oldest = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    store.execute(
        "DELETE FROM mailing WHERE changed_ms < ?1 AND state NOT IN ('due', 'sending')",
        [oldest.as_millisecond()],
    )?;
    store.execute(
        "DELETE FROM mail WHERE at_ms < ?1
         AND NOT EXISTS (SELECT 1 FROM mailing WHERE mailing.mail = mail.id)",
        [oldest.as_millisecond()],
    )?;
    Ok(())
}

/// Reads a row; `None` if another version wrote it.
pub(super) fn mailing(row: &Row<'_>) -> rusqlite::Result<Option<MailingRow>> {
    let address: String = row.get(2)?;
    let language: String = row.get(3)?;
    let Ok(address) = address.parse() else {
        return Ok(None);
    };
    let token: Option<String> = row.get(5)?;
    let at = Timestamp::from_millisecond(row.get(8)?);
    Ok(Some(MailingRow {
        id: row.get(0)?,
        mail: row.get(1)?,
        reader: MailReader {
            address,
            language: Language::from_tag(&language).unwrap_or_default(),
            origin: match row.get(4)? {
                // What is done has no token any more.
                Some(id) => ReaderOrigin::Subscriber {
                    id,
                    token: SecretString::from(token.unwrap_or_default()),
                },
                None => ReaderOrigin::Fixed,
            },
        },
        tries: row.get(6)?,
        doubts: row.get(7)?,
        at: at.unwrap_or(Timestamp::UNIX_EPOCH),
        sent_with: row.get(9)?,
    }))
}
