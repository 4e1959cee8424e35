//! The run of each rule in the database.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::model::series::run::{RuleProgress, RuleRun};
use crate::model::verdict::RuleId;

/// Remembers the runs that were sent, so that only changes are sent.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    sent: HashMap<RuleId, RuleProgress>,
}

impl Runs {
    /// Whether the run of a rule has changed since it was sent.
    pub(crate) fn is_news(&self, rule: &RuleId, run: &RuleProgress) -> bool {
        self.sent.get(rule) != Some(run)
    }

    /// Remembers that it was sent.
    pub(crate) fn sent(&mut self, rule: RuleId, run: RuleProgress) {
        self.sent.insert(rule, run);
    }
}

/// Writes where a rule stands; the caller owns the transaction.
pub(crate) fn write(store: &Connection, run: &RuleRun) -> rusqlite::Result<()> {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let now = &run.run;
    let alerts = serde_json::to_string(&now.alerts)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    store
        .prepare_cached("INSERT OR REPLACE INTO run VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            run.rule.0,
            run.expr,
            text(now.firing_since),
            text(now.good_since),
            text(now.unknown_since),
            alerts
        ])?;
    Ok(())
}

/// Reads where the rules stood; a moment that cannot be read is none, and a rule
/// whose alerts cannot be read starts from scratch.
pub(crate) fn read(store: &Connection) -> rusqlite::Result<Vec<RuleRun>> {
    let mut rows = store.prepare(
        "SELECT rule, expr, firing_since, good_since, unknown_since, alerts FROM run ORDER BY rule",
    )?;
    let runs = rows.query_map([], |row| {
        let alerts: String = row.get(5)?;
        let run = match serde_json::from_str(&alerts) {
            Ok(alerts) => RuleProgress {
                firing_since: moment(row, 2)?,
                good_since: moment(row, 3)?,
                unknown_since: moment(row, 4)?,
                alerts,
            },
            Err(_) => RuleProgress::default(),
        };
        Ok(RuleRun {
            rule: RuleId(row.get(0)?),
            expr: row.get(1)?,
            run,
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

/// Reads the runs of these rules, and forgets all others.
pub(crate) fn read_of(
    store: &Connection,
    rules: &BTreeSet<RuleId>,
) -> rusqlite::Result<Vec<RuleRun>> {
    let (retained, gone): (Vec<_>, Vec<_>) = read(store)?
        .into_iter()
        .partition(|run| rules.contains(&run.rule));
    for run in gone {
        forget(store, &run.rule)?;
    }
    Ok(retained)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::model::series::run::AlertRun;

    use super::*;

    #[test]
    fn a_run_is_read_back_to_the_nanosecond() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let at = |text: &str| Some(text.parse().unwrap());
        let run = RuleRun {
            rule: RuleId("queue".into()),
            expr: "up == 0".into(),
            run: RuleProgress {
                firing_since: at("2026-03-01T10:00:00.123456789Z"),
                good_since: None,
                unknown_since: at("2026-03-01T10:00:02Z"),
                alerts: vec![AlertRun {
                    labels: [("a.b".to_owned(), "\"x\"\n€".to_owned())].into(),
                    since: at("2026-03-01T10:00:00.123456789Z").unwrap(),
                    bad: Duration::from_nanos(5_000_000_001),
                    fired: true,
                    good: Some(Duration::ZERO),
                    counted: at("2026-03-01T10:00:03Z"),
                }],
            },
        };
        write(&store, &run).unwrap();
        assert_eq!(read(&store).unwrap(), std::slice::from_ref(&run));
        write(
            &store,
            &RuleRun {
                run: RuleProgress::default(),
                ..run.clone()
            },
        )
        .unwrap();
        assert_eq!(read(&store).unwrap()[0].run, RuleProgress::default());
        forget(&store, &run.rule).unwrap();
        assert!(read(&store).unwrap().is_empty());
    }
}
