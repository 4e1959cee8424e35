//! Starts of processes, and counters of restarts, compared with what they were.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::changes::age::is_forgotten;
use crate::model::sample::{Metric, Scrape};

/// Clocks of two machines may differ by so much.
const SKEW: Duration = Duration::from_mins(1);

/// Starts that are computed from a moment and an age are not exact.
const EXACT: f64 = 2.0;

/// Series of one collector that are compared.
const SERIES: usize = 1000;

/// What pages of exporters begin their metrics with: the process that such a
/// page tells of is the exporter, which is no part of the service.
const EXPORTERS: [&str; 5] = ["redis_", "namedprocess_", "node_", "container_", "probe_"];

/// Whether a metric is the start of a process or of the oldest one of a group.
pub(crate) fn is_start(name: &str) -> bool {
    matches!(
        name,
        "process_start_time_seconds" | "namedprocess_namegroup_oldest_start_time_seconds"
    )
}

/// Whether a metric counts restarts.
pub(crate) fn is_restarts(name: &str) -> bool {
    name.ends_with("_restarts_total") || name.ends_with("_restart_total")
}

/// What was seen last of each series.
#[derive(Debug, Default)]
pub(crate) struct Processes {
    values: HashMap<Metric, (Timestamp, f64)>,
}

impl Processes {
    /// When processes were restarted since the scrape before.
    pub(crate) fn compare(&mut self, scrape: &Scrape) -> Vec<Timestamp> {
        let at = scrape.at;
        let mut is_exporter = None;
        let mut restarts = Vec::new();
        for sample in &scrape.samples {
            let (name, value) = (&*sample.metric.name, sample.value);
            let starts = is_start(name);
            if !(starts || is_restarts(name)) || !value.is_finite() {
                continue;
            }
            if name == "process_start_time_seconds"
                && *is_exporter.get_or_insert_with(|| exports(scrape))
            {
                continue;
            }
            let full = self.values.len() >= SERIES;
            match self.values.get_mut(&sample.metric) {
                Some(known) => {
                    let restart = if starts {
                        started(*known, (at, value))
                    } else {
                        (value > known.1).then_some(at)
                    };
                    restarts.extend(restart.filter(|_| !is_forgotten(known.0, at)));
                    // Behind one address there may be several processes in
                    // turns: what is older than another is no news.
                    let highest = if starts { value.max(known.1) } else { value };
                    *known = (at, highest);
                }
                None if full => {}
                None => {
                    self.values.insert(sample.metric.clone(), (at, value));
                }
            }
        }
        if self.values.len() >= SERIES {
            self.values.retain(|_, (last, _)| !is_forgotten(*last, at));
        }
        restarts
    }
}

/// The start of a process, if it began after the last look at the one before.
fn started((last, before): (Timestamp, f64), (now, start): (Timestamp, f64)) -> Option<Timestamp> {
    let since_epoch = Duration::try_from_secs_f64(start).ok()?;
    let began = Timestamp::UNIX_EPOCH.checked_add(since_epoch).ok()?;
    let later = began.checked_add(SKEW).is_ok_and(|began| began >= last);
    (start > before + EXACT && later).then(|| began.clamp(last.min(now), now))
}

fn exports(scrape: &Scrape) -> bool {
    let mut names = scrape.samples.iter().map(|sample| &*sample.metric.name);
    names.any(|name| EXPORTERS.iter().any(|prefix| name.starts_with(prefix)))
}
