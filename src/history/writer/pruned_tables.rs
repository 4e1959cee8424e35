//! The tables from which old rows are deleted, a part at a time.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::history::minutes::rollup::minute_of;
use crate::history::samples::scrapes;
use crate::history::samples::series::SeriesTable;
use crate::history::writer::pruning::cutoff;
use crate::history::writer::retention::Retention;
use crate::history::{detection, events, health, minutes, silences};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// All tables with rows that grow old.
pub(crate) struct PrunedTables<'w> {
    pub(crate) samples: &'w Connection,
    pub(crate) history: &'w Connection,
    pub(crate) names: &'w mut SeriesTable,
    pub(crate) retention: &'w Retention,
}

impl PrunedTables<'_> {
    /// Deletes scrapes that no rule looks back to.
    pub(crate) fn prune_scrapes(&mut self, now: Timestamp) -> rusqlite::Result<()> {
        scrapes::prune(self.samples, cutoff(now, self.retention.age))
    }

    /// Deletes old rows of all other tables.
    pub(crate) fn prune_rest(&mut self, now: Timestamp) -> rusqlite::Result<()> {
        minutes::table::prune(self.samples, cutoff(now, self.retention.minutes))?;
        self.forget_names(now)?;
        health::table::prune(self.history, now)?;
        events::table::prune(self.history, now)?;
        detection::table::prune(self.history, now)?;
        silences::table::prune(self.history, now)
    }

    /// Deletes the names of which nothing is left, a day later.
    fn forget_names(&mut self, now: Timestamp) -> rusqlite::Result<()> {
        let retained = self.retention.minutes.max(self.retention.age);
        let cutoff = cutoff(now, retained);
        let left = [
            minutes::table::first(self.samples)?,
            scrapes::first(self.samples)?,
        ];
        let unused = left.into_iter().flatten().fold(cutoff, Timestamp::min);
        let unused = minute_of(unused).div_euclid(DAY) - 1;
        self.names.prune(self.samples, unused)
    }
}

/// Bytes of the database and of its log of writes.
pub(crate) fn bytes(store: &Connection) -> i64 {
    let Some(path) = store.path() else {
        return 0;
    };
    let bytes = ["", "-wal"]
        .map(|ending| std::fs::metadata(format!("{path}{ending}")).map_or(0, |file| file.len()));
    i64::try_from(bytes.iter().sum::<u64>()).unwrap_or(i64::MAX)
}
