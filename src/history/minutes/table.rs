//! Minute samples in the database, for charts: a blob for each series and hour.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::history::minutes::codec::{self, HOUR, Hour, MinuteSum};
use crate::history::minutes::rollup::{MinutePart, minute_of};
use crate::history::samples::measured::OURSELVES;
use crate::history::samples::scrapes;
use crate::history::samples::series::{self, SeriesTable};
use crate::history::writer::pruning;
use crate::model::sample::Metric;
use crate::model::series::minute::{MinuteSample, MinuteSeries};
use crate::model::series::selector::SeriesSelector;
use crate::store::file::Store;

/// A row's number: the hour in the upper half, the series in the lower one.
///
/// Rows that are written together lie together, and the oldest come first.
const SERIES: i64 = 1 << 32;

/// Minutes of a day.
const DAY: i64 = 24 * HOUR;

/// Reads minutes for charts.
#[derive(Debug)]
pub struct Minutes {
    store: Store,
}

impl Minutes {
    /// Takes the database, which others may have open as well.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Switches to a new database if ours was deleted.
    pub fn renew(&mut self) -> rusqlite::Result<()> {
        self.store.renew().map(|_| ())
    }

    /// The series that a selector selects, sorted, with their minutes that
    /// begin at one moment or later and before another.
    ///
    /// A series that has none between them is left out. This waits for the
    /// disk: some milliseconds for each series and month.
    pub fn read(
        &self,
        selector: &SeriesSelector,
        from: Timestamp,
        until: Timestamp,
    ) -> rusqlite::Result<Vec<MinuteSeries>> {
        let mut rows = self.store.prepare(
            "SELECT id, name, labels FROM series WHERE ?1 IS NULL OR name = ?1 \
            ORDER BY name, labels",
        )?;
        let named = rows.query_map([selector.name()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, String>(2)?))
        })?;
        let mut found = Vec::new();
        for row in named {
            let (id, name, labels) = row?;
            let metric = series::metric(name, &labels).filter(|metric| selector.matches(metric));
            if let Some(metric) = metric {
                let samples = self.samples(id, from, until)?;
                if !samples.is_empty() {
                    found.push(MinuteSeries { metric, samples });
                }
            }
        }
        found.sort_by(|one, other| one.metric.cmp(&other.metric));
        Ok(found)
    }

    /// The series that we measured ourselves, in the order of their names here,
    /// to the last sample that is on the disk: what is not summed up yet is
    /// added from the scrapes.
    pub fn read_measured(
        &self,
        metrics: &[Metric],
        from: Timestamp,
        until: Timestamp,
    ) -> rusqlite::Result<Vec<MinuteSeries>> {
        // All at one state, or a minute that is being written counts twice.
        let _at_once = Transaction::new_unchecked(&self.store, TransactionBehavior::Deferred)?;
        let summed = summed(&self.store)?;
        let mut late: HashMap<i64, BTreeMap<i64, MinuteSum>> = HashMap::new();
        scrapes::after(&self.store, summed, OURSELVES, |series, at_ms, value| {
            let minute = at_ms.div_euclid(60_000);
            let minutes = late.entry(series).or_default();
            let sum = MinuteSum::of(value);
            minutes
                .entry(minute)
                .and_modify(|before| before.add(sum))
                .or_insert(sum);
        })?;
        let mut found = Vec::new();
        for metric in metrics {
            let Some(id) = series::find(&self.store, metric)? else {
                continue;
            };
            let mut samples = self.samples(id, from, until)?;
            for (minute, sum) in late.remove(&id).unwrap_or_default() {
                let at = Timestamp::from_second(minute * 60).ok();
                if let Some(at) = at.filter(|at| *at >= from && *at < until) {
                    append(&mut samples, at, sum);
                }
            }
            if !samples.is_empty() {
                let metric = metric.clone();
                found.push(MinuteSeries { metric, samples });
            }
        }
        Ok(found)
    }

    fn samples(
        &self,
        series: i64,
        from: Timestamp,
        until: Timestamp,
    ) -> rusqlite::Result<Vec<MinuteSample>> {
        // Skip hours that have no rows.
        let (first, last) = self.store.query_row(
            "SELECT (SELECT min(id) FROM minute), (SELECT max(id) FROM minute)",
            [],
            |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)),
        )?;
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Vec::new());
        };
        let first = hour(minute_of(from)).max(first.div_euclid(SERIES));
        let last = hour(minute_of(until)).min(last.div_euclid(SERIES));
        let mut samples = Vec::new();
        for hour in first..=last {
            for (minute, sum) in read_hour(&self.store, row(hour, series))? {
                let begins = (hour * HOUR + i64::from(minute)) * 60;
                let Ok(at) = Timestamp::from_second(begins) else {
                    continue;
                };
                if at >= from && at < until {
                    samples.push(sample(at, sum));
                }
            }
        }
        Ok(samples)
    }
}

fn sample(at: Timestamp, sum: MinuteSum) -> MinuteSample {
    MinuteSample {
        at,
        count: sum.count,
        min: sum.min,
        mean: sum.mean(),
        max: sum.max,
        last: sum.last,
    }
}

/// Merges later samples into their minute, which may already exist.
fn append(samples: &mut Vec<MinuteSample>, at: Timestamp, later: MinuteSum) {
    let place = samples.partition_point(|one| one.at < at);
    match samples.get_mut(place).filter(|one| one.at == at) {
        Some(one) => {
            let count = |count: u64| u32::try_from(count).map_or(f64::INFINITY, f64::from);
            let mut sum = MinuteSum {
                count: one.count,
                min: one.min,
                max: one.max,
                last: one.last,
                total: one.mean * count(one.count),
            };
            sum.add(later);
            *one = sample(at, sum);
        }
        None => samples.insert(place, sample(at, later)),
    }
}

/// Merges partial minutes into the stored ones, and records the last scrape that they
/// contain; the caller owns the transaction.
pub(crate) fn write(
    store: &Connection,
    names: &mut SeriesTable,
    parts: &[MinutePart],
    until: i64,
) -> rusqlite::Result<()> {
    for part in parts {
        let number = names.number(store, &part.metric, part.minute.div_euclid(DAY))?;
        let id = row(hour(part.minute), number);
        let mut hour = read_hour(store, id)?;
        let place = u8::try_from(part.minute.rem_euclid(HOUR)).unwrap_or_default();
        codec::merge(&mut hour, place, part.sum);
        store
            .prepare_cached("INSERT OR REPLACE INTO minute VALUES (?1, ?2)")?
            .execute(params![id, codec::pack(&hour)])?;
    }
    store
        .prepare_cached("INSERT OR REPLACE INTO summed VALUES (0, ?1)")?
        .execute([until])?;
    Ok(())
}

/// The last scrape that is in the minutes; zero if there is none.
pub(crate) fn summed(store: &Connection) -> rusqlite::Result<i64> {
    store
        .query_row("SELECT scrape FROM summed", [], |row| row.get(0))
        .optional()
        .map(Option::unwrap_or_default)
}

/// Deletes a part of the hours that ended before a moment.
pub(crate) fn prune(store: &Connection, oldest: Timestamp) -> rusqlite::Result<()> {
    let until = pruning::part(oldest, first(store)?, pruning::REST);
    store.execute(
        "DELETE FROM minute WHERE id < ?1",
        [row(hour(minute_of(until)), 0)],
    )?;
    Ok(())
}

/// When the oldest hour begins; none if there is none.
pub(crate) fn first(store: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let id: Option<i64> = store.query_row("SELECT min(id) FROM minute", [], |row| row.get(0))?;
    let begins = id.map(|id| id.div_euclid(SERIES) * HOUR * 60);
    Ok(begins.and_then(|second| Timestamp::from_second(second).ok()))
}

fn read_hour(store: &Connection, id: i64) -> rusqlite::Result<Hour> {
    let body: Option<Vec<u8>> = store
        .prepare_cached("SELECT body FROM minute WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    // Replace an hour that cannot be read: it is one of many.
    Ok(body
        .and_then(|body| codec::unpack(&body))
        .unwrap_or_default())
}

fn row(hour: i64, series: i64) -> i64 {
    hour * SERIES + series
}

fn hour(minute: i64) -> i64 {
    minute.div_euclid(HOUR)
}

#[cfg(test)]
mod tests {
    use crate::history::samples::measured;
    use crate::model::sample::Sample;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn part(queue: &str, minute: i64, value: f64) -> MinutePart {
        MinutePart {
            metric: Metric::new("queue_jobs", [("queue", queue)]),
            minute,
            sum: MinuteSum::of(value),
        }
    }

    fn read(minutes: &Minutes, selector: &str, from: i64, until: i64) -> Vec<String> {
        let selector = SeriesSelector::parse(selector).unwrap();
        let series = minutes.read(&selector, at(from), at(until)).unwrap();
        series
            .iter()
            .map(|series| {
                let samples: Vec<_> = series
                    .samples
                    .iter()
                    .map(|one| {
                        let minute = one.at.as_second() / 60;
                        format!(
                            "{minute}:{}*{}<{}<{}",
                            one.count, one.min, one.mean, one.max
                        )
                    })
                    .collect();
                format!("{} {}", series.metric.labels["queue"], samples.join(" "))
            })
            .collect()
    }

    #[test]
    fn minutes_are_merged_read_by_selector_and_deleted_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let minutes = Minutes::new(crate::store::open(folder.path()).unwrap());
        assert!(read(&minutes, "queue_jobs", 0, 1000).is_empty());
        let mut names = SeriesTable::default();
        let first = [part("a", 59, 2.0), part("a", 60, 4.0), part("b", 60, 1.0)];
        write(&store, &mut names, &first, 7).unwrap();
        // The same minute goes on after a restart.
        let mut names = SeriesTable::default();
        write(&store, &mut names, &[part("a", 60, 1.0)], 9).unwrap();
        assert_eq!(summed(&store).unwrap(), 9);
        assert_eq!(
            read(&minutes, "queue_jobs", 0, 1000),
            ["a 59:1*2<2<2 60:2*1<2.5<4", "b 60:1*1<1<1"]
        );
        assert_eq!(read(&minutes, "{queue=\"a\"}", 0, 60), ["a 59:1*2<2<2"]);
        assert_eq!(read(&minutes, "queue_jobs{queue=\"b\"}", 60, 61).len(), 1);
        assert!(read(&minutes, "queue_jobs", 61, 1000).is_empty());
        prune(&store, at(60)).unwrap();
        assert_eq!(read(&minutes, "{queue=\"a\"}", 0, 1000), ["a 60:2*1<2.5<4"]);
    }

    #[test]
    fn what_is_not_summed_up_yet_is_read_from_the_scrapes_and_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let minutes = Minutes::new(crate::store::open(folder.path()).unwrap());
        let metric = Metric::new("queue_jobs", [("queue", "a")]);
        let mut names = SeriesTable::default();
        write(&store, &mut names, &[part("a", 1, 2.0)], 7).unwrap();
        for (id, second, value) in [(7, 70, 2.0), (8, 80, 5.0), (9, 130, 9.0)] {
            let sample = Sample {
                metric: metric.clone(),
                value,
            };
            let at = Timestamp::from_second(second).unwrap();
            let scrape = measured::scrape(vec![sample], at);
            scrapes::write(&store, &mut names, id, &scrape).unwrap();
        }
        let other = Metric::new("other", []);
        let found = minutes
            .read_measured(&[other, metric.clone()], at(0), at(9))
            .unwrap();
        assert_eq!((found.len(), &found[0].metric), (1, &metric));
        let read: Vec<_> = found[0]
            .samples
            .iter()
            .map(|one| (one.at.as_second() / 60, one.count, one.mean, one.max))
            .collect();
        assert_eq!(read, [(1, 2, 3.5, 5.0), (2, 1, 9.0, 9.0)]);
        let early = minutes.read_measured(&[metric], at(0), at(2)).unwrap();
        assert_eq!(early[0].samples.len(), 1);
    }

    #[test]
    fn an_hour_that_cannot_be_read_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let mut names = SeriesTable::default();
        write(&store, &mut names, &[part("a", 0, 2.0)], 1).unwrap();
        store.execute("UPDATE minute SET body = x'09'", []).unwrap();
        write(&store, &mut names, &[part("a", 1, 3.0)], 2).unwrap();
        let minutes = Minutes::new(store);
        assert_eq!(read(&minutes, "queue_jobs", 0, 9), ["a 1:1*3<3<3"]);
    }
}
