//! The recent scrapes in the database, one blob each, for the next start.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::history::samples::measured;
use crate::history::samples::packed::{put, put_value, take, take_value};
use crate::history::samples::series::{self, SeriesTable};
use crate::history::writer::pruning;
use crate::model::sample::{CollectorId, Metric, Sample, Scrape};

/// How a blob begins; one that begins otherwise was written by another critwatch.
const FORM: u8 = 1;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// What was read back, beside the scrapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReadBack {
    /// Rows that cannot be read.
    pub(crate) broken: usize,
}

/// Writes a scrape; the caller owns the transaction.
pub(crate) fn write(
    store: &Connection,
    names: &mut SeriesTable,
    id: i64,
    scrape: &Scrape,
) -> rusqlite::Result<()> {
    let at = scrape.at.as_millisecond();
    let mut numbered = Vec::with_capacity(scrape.samples.len());
    for sample in &scrape.samples {
        let number = names.number(store, &sample.metric, at.div_euclid(DAY_MS))?;
        numbered.push((number, sample.value));
    }
    store
        .prepare_cached("INSERT OR REPLACE INTO scrape VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            id,
            at,
            scrape.collector.0,
            scrape.good_until.as_millisecond(),
            pack(&numbered),
            scrape.is_whole()
        ])?;
    Ok(())
}

/// The last whole answer of each collector: what it brought and nobody sees while
/// it fails.
const ANSWERS: &str = "SELECT max(id) FROM scrape WHERE answered = 1 GROUP BY collector";

/// Hands over what is kept from a moment until another, in the order of writing,
/// after the last answer of those that have not answered since.
pub(crate) fn read(
    store: &Connection,
    from: Timestamp,
    until: Timestamp,
    mut each: impl FnMut(i64, Scrape),
) -> rusqlite::Result<ReadBack> {
    let mut read = ReadBack::default();
    let mut names: HashMap<i64, Option<Metric>> = HashMap::new();
    let mut rows = store.prepare(&format!(
        "SELECT id, at_ms, collector, good_ms, body FROM scrape \
        WHERE (at_ms >= ?1 OR id IN ({ANSWERS})) AND at_ms <= ?2 ORDER BY id",
    ))?;
    let mut rows = rows.query([from.as_millisecond(), until.as_millisecond()])?;
    while let Some(row) = rows.next()? {
        let moments = (
            Timestamp::from_millisecond(row.get(1)?),
            Timestamp::from_millisecond(row.get(3)?),
        );
        let body = row.get_ref(4)?.as_blob().unwrap_or_default();
        let (Ok(at), Ok(good_until), Some(numbered)) = (moments.0, moments.1, unpack(body)) else {
            read.broken += 1;
            continue;
        };
        let mut samples = Vec::with_capacity(numbered.len());
        for (number, value) in numbered {
            if let std::collections::hash_map::Entry::Vacant(place) = names.entry(number) {
                place.insert(series::read(store, number)?);
            }
            if let Some(Some(metric)) = names.get(&number) {
                samples.push(Sample {
                    metric: metric.clone(),
                    value,
                });
            }
        }
        let scrape = Scrape {
            collector: CollectorId(row.get(2)?),
            at,
            good_until,
            samples,
        };
        each(row.get(0)?, scrape);
    }
    Ok(read)
}

/// The samples that one collector brought after a scrape, by the numbers of
/// their series, with their milliseconds, in the order of writing.
pub(crate) fn after(
    store: &Connection,
    id: i64,
    collector: &str,
    mut each: impl FnMut(i64, i64, f64),
) -> rusqlite::Result<()> {
    let mut rows = store
        .prepare("SELECT at_ms, body FROM scrape WHERE id > ?1 AND collector = ?2 ORDER BY id")?;
    let mut rows = rows.query(params![id, collector])?;
    while let Some(row) = rows.next()? {
        let at = row.get(0)?;
        let body = row.get_ref(1)?.as_blob().unwrap_or_default();
        for (number, value) in unpack(body).unwrap_or_default() {
            each(number, at, value);
        }
    }
    Ok(())
}

/// The collectors that brought something since a moment, without ourselves.
pub(crate) fn collectors(
    store: &Connection,
    since: Timestamp,
) -> rusqlite::Result<BTreeSet<CollectorId>> {
    let mut rows = store
        .prepare("SELECT DISTINCT collector FROM scrape WHERE at_ms >= ?1 AND collector != ?2")?;
    let of = params![since.as_millisecond(), measured::OURSELVES];
    let rows = rows.query_map(of, |row| row.get(0).map(CollectorId))?;
    rows.collect()
}

/// The number of the last scrape; zero if there is none.
pub(crate) fn last(store: &Connection) -> rusqlite::Result<i64> {
    store
        .query_row("SELECT max(id) FROM scrape", [], |row| row.get(0))
        .optional()
        .map(|id: Option<Option<i64>>| id.flatten().unwrap_or(0))
}

/// The moment of the oldest scrape; none if there is none.
pub(crate) fn first(store: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let at = "SELECT min(at_ms) FROM scrape";
    let at: Option<i64> = store.query_row(at, [], |row| row.get(0))?;
    Ok(at.and_then(|at| Timestamp::from_millisecond(at).ok()))
}

/// Deletes a part of what is older than a moment, but for the last answer of each
/// collector.
pub(crate) fn prune(store: &Connection, oldest: Timestamp) -> rusqlite::Result<()> {
    let old = format!("FROM scrape WHERE id NOT IN ({ANSWERS})");
    let first = format!("SELECT min(at_ms) {old}");
    let until = pruning::part_of(store, &first, oldest, pruning::SCRAPES)?;
    store.execute(&format!("DELETE {old} AND at_ms < ?1"), [until])?;
    Ok(())
}

fn pack(samples: &[(i64, f64)]) -> Vec<u8> {
    let mut bytes = vec![FORM];
    let mut before = 0_i64;
    for (number, value) in samples {
        let step = number.wrapping_sub(before);
        // Neighbours have near numbers, forth and back.
        put(&mut bytes, ((step << 1) ^ (step >> 63)).cast_unsigned());
        put_value(&mut bytes, *value);
        before = *number;
    }
    bytes
}

fn unpack(bytes: &[u8]) -> Option<Vec<(i64, f64)>> {
    let (form, mut rest) = bytes.split_first()?;
    if *form != FORM {
        return None;
    }
    let mut samples = Vec::new();
    let mut before = 0_i64;
    while !rest.is_empty() {
        let step = take(&mut rest)?;
        let step = (step >> 1).cast_signed() ^ -(step & 1).cast_signed();
        before = before.wrapping_add(step);
        samples.push((before, take_value(&mut rest)?));
    }
    Some(samples)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(milli: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000_000 + milli).unwrap()
    }

    fn scrape(milli: i64, samples: Vec<Sample>) -> Scrape {
        Scrape {
            collector: CollectorId("redis".into()),
            at: at(milli),
            good_until: at(milli + 3000),
            samples,
        }
    }

    fn all(store: &Connection) -> (Vec<Scrape>, ReadBack) {
        let mut scrapes = Vec::new();
        let back = read(store, Timestamp::MIN, Timestamp::MAX, |_, scrape| {
            scrapes.push(scrape);
        });
        (scrapes, back.unwrap())
    }

    #[test]
    fn scrapes_are_read_back_as_they_were_with_every_label() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let mut names = SeriesTable::default();
        let odd = [("zone", "a\"\\\n€"), ("empty", "")];
        let scrapes = [
            scrape(
                0,
                vec![Sample::new("up", [], 1.0), Sample::new("x", odd, -0.0)],
            ),
            scrape(1000, Vec::new()),
            scrape(1500, vec![Sample::new("x", odd, f64::INFINITY)]),
        ];
        for (id, scrape) in (1..).zip(&scrapes) {
            write(&store, &mut names, id, scrape).unwrap();
        }
        let (back, read) = all(&store);
        assert_eq!(back, scrapes);
        assert_eq!(read.broken, 0);
        assert_eq!(last(&store).unwrap(), 3);
        prune(&store, at(1200)).unwrap();
        assert_eq!(all(&store).0, scrapes[2..]);
    }

    #[test]
    fn a_row_of_another_critwatch_is_left_out_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let good = scrape(0, vec![Sample::new("up", [], 1.0)]);
        write(&store, &mut SeriesTable::default(), 1, &good).unwrap();
        for (id, body) in [(2, vec![9, 9]), (3, vec![]), (4, vec![FORM, 0xff])] {
            store
                .execute(
                    "INSERT INTO scrape VALUES (?1, 5, 'redis', 6, ?2, 1)",
                    params![id, body],
                )
                .unwrap();
        }
        let (back, read) = all(&store);
        assert_eq!((back, read.broken), (vec![good], 3));
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            samples in prop::collection::vec((any::<i64>(), any::<u64>()), 0..40),
        ) {
            let samples: Vec<_> = samples
                .into_iter()
                .map(|(number, bits)| (number, f64::from_bits(bits)))
                .collect();
            let back = unpack(&pack(&samples)).unwrap();
            let bits = |samples: &[(i64, f64)]| -> Vec<_> {
                samples.iter().map(|(number, value)| (*number, value.to_bits())).collect()
            };
            prop_assert_eq!(bits(&back), bits(&samples));
        }

        #[test]
        fn no_blob_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack(&bytes);
        }
    }
}
