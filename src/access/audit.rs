//! The table `audit`: who did what, and when.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::model::access::{Actor, Proof};
use crate::model::request::access::{AuditEntry, AuditRecord};

/// How long entries are kept, and tokens that ended.
pub(crate) const KEPT: Duration = Duration::from_hours(400 * 24);

/// Entries that are deleted at a time, oldest first.
const PART: u32 = 1_000;

/// Longest text of a column, in characters.
const LONGEST: usize = 500;

/// Writes an entry down, each part in one line.
pub fn add(store: &Connection, entry: &AuditEntry, now: Timestamp) -> rusqlite::Result<()> {
    store.execute(
        "INSERT INTO audit (at_ms, actor, proof, act, target, detail) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            now.as_millisecond(),
            line(&entry.actor.name),
            entry.actor.proof.word(),
            line(&entry.act),
            line(&entry.target),
            line(&entry.detail),
        ],
    )?;
    Ok(())
}

/// A text in one line that is not too long.
pub(crate) fn line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(LONGEST).map(plain).collect()
}

/// So many entries, the newest first, older than the one of this number.
pub(crate) fn page(
    store: &Connection,
    before: Option<i64>,
    limit: u32,
) -> rusqlite::Result<Vec<AuditRecord>> {
    let mut rows = store.prepare_cached(
        "SELECT id, at_ms, actor, proof, act, target, detail FROM audit \
        WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let before = before.unwrap_or(i64::MAX);
    let found = rows.query_map(params![before, limit], read)?;
    found.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    let proof: String = row.get(3)?;
    Ok(AuditRecord {
        id: row.get(0)?,
        at: Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH),
        entry: AuditEntry {
            // A later version may know more proofs.
            actor: Actor::new(
                row.get::<_, String>(2)?,
                Proof::from_word(&proof).unwrap_or(Proof::Open),
            ),
            act: row.get(4)?,
            target: row.get(5)?,
            detail: row.get(6)?,
        },
    })
}

/// Deletes a part of the entries that are too old.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    store.execute(
        "DELETE FROM audit WHERE id IN \
        (SELECT id FROM audit WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)",
        params![before.as_millisecond(), PART],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_in_pages_and_forgotten_after_400_days() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let ann = Actor::new("Ann", Proof::OpenId);
        for number in 0..5 {
            let entry = AuditEntry::new(&ann, "add silence", number.to_string());
            add(&store, &entry.detail("a\nb\u{1b}[2J"), at(number)).unwrap();
        }
        let targets = |before, limit| -> Vec<_> {
            let page = page(&store, before, limit).unwrap();
            page.into_iter()
                .map(|one| (one.id, one.entry.target))
                .collect()
        };
        let first = targets(None, 2);
        assert_eq!(first, [(5, "4".to_owned()), (4, "3".to_owned())]);
        assert_eq!(targets(Some(4), 9).len(), 3);
        let newest = page(&store, None, 1).unwrap().remove(0);
        assert_eq!(newest.entry.detail, "a b [2J");
        assert_eq!((newest.at, newest.entry.actor), (at(4), ann));
        prune(&store, at(2 + 400 * 24 * 3600)).unwrap();
        assert_eq!(targets(None, 9).len(), 3);
    }
}
