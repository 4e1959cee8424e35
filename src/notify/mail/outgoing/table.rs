//! The tables `mail` and `mailing` (law 4): what is sent, and to whom.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lettre::address::Address;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use secrecy::{ExposeSecret as _, SecretString};

use crate::model::text::language::Language;
use crate::notify::mail::letters::content::Mail;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin, Recipient};
use crate::notify::mail::outgoing::names::MessageNames;

/// How long addresses of mails that are done are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Mails to one address among which one that came back is looked for.
const MOST_HANDED_OVER: usize = 500;

/// What is read of each row, in this order.
const COLUMNS: &str =
    "mailing.id, mail.id, address, language, subscriber, token, tries, doubts, at_ms";

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
    /// Its fixed recipient has no mailbox, and is paused until the settings are read again.
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

/// Writes a mail, and returns its number: the old one if it is there already. Beside it
/// stands after which subscriber its readers are yet to be written; `None` if all are.
pub(crate) fn add_mail(
    store: &Connection,
    mail: &Mail,
    now: Timestamp,
) -> rusqlite::Result<(i64, Option<i64>)> {
    let content = serde_json::to_string(mail)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    store
        .prepare_cached(
            "INSERT INTO mail (key, notifier, topic, content, at_ms, reached)
             VALUES (?1, ?2, ?3, ?4, ?5, 0)
             ON CONFLICT (key) DO NOTHING",
        )?
        .execute(params![
            mail.key,
            mail.notifier,
            mail.topic,
            content,
            now.as_millisecond(),
        ])?;
    store
        .prepare_cached("SELECT id, reached FROM mail WHERE key = ?1")?
        .query_row([&mail.key], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Notes after which subscriber the readers of a mail are yet to be written.
pub(crate) fn note_reached(
    store: &Connection,
    mail: i64,
    reached: Option<i64>,
) -> rusqlite::Result<()> {
    store
        .prepare_cached("UPDATE mail SET reached = ?2 WHERE id = ?1")?
        .execute(params![mail, reached])?;
    Ok(())
}

/// Writes a mail for one reader alone.
pub(crate) fn add_personal(
    store: &Connection,
    mail: &Mail,
    reader: MailReader,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let (id, _) = add_mail(store, mail, now)?;
    add_readers(store, id, &[reader], now)?;
    note_reached(store, id, None)
}

/// What gives messages their names; the secret is made when it is first wanted.
pub(crate) fn names(store: &Connection) -> rusqlite::Result<MessageNames> {
    let mut select = store.prepare_cached("SELECT secret FROM mail_secret")?;
    let secret: Option<Vec<u8>> = select.query_row([], |row| row.get(0)).optional()?;
    let secret = match secret {
        Some(secret) => secret,
        None => {
            let secret: [u8; 32] = rand::random();
            store.execute("INSERT INTO mail_secret VALUES (?1)", [secret])?;
            secret.to_vec()
        }
    };
    Ok(MessageNames::new(&secret))
}

/// Writes who reads a mail; who is there already gets it once.
pub(crate) fn add_readers(
    store: &Connection,
    mail: i64,
    readers: &[MailReader],
    now: Timestamp,
) -> rusqlite::Result<usize> {
    let mut insert = store.prepare_cached(
        "INSERT INTO mailing (mail, address, language, subscriber, token, state, tries, doubts,
         next_ms, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, 'due', 0, 0, ?6, ?6)
         ON CONFLICT (mail, address) DO NOTHING",
    )?;
    let mut added = 0;
    for reader in readers {
        let (subscriber, token) = match &reader.origin {
            ReaderOrigin::Fixed => (None, None),
            ReaderOrigin::Subscriber { id, token } => (Some(*id), Some(token.expose_secret())),
        };
        let address: &str = reader.address.as_ref();
        added += insert.execute(params![
            mail,
            address,
            reader.language.tag(),
            subscriber,
            token,
            now.as_millisecond(),
        ])?;
    }
    Ok(added)
}

/// The next rows that are to be sent, at most one of each reader: what is older of the
/// same reader comes first.
pub(crate) fn heads(
    store: &Connection,
    now: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<MailingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mailing INDEXED BY mailing_next JOIN mail ON mail.id = mailing.mail
         WHERE state = 'due' AND next_ms <= ?1 AND NOT EXISTS (
             SELECT 1 FROM mailing AS earlier WHERE earlier.address = mailing.address
             AND earlier.id < mailing.id AND earlier.state IN ('due', 'sending')
         ) ORDER BY next_ms, mailing.id LIMIT ?2"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map(params![now.as_millisecond(), most], mailing)?;
    rows.filter_map(Result::transpose).collect()
}

/// What waits for a reader by the same notifier and in the same conversations, the
/// oldest first.
pub(crate) fn waiting(
    store: &Connection,
    head: &MailingRow,
    most: usize,
) -> rusqlite::Result<Vec<MailingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mailing JOIN mail ON mail.id = mailing.mail
         WHERE address = ?1 AND state = 'due' AND topic IS NOT NULL
         AND notifier = (SELECT notifier FROM mail WHERE id = ?2)
         ORDER BY mailing.id LIMIT ?3"
    );
    let address: &str = head.reader.address.as_ref();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map(params![address, head.mail, most], mailing)?;
    rows.filter_map(Result::transpose).collect()
}

/// A mail by its number; `None` if another version wrote it.
pub(crate) fn mail(store: &Connection, id: i64) -> rusqlite::Result<Option<Mail>> {
    let text: Option<String> = store
        .prepare_cached("SELECT content FROM mail WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The key of the first mail of a conversation that went to a reader.
pub(crate) fn first_key(
    store: &Connection,
    notifier: &str,
    topic: &str,
    address: &Address,
) -> rusqlite::Result<Option<String>> {
    let address: &str = address.as_ref();
    store
        .prepare_cached(
            "SELECT key FROM mail JOIN mailing ON mailing.mail = mail.id AND address = ?3
             WHERE topic = ?2 AND notifier = ?1 ORDER BY mail.id LIMIT 1",
        )?
        .query_row(params![notifier, topic, address], |row| row.get(0))
        .optional()
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

/// Notes that a row is being sent.
pub(crate) fn begin(store: &Connection, id: i64, now: Timestamp) -> rusqlite::Result<()> {
    store
        .prepare_cached("UPDATE mailing SET state = ?2, changed_ms = ?3 WHERE id = ?1")?
        .execute(params![id, MailState::Sending.word(), now.as_millisecond()])?;
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

/// When the next row is due that waits for no earlier one of its reader.
pub(crate) fn next(store: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let ms: Option<i64> = store
        .prepare_cached(
            "SELECT next_ms FROM mailing INDEXED BY mailing_next
             WHERE state = 'due' AND NOT EXISTS (
                 SELECT 1 FROM mailing AS earlier WHERE earlier.address = mailing.address
                 AND earlier.id < mailing.id AND earlier.state IN ('due', 'sending')
             ) ORDER BY next_ms, id LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
}

/// How many rows wait, by notifier, and since when the oldest does.
pub(crate) fn queued(
    store: &Connection,
) -> rusqlite::Result<Vec<(String, usize, Option<Timestamp>)>> {
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
    let rows = rows.query_map([address], |row| Ok(mailing(row)?.zip(row.get(9)?)))?;
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
fn mailing(row: &Row<'_>) -> rusqlite::Result<Option<MailingRow>> {
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
    }))
}
