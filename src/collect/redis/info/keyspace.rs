//! Keys by database: how many, how many of them end by themselves, and when.

use std::collections::BTreeSet;

use crate::collect::redis::info::sections::{self, Info};
use crate::model::sample::{Metric, Sample};

/// The metric that says that a database has or had keys.
pub(crate) const KEYS: &str = "redis_db_keys";

/// Figures of a database: name within the field, metric, and what it is to be
/// multiplied with.
///
/// `KeyDB` tells what it keeps in memory of what is on disk. `redis_exporter`
/// takes whatever stands in the fourth place for it, which is another thing in
/// Redis 7.4.
const FIGURES: [(&str, &str, f64); 4] = [
    ("keys", KEYS, 1.0),
    ("expires", "redis_db_keys_expiring", 1.0),
    ("avg_ttl", "redis_db_avg_ttl_seconds", 1e-3),
    ("cached_keys", "redis_db_keys_cached", 1.0),
];

/// More databases than this are not told apart.
const DATABASES: usize = 64;

/// Samples of each database that has keys, and zeros for one that had some.
///
/// Redis does not list a database without keys; a rule that watches for a
/// flush needs the zero.
pub(crate) fn samples(info: &Info<'_>, seen: &mut BTreeSet<u32>) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut listed = BTreeSet::new();
    for (rest, value) in info.family("db") {
        let Some(number) = database(rest).filter(|_| sections::part(value, "keys").is_some())
        else {
            continue;
        };
        if listed.len() < DATABASES && listed.insert(number) {
            let name = format!("db{number}");
            samples.extend(FIGURES.iter().filter_map(|(part, metric, factor)| {
                let value = sections::part(value, part)? * factor;
                Some(Sample::new(*metric, [("db", &*name)], value))
            }));
        }
    }
    // A text that is no answer at all says nothing of any database.
    if info.text("run_id").is_some() {
        for number in seen.difference(&listed) {
            let name = format!("db{number}");
            let zeros = FIGURES[..2].iter();
            samples.extend(zeros.map(|(_, metric, _)| Sample::new(*metric, [("db", &*name)], 0.0)));
        }
    }
    seen.extend(listed);
    samples
}

/// The database of a series that says that it has or had keys.
pub(crate) fn seen(metric: &Metric) -> Option<u32> {
    let name = metric.labels.get("db").filter(|_| metric.name == KEYS)?;
    database(name.strip_prefix("db")?)
}

fn database(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let usual = text == "0" || !text.starts_with('0');
    (plain && usual).then(|| text.parse().ok()).flatten()
}
