//! Numbers that stand for series in the database, so that names are kept once.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::sample::Metric;

/// Names remembered in memory; beyond it those not in use are forgotten.
const MOST: usize = 100_000;

/// The only writer of the table `series` (law 4), within its owner's transaction.
#[derive(Debug, Default)]
pub(crate) struct SeriesTable {
    /// Numbers by series, with the day on which each was used last.
    numbers: HashMap<Metric, (i64, i64)>,
    /// What was learned since the database last had all of it.
    fresh: Vec<Metric>,
}

impl SeriesTable {
    /// Gives the number of a series on a day (counted from 1970).
    pub(crate) fn number(
        &mut self,
        store: &Connection,
        metric: &Metric,
        day: i64,
    ) -> rusqlite::Result<i64> {
        if let Some((number, used)) = self.numbers.get(metric)
            && *used == day
        {
            return Ok(*number);
        }
        if self.numbers.len() >= MOST {
            self.numbers.retain(|_, (_, used)| *used == day);
        }
        let labels = serde_json::to_string(&metric.labels).unwrap_or_default();
        let number: i64 = store
            .prepare_cached(
                "INSERT INTO series (name, labels, day) VALUES (?1, ?2, ?3) \
                ON CONFLICT (name, labels) DO UPDATE SET day = ?3 RETURNING id",
            )?
            .query_row(params![metric.name, labels, day], |row| row.get(0))?;
        self.numbers.insert(metric.clone(), (number, day));
        self.fresh.push(metric.clone());
        Ok(number)
    }

    /// The database has all of it.
    pub(crate) fn written(&mut self) {
        self.fresh.clear();
    }

    /// The database has nothing of what was given since it last had all.
    pub(crate) fn undone(&mut self) {
        for metric in self.fresh.drain(..) {
            self.numbers.remove(&metric);
        }
    }

    /// Deletes the series that were not used since a day.
    pub(crate) fn prune(&mut self, store: &Connection, day: i64) -> rusqlite::Result<()> {
        store.execute("DELETE FROM series WHERE day < ?1", [day])?;
        self.numbers.retain(|_, (_, used)| *used >= day);
        Ok(())
    }
}

/// Reads the series of a number; none if it was deleted or cannot be read.
pub(crate) fn read(store: &Connection, number: i64) -> rusqlite::Result<Option<Metric>> {
    let row = store
        .prepare_cached("SELECT name, labels FROM series WHERE id = ?1")?
        .query_row([number], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    Ok(row.and_then(|(name, labels)| metric(name, &labels)))
}

/// All series whose name a test takes, however long ago they were seen.
pub fn named(
    store: &Connection,
    is_wanted: impl Fn(&str) -> bool,
) -> rusqlite::Result<Vec<Metric>> {
    let mut rows = store.prepare("SELECT DISTINCT name FROM series")?;
    let names = rows.query_map([], |row| row.get::<_, String>(0))?;
    let names: Vec<_> = names.collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    let mut rows = store.prepare("SELECT labels FROM series WHERE name = ?1")?;
    for name in names.into_iter().filter(|name| is_wanted(name)) {
        let labels = rows.query_map([&name], |row| row.get::<_, String>(0))?;
        for labels in labels {
            found.extend(metric(name.clone(), &labels?));
        }
    }
    Ok(found)
}

/// The number of a series; none if it was never kept.
pub(crate) fn find(store: &Connection, metric: &Metric) -> rusqlite::Result<Option<i64>> {
    let labels = serde_json::to_string(&metric.labels).unwrap_or_default();
    store
        .prepare_cached("SELECT id FROM series WHERE name = ?1 AND labels = ?2")?
        .query_row(params![metric.name, labels], |row| row.get(0))
        .optional()
}

/// Makes a metric of a row.
pub(crate) fn metric(name: String, labels: &str) -> Option<Metric> {
    let labels: BTreeMap<String, String> = serde_json::from_str(labels).ok()?;
    Some(Metric { name, labels })
}
