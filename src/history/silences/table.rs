//! The table of silences.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::history::writer::pruning;
use crate::model::series::matcher;
use crate::model::silence::{Crowded, MAX_SILENCES, Silence, SilenceRequest};
use crate::store::file::Store;

/// How long a silence is retained after its end, as in Alertmanager.
const KEPT: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Why a silence is not stored.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// There are too many already.
    #[error(transparent)]
    Crowded(#[from] Crowded),
    /// The database did not take it.
    #[error("cannot write the silence")]
    Database(#[from] rusqlite::Error),
}

/// The only writer of the table `silence` (law 4).
#[derive(Debug)]
pub struct Silences {
    pub(crate) store: Store,
}

impl Silences {
    /// Takes the database, which others may have open as well.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Keeps a silence and gives it a number.
    pub fn add(&mut self, request: SilenceRequest, now: Timestamp) -> Result<Silence, KeepError> {
        self.insert(request, None, now)
    }

    /// Keeps a silence if there is room; the one that it takes the place of takes none.
    fn insert(
        &mut self,
        request: SilenceRequest,
        instead: Option<i64>,
        now: Timestamp,
    ) -> Result<Silence, KeepError> {
        // In one breath: a command and the service may add at the same time.
        let added = self.store.execute(
            "INSERT INTO silence (matchers, starts_ms, ends_ms, author, reason) \
            SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?6 > \
            (SELECT count(*) FROM silence WHERE ends_ms > ?7 AND id IS NOT ?8)",
            params![
                matcher::print(&request.matchers),
                request.starts.as_millisecond(),
                request.ends.as_millisecond(),
                request.author,
                request.reason,
                MAX_SILENCES,
                now.as_millisecond(),
                instead,
            ],
        )?;
        if added == 0 {
            return Err(Crowded.into());
        }
        let id = self.store.last_insert_rowid();
        Ok(Silence { id, request })
    }

    /// Lets a silence end now; `None` if there is none of that number.
    ///
    /// One that is over stays as it is; one that is still to begin never does.
    pub fn expire(&mut self, id: i64, now: Timestamp) -> rusqlite::Result<Option<Silence>> {
        self.store.execute(
            "UPDATE silence SET ends_ms = ?2, starts_ms = min(starts_ms, ?2) \
            WHERE id = ?1 AND ends_ms > ?2",
            [id, now.as_millisecond()],
        )?;
        self.one(id)
    }

    /// Keeps a silence in place of another one, which ends now; `None` if there is
    /// none of that number.
    pub fn replace(
        &mut self,
        id: i64,
        request: SilenceRequest,
        now: Timestamp,
    ) -> Result<Option<Silence>, KeepError> {
        if self.one(id)?.is_none() {
            return Ok(None);
        }
        // Nothing is heard in between.
        let added = self.insert(request, Some(id), now)?;
        self.expire(id, now)?;
        Ok(Some(added))
    }

    /// The silence of a number.
    pub fn one(&self, id: i64) -> rusqlite::Result<Option<Silence>> {
        let query = format!("{SELECT} WHERE id = ?1");
        let found = self.store.query_row(&query, [id], read).optional()?;
        Ok(found.flatten())
    }

    /// All of them, by their ends.
    pub fn list(&self) -> rusqlite::Result<Vec<Silence>> {
        let mut rows = self
            .store
            .prepare(&format!("{SELECT} ORDER BY ends_ms, id"))?;
        let found = rows.query_map([], read)?;
        let found: Vec<_> = found.collect::<rusqlite::Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Writes into a new database what another one had.
    pub(crate) fn write_again(&self, silences: &[Silence]) -> rusqlite::Result<()> {
        for Silence { id, request } in silences {
            self.store.execute(
                "INSERT OR IGNORE INTO silence VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id,
                    matcher::print(&request.matchers),
                    request.starts.as_millisecond(),
                    request.ends.as_millisecond(),
                    request.author,
                    request.reason,
                ],
            )?;
        }
        Ok(())
    }
}

/// Deletes a part of those that ended long ago.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    let first = "SELECT min(ends_ms) FROM silence";
    let before = pruning::part_of(store, first, before, pruning::REST)?;
    store.execute("DELETE FROM silence WHERE ends_ms < ?1", [before])?;
    Ok(())
}

const SELECT: &str = "SELECT id, matchers, starts_ms, ends_ms, author, reason FROM silence";

/// Reads a row; `None` for what cannot have been written by us.
fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Silence>> {
    let id = row.get(0)?;
    let text: String = row.get(1)?;
    let moments = (
        Timestamp::from_millisecond(row.get(2)?),
        Timestamp::from_millisecond(row.get(3)?),
    );
    let (author, reason) = (row.get(4)?, row.get(5)?);
    let (Ok(matchers), (Ok(starts), Ok(ends))) = (matcher::parse(&text), moments) else {
        return Ok(None);
    };
    let request = SilenceRequest {
        matchers,
        starts,
        ends,
        author,
        reason,
    };
    Ok(Some(Silence { id, request }))
}

#[cfg(test)]
mod tests {
    use crate::model::silence::SilenceState;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn request(matcher: &str, starts: i64, ends: i64) -> SilenceRequest {
        let matchers = [matcher.to_owned()];
        SilenceRequest::new(&matchers, (at(starts), at(ends)), "Ann", "Move", at(starts)).unwrap()
    }

    fn open(folder: &tempfile::TempDir) -> Silences {
        Silences::new(crate::store::open(folder.path()).unwrap())
    }

    #[test]
    fn a_silence_is_kept_ends_early_and_is_forgotten_five_days_later() {
        let folder = tempfile::tempdir().unwrap();
        let mut silences = open(&folder);
        let long = silences
            .add(request("rule=~\"a|b\"", 100, 900), at(100))
            .unwrap();
        let short = silences.add(request("rule=c", 100, 200), at(100)).unwrap();
        let later = silences.add(request("rule=d", 500, 600), at(100)).unwrap();
        let listed = open(&folder).list().unwrap();
        assert_eq!(listed, [short.clone(), later.clone(), long.clone()]);

        let ended = silences.expire(long.id, at(300)).unwrap().unwrap();
        assert_eq!(ended.request.ends, at(300));
        assert_eq!(ended.state(at(300)), SilenceState::Expired);
        // What is over stays as it was; what never began never does.
        assert_eq!(silences.expire(short.id, at(300)).unwrap().unwrap(), short);
        let never = silences.expire(later.id, at(300)).unwrap().unwrap();
        assert_eq!(
            (never.request.starts, never.request.ends),
            (at(300), at(300))
        );
        assert_eq!(silences.expire(99, at(300)).unwrap(), None);

        let days = 5 * 24 * 3600;
        prune(&silences.store, at(200 + days)).unwrap();
        assert_eq!(silences.list().unwrap().len(), 3);
        prune(&silences.store, at(250 + days)).unwrap();
        assert_eq!(silences.list().unwrap().len(), 2);
        // A number is never given twice, or somebody might remove the wrong one.
        prune(&silences.store, at(9000 + days)).unwrap();
        let next = silences.add(request("rule=e", 100, 900), at(100)).unwrap();
        assert!(next.id > later.id);
    }

    #[test]
    fn only_so_many_last_at_a_time_and_what_is_over_takes_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let mut silences = open(&folder);
        let one = |starts| request("rule=a", starts, 900);
        let first = silences.add(request("rule=a", 100, 200), at(100)).unwrap();
        for _ in 1..MAX_SILENCES {
            silences.add(one(500), at(100)).unwrap();
        }
        let refused = silences.add(one(100), at(199)).unwrap_err();
        assert!(matches!(refused, KeepError::Crowded(_)), "{refused:?}");
        silences.add(one(200), at(200)).unwrap();
        // What it takes the place of must have had some.
        let late = silences.replace(first.id, one(200), at(200));
        assert!(matches!(late, Err(KeepError::Crowded(_))), "{late:?}");
        let id = first.id + 1;
        assert!(silences.replace(id, one(200), at(200)).unwrap().is_some());
        let none = silences.replace(9_999_999, one(200), at(200)).unwrap();
        assert_eq!(none, None);
    }
}
