//! How many keys there are, and whether most of them went within a minute.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::sample::{Sample, Scrape};

/// How far it is looked back, as the rule `redis-keyspace-collapse` does.
const SPAN: Duration = Duration::from_mins(1);

/// Fewer keys come and go as they like.
const MANY: f64 = 1000.0;

/// The part that must be left.
const LEFT: f64 = 0.5;

/// Looks that are remembered; who looks more often remembers less.
const LOOKS: usize = 1000;

/// The numbers of a minute, all servers of a collector together: keys move
/// from one server of a cluster to another.
#[derive(Debug, Default)]
pub(crate) struct KeyCounts {
    counts: VecDeque<(Timestamp, f64)>,
    servers: BTreeSet<String>,
}

impl KeyCounts {
    /// Forgets what was counted: it was of other servers, or of another life.
    pub(crate) fn forget(&mut self) {
        self.counts.clear();
    }

    /// Takes a scrape in; whether more than half of many keys went within a minute.
    pub(crate) fn collapsed(&mut self, scrape: &Scrape) -> bool {
        let named = |name: &'static str| {
            let samples = scrape.samples.iter();
            samples.filter(move |sample| sample.metric.name == name)
        };
        let instance = |sample: &Sample| {
            let labels = &sample.metric.labels;
            labels.get("instance").cloned().unwrap_or_default()
        };
        // Who does not answer, or still reads its file, has not lost anything.
        let absent = named("redis_up").any(|sample| sample.value < 1.0)
            || named("redis_loading_dump_file").any(|sample| sample.value > 0.0);
        let servers: BTreeSet<_> = named("redis_db_keys").map(instance).collect();
        if absent || servers.is_empty() {
            return false;
        }
        if servers != self.servers {
            self.forget();
            self.servers = servers;
        }
        let count: f64 = named("redis_db_keys").map(|sample| sample.value).sum();
        let from = scrape.at.checked_sub(SPAN).unwrap_or(Timestamp::MIN);
        self.counts.retain(|(at, _)| *at > from);
        let most = self.counts.iter().map(|(_, count)| *count);
        let most = most.fold(0.0, f64::max);
        let collapsed = most > MANY && count < LEFT * most;
        if collapsed || self.counts.len() >= LOOKS {
            self.forget();
        }
        if count.is_finite() {
            self.counts.push_back((scrape.at, count));
        }
        collapsed
    }
}
