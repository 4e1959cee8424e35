//! The table of incidents that rules opened: how soon, and what came of them.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::history::writer::pruning;
use crate::history::writer::pruning::oldest;
use crate::model::incident::IncidentId;
use crate::model::verdict::RuleId;

/// An incident that rules opened, as it was on the board last.
///
/// Files are what counts; this is what a file cannot tell once it was edited
/// or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noticed {
    /// Its name.
    pub(crate) incident: IncidentId,
    /// The first bad sample.
    pub(crate) began: Timestamp,
    /// When it was in a file; `None` if that was not measured.
    pub(crate) file: Option<Timestamp>,
    /// When it was on a board that the page shows.
    pub(crate) page: Option<Timestamp>,
    /// The latest end that it ever had; `None` while it is open.
    pub(crate) until: Option<Timestamp>,
    /// When it disappears by itself.
    pub(crate) expires: Option<Timestamp>,
    /// Rules that it accounted for.
    pub(crate) rules: Vec<RuleId>,
    /// Names of the components that it ever affected.
    pub(crate) affected: Vec<String>,
    /// Whether it is over.
    pub(crate) resolved: bool,
    /// How often it came back while it was watched or over.
    pub(crate) recurrences: u32,
    /// How often it came back after it was called over.
    pub(crate) false_clears: u32,
}

/// Reads all rows; one that cannot be read is left out.
pub(crate) fn read(store: &Connection) -> rusqlite::Result<Vec<Noticed>> {
    let mut rows = store.prepare(
        "SELECT incident, began_ms, file_ms, page_ms, until_ms, expires_ms, rules, affected, \
        resolved, recurrences, false_clears FROM noticed",
    )?;
    let moment = |row: &rusqlite::Row<'_>, column: usize| -> rusqlite::Result<Option<Timestamp>> {
        let at: Option<i64> = row.get(column)?;
        Ok(at.and_then(|at| Timestamp::from_millisecond(at).ok()))
    };
    let list = |row: &rusqlite::Row<'_>, column: usize| -> rusqlite::Result<Vec<String>> {
        Ok(serde_json::from_str(&row.get::<_, String>(column)?).unwrap_or_default())
    };
    let found = rows.query_map([], |row| {
        let Some(began) = moment(row, 1)? else {
            return Ok(None);
        };
        Ok(Some(Noticed {
            incident: IncidentId(row.get(0)?),
            began,
            file: moment(row, 2)?,
            page: moment(row, 3)?,
            until: moment(row, 4)?,
            expires: moment(row, 5)?,
            rules: list(row, 6)?.into_iter().map(RuleId).collect(),
            affected: list(row, 7)?,
            resolved: row.get(8)?,
            recurrences: row.get(9)?,
            false_clears: row.get(10)?,
        }))
    })?;
    found.filter_map(Result::transpose).collect()
}

/// Writes a row; the caller owns the transaction.
pub(crate) fn write(store: &Connection, one: &Noticed) -> rusqlite::Result<()> {
    let moment = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    let rules: Vec<&str> = one.rules.iter().map(|rule| &*rule.0).collect();
    store
        .prepare_cached(
            "INSERT OR REPLACE INTO noticed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            one.incident.0,
            one.began.as_millisecond(),
            moment(one.file),
            moment(one.page),
            moment(one.until),
            moment(one.expires),
            serde_json::to_string(&rules).unwrap_or_default(),
            serde_json::to_string(&one.affected).unwrap_or_default(),
            one.resolved,
            one.recurrences,
            one.false_clears,
        ])?;
    Ok(())
}

/// Deletes a row; the caller owns the transaction.
pub(crate) fn forget(store: &Connection, incident: &IncidentId) -> rusqlite::Result<()> {
    store.execute("DELETE FROM noticed WHERE incident = ?1", [&incident.0])?;
    Ok(())
}

/// Deletes a part of what began too long before `now`.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let first = "SELECT min(began_ms) FROM noticed";
    let until = pruning::part_of(store, first, oldest(now), pruning::REST)?;
    store.execute("DELETE FROM noticed WHERE began_ms < ?1", [until])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noticed_is_read_back_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let full = Noticed {
            incident: IncidentId("a".into()),
            began: at(1_000_000),
            file: Some(at(1)),
            page: Some(at(2)),
            until: Some(at(3)),
            expires: Some(at(4)),
            rules: vec![RuleId("r".into()), RuleId("s".into())],
            affected: vec!["API \"1\"".into()],
            resolved: true,
            recurrences: 2,
            false_clears: 1,
        };
        let bare = Noticed {
            incident: IncidentId("b".into()),
            began: at(2_000_000),
            file: None,
            page: None,
            until: None,
            expires: None,
            rules: Vec::new(),
            affected: Vec::new(),
            resolved: false,
            ..full.clone()
        };
        for one in [&full, &bare] {
            write(&store, one).unwrap();
        }
        assert_eq!(read(&store).unwrap(), [full.clone(), bare.clone()]);
        prune(&store, at(1_500_000 + 400 * 86_400)).unwrap();
        assert_eq!(read(&store).unwrap(), std::slice::from_ref(&bare));
        forget(&store, &bare.incident).unwrap();
        assert_eq!(read(&store).unwrap(), []);
    }
}
