//! The tables `mail` and `mailing` (law 4): mails with their readers, as they are written.

use jiff::Timestamp;
use lettre::address::Address;
use rusqlite::{Connection, OptionalExtension as _, params};
use secrecy::ExposeSecret as _;

use crate::notify::mail::letters::content::Mail;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::outgoing::names::MessageNames;

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
    if let Some(secret) = secret {
        return Ok(MessageNames::new(&secret));
    }
    let secret: [u8; 32] = rand::random();
    store.execute("INSERT INTO mail_secret VALUES (?1)", [secret])?;
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

/// A mail by its number; `None` if another version wrote it.
pub(crate) fn mail(store: &Connection, id: i64) -> rusqlite::Result<Option<Mail>> {
    let text: Option<String> = store
        .prepare_cached("SELECT content FROM mail WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes a mail anew, for whoever did not get it yet.
pub(crate) fn rewrite(store: &Connection, id: i64, mail: &Mail) -> rusqlite::Result<()> {
    let content = serde_json::to_string(mail)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    store
        .prepare_cached("UPDATE mail SET content = ?2 WHERE id = ?1")?
        .execute(params![id, content])?;
    Ok(())
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
