//! Where each rule stands in its run, kept in the database.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::model::run::{RuleRun, Run};
use crate::model::verdict::RuleId;

/// Remembers what was handed on, so that only changes are.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    told: HashMap<RuleId, Run>,
}

impl Runs {
    /// Whether a rule stands elsewhere than when it was handed on last.
    pub(crate) fn is_news(&self, rule: &RuleId, run: &Run) -> bool {
        self.told.get(rule) != Some(run)
    }

    /// Remembers that it was handed on.
    pub(crate) fn told(&mut self, rule: RuleId, run: Run) {
        self.told.insert(rule, run);
    }
}

/// Writes where a rule stands; the caller owns the transaction.
pub(crate) fn write(store: &Connection, run: &RuleRun) -> rusqlite::Result<()> {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let now = run.run;
    store
        .prepare_cached("INSERT OR REPLACE INTO run VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            run.rule.0,
            run.expr,
            text(now.bad_since),
            text(now.last_bad),
            text(now.good_since),
            text(now.unknown_since),
            now.fired
        ])?;
    Ok(())
}

/// Reads where the rules stood; a moment that cannot be read is none.
pub(crate) fn read(store: &Connection) -> rusqlite::Result<Vec<RuleRun>> {
    let mut rows = store.prepare("SELECT * FROM run ORDER BY rule")?;
    let runs = rows.query_map([], |row| {
        Ok(RuleRun {
            rule: RuleId(row.get(0)?),
            expr: row.get(1)?,
            run: Run {
                bad_since: moment(row, 2)?,
                last_bad: moment(row, 3)?,
                good_since: moment(row, 4)?,
                unknown_since: moment(row, 5)?,
                fired: row.get(6)?,
            },
        })
    })?;
    runs.collect()
}

fn moment(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Forgets a rule that the settings no longer have.
pub(crate) fn forget(store: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    store.execute("DELETE FROM run WHERE rule = ?1", [&rule.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_back_to_the_nanosecond() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let at = |text: &str| Some(text.parse().unwrap());
        let run = RuleRun {
            rule: RuleId("queue".into()),
            expr: "up == 0".into(),
            run: Run {
                bad_since: at("2026-03-01T10:00:00.123456789Z"),
                last_bad: at("2026-03-01T10:00:01Z"),
                good_since: None,
                unknown_since: at("2026-03-01T10:00:02Z"),
                fired: true,
            },
        };
        write(&store, &run).unwrap();
        assert_eq!(read(&store).unwrap(), std::slice::from_ref(&run));
        write(
            &store,
            &RuleRun {
                run: Run::default(),
                ..run.clone()
            },
        )
        .unwrap();
        assert_eq!(read(&store).unwrap()[0].run, Run::default());
        forget(&store, &run.rule).unwrap();
        assert!(read(&store).unwrap().is_empty());
    }
}
