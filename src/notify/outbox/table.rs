//! The tables `outbox` and `receipt` (law 4).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::TopicId;
use crate::notify::outbox::entry::{EntryState, OutboxEntry};

/// How long the delivery log goes back.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is read of each row, in this order.
const COLUMNS: &str =
    "id, topic, occasion, state, tries, due_ms, changed_ms, reason, receipt, notifier";

/// Everything that a notifier announced, by topic.
pub(crate) fn receipts(
    store: &Connection,
    notifier: &str,
) -> rusqlite::Result<BTreeMap<TopicId, Receipt>> {
    let mut rows = store.prepare("SELECT topic, receipt FROM receipt WHERE notifier = ?1")?;
    let rows = rows.query_map([notifier], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut receipts = BTreeMap::new();
    for row in rows {
        let (topic, receipt) = row?;
        if let (Some(id), Ok(receipt)) = (TopicId::parse(&topic), serde_json::from_str(&receipt)) {
            receipts.insert(id, receipt);
        } else {
            tracing::warn!(
                notifier.name = notifier,
                topic,
                "a receipt cannot be read; its messages may be repeated",
            );
        }
    }
    Ok(receipts)
}

/// Keeps a receipt.
pub(crate) fn keep(
    store: &Connection,
    notifier: &str,
    topic: &TopicId,
    receipt: &Receipt,
) -> rusqlite::Result<()> {
    store
        .prepare_cached("INSERT OR REPLACE INTO receipt VALUES (?1, ?2, ?3)")?
        .execute(params![notifier, topic.to_string(), text(receipt)?])?;
    Ok(())
}

/// Forgets what was announced of a topic.
pub(crate) fn forget(store: &Connection, notifier: &str, topic: &TopicId) -> rusqlite::Result<()> {
    store
        .prepare_cached("DELETE FROM receipt WHERE notifier = ?1 AND topic = ?2")?
        .execute(params![notifier, topic.to_string()])?;
    Ok(())
}

/// Writes an entry that is due, and gives it its number.
pub(crate) fn add(
    store: &Connection,
    notifier: &str,
    entry: &mut OutboxEntry,
) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "INSERT INTO outbox (notifier, topic, occasion, state, tries, due_ms, changed_ms,
             reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            notifier,
            entry.topic.to_string(),
            entry.occasion.word(),
            entry.state.word(),
            entry.tries,
            entry.due.as_millisecond(),
            entry.changed.as_millisecond(),
            entry.reason,
        ])?;
    entry.id = store.last_insert_rowid();
    Ok(())
}

/// Notes what became of an entry.
pub(crate) fn note(store: &Connection, entry: &OutboxEntry) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "UPDATE outbox SET occasion = ?2, state = ?3, tries = ?4, changed_ms = ?5, reason = ?6,
             receipt = ?7, due_ms = ?8 WHERE id = ?1",
        )?
        .execute(params![
            entry.id,
            entry.occasion.word(),
            entry.state.word(),
            entry.tries,
            entry.changed.as_millisecond(),
            entry.reason,
            entry.receipt.as_ref().map(text).transpose()?,
            entry.due.as_millisecond(),
        ])?;
    Ok(())
}

/// What a notifier has left to do, the oldest first.
pub(crate) fn open_entries(
    store: &Connection,
    notifier: &str,
) -> rusqlite::Result<Vec<OutboxEntry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox
         WHERE notifier = ?1 AND state IN ('due', 'sending') ORDER BY id"
    );
    let mut rows = store.prepare(&sql)?;
    let rows = rows.query_map([notifier], entry)?;
    rows.filter_map(Result::transpose).collect()
}

/// The newest entries of a notifier, or of all; newest first.
pub(crate) fn newest(
    store: &Connection,
    notifier: Option<&str>,
    most: usize,
) -> rusqlite::Result<Vec<(String, OutboxEntry)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE ?1 IS NULL OR notifier = ?1 ORDER BY id DESC LIMIT ?2"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = store.prepare(&sql)?;
    let rows = rows.query_map(params![notifier, most], |row| {
        Ok(entry(row)?.map(|entry| Ok((row.get(9)?, entry))))
    })?;
    rows.filter_map(|row| row.and_then(Option::transpose).transpose())
        .collect()
}

/// Removes what is over for long.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<usize> {
    let oldest = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    store.execute(
        "DELETE FROM outbox WHERE changed_ms < ?1 AND state NOT IN ('due', 'sending')",
        [oldest.as_millisecond()],
    )
}

/// A receipt as the database keeps it.
fn text(receipt: &Receipt) -> rusqlite::Result<String> {
    serde_json::to_string(receipt)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Reads a row; `None` if another version wrote it.
fn entry(row: &Row<'_>) -> rusqlite::Result<Option<OutboxEntry>> {
    let moment = |column: usize| {
        let ms: i64 = row.get(column)?;
        Ok::<_, rusqlite::Error>(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
    };
    let topic = TopicId::parse(&row.get::<_, String>(1)?);
    let occasion = Occasion::from_word(&row.get::<_, String>(2)?);
    let state = EntryState::from_word(&row.get::<_, String>(3)?);
    let Some(((topic, occasion), state)) = topic.zip(occasion).zip(state) else {
        return Ok(None);
    };
    let receipt: Option<String> = row.get(8)?;
    Ok(Some(OutboxEntry {
        id: row.get(0)?,
        topic,
        occasion,
        state,
        tries: row.get(4)?,
        due: moment(5)?,
        changed: moment(6)?,
        reason: row.get(7)?,
        receipt: receipt.and_then(|text| serde_json::from_str(&text).ok()),
    }))
}
