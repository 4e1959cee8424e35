//! What was done to the service, as samples show it: restarts, flushes, limits.
//!
//! An event must be true. So nothing is concluded from what is seen for the
//! first time, from what is missing, or from a counter that fell; and a restart
//! is one only if the new life began after the last look at the old one: a
//! start that lies further back is another server, or another process behind
//! the same address.

pub mod age;
pub mod keys;
pub mod process;
pub mod server;
pub mod storm;
pub mod wording;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::evaluate::changes::keys::KeyCounts;
use crate::evaluate::changes::process::Processes;
use crate::evaluate::changes::server::{Happening, Server, ServerView};
use crate::evaluate::changes::storm::Storm;
use crate::evaluate::changes::wording::Subject;
use crate::language::speech::Speech;
use crate::model::component::Component;
use crate::model::event::{Event, EventKind, EventSource, SeenChange};
use crate::model::sample::{CollectorId, Metric, Scrape};
use crate::model::text::language::Language;

/// Servers of one collector.
const SERVERS: usize = 500;

/// Labels that tell parts and properties of one server apart, not servers.
const WITHIN: [&str; 12] = [
    "cmd",
    "db",
    "maxmemory_policy",
    "os",
    "process_id",
    "redis_build_id",
    "redis_mode",
    "redis_version",
    "role",
    "run_id",
    "tcp_port",
    "valkey_version",
];

/// Whether a change can be seen by this metric, so that its last value must be
/// known after a restart of the monitor.
pub(crate) fn is_watched(metric: &Metric) -> bool {
    match &*metric.name {
        "redis_commands_total" => metric.labels.get("cmd").is_some_and(|cmd| {
            // That other commands are counted tells that these are zero.
            matches!(&**cmd, "flushall" | "flushdb" | "info")
        }),
        "redis_up"
        | "redis_uptime_in_seconds"
        | "redis_instance_info"
        | "redis_memory_max_bytes"
        | "redis_db_keys"
        | "redis_loading_dump_file" => true,
        name => process::is_start(name) || process::is_restarts(name),
    }
}

/// What was seen last, by collector.
#[derive(Debug)]
pub(crate) struct Changes {
    subjects: BTreeMap<CollectorId, Vec<Component>>,
    speech: Arc<Speech>,
    known: BTreeMap<CollectorId, LastSeen>,
}

/// What was seen last of one collector.
#[derive(Debug, Default)]
struct LastSeen {
    servers: BTreeMap<Vec<(String, String)>, Server>,
    keys: KeyCounts,
    processes: Processes,
    restarts: Storm,
    flushes: Storm,
    /// The scrape before.
    last: Option<Timestamp>,
}

impl Changes {
    /// Starts with nothing seen; the events of a collector concern its components.
    pub(crate) fn new(subjects: BTreeMap<CollectorId, Vec<Component>>, language: Language) -> Self {
        Self {
            subjects,
            speech: Speech::of(language),
            known: BTreeMap::new(),
        }
    }

    /// Forgets all that was seen: it was measured by another clock.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    /// Compares a scrape with the one before.
    pub(crate) fn compare_all(&mut self, scrape: &Scrape) -> Vec<SeenChange> {
        let known = self.known.entry(scrape.collector.clone()).or_default();
        let found = known.compare(scrape);
        if found.is_empty() {
            return Vec::new();
        }
        let subject = |is_store| Subject {
            components: self.subjects.get(&scrape.collector).map_or(&[], |all| all),
            is_store,
            speech: &self.speech,
        };
        let seen = found.into_iter().filter_map(|found| {
            let (kind, text) = found.describe(subject);
            Some(SeenChange {
                event: Event {
                    kind,
                    components: subject(true).ids(),
                    source: EventSource::Collector(scrape.collector.clone()),
                    ..Event::new(found.at, &text, scrape.at).ok()?
                },
                since: found.since,
            })
        });
        seen.collect()
    }
}

/// Something that happened, when, and when it was looked last before it.
#[derive(Clone, Copy, Debug)]
struct FoundChange {
    what: What,
    at: Timestamp,
    since: Timestamp,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Restart { is_store: bool, more: Option<u32> },
    Flush { more: Option<u32> },
    Collapse,
    Limit { from: f64, to: f64 },
}

impl FoundChange {
    fn describe<'s>(&self, subject: impl Fn(bool) -> Subject<'s>) -> (EventKind, String) {
        match self.what {
            What::Restart { is_store, more } => {
                (EventKind::Restart, subject(is_store).restarted(more))
            }
            What::Flush { more } => (EventKind::Flush, subject(true).flushed(more)),
            What::Collapse => (EventKind::Flush, subject(true).collapsed()),
            What::Limit { from, to } => (EventKind::Limit, subject(true).limited(from, to)),
        }
    }
}

impl LastSeen {
    fn compare(&mut self, scrape: &Scrape) -> Vec<FoundChange> {
        let at = scrape.at;
        let since = self.last.replace(at).unwrap_or(at);
        let mut found = Vec::new();
        let (mut restarts, mut flush) = (Vec::new(), None);
        for happening in self.servers(scrape) {
            match happening {
                Happening::Restart(start) => restarts.push((start, true)),
                Happening::Flush => flush = Some(What::Flush { more: None }),
                Happening::Limit { from, to, since } => found.push(FoundChange {
                    what: What::Limit { from, to },
                    at,
                    since,
                }),
            }
        }
        let processes = self.processes.compare(scrape);
        restarts.extend(processes.into_iter().map(|start| (start, false)));
        if !restarts.is_empty() {
            self.keys.forget();
        }
        if self.keys.collapsed(scrape) {
            flush = flush.or(Some(What::Collapse));
        }
        let is_store = restarts.first().is_none_or(|(_, is_store)| *is_store);
        let starts = restarts.into_iter().map(|(start, _)| start);
        let happened = self.restarts.report(starts, at);
        found.extend(happened.map(|(at, more)| FoundChange {
            what: What::Restart { is_store, more },
            at,
            since,
        }));
        let happened = self.flushes.report(flush.map(|_| at), at);
        found.extend(happened.map(|(at, more)| FoundChange {
            what: match (more, flush) {
                (None, Some(what)) => what,
                _ => What::Flush { more },
            },
            at,
            since,
        }));
        found
    }

    /// What happened to the servers that the scrape tells of.
    fn servers(&mut self, scrape: &Scrape) -> Vec<Happening> {
        let mut views: BTreeMap<Vec<(String, String)>, ServerView<'_>> = BTreeMap::new();
        let redis = scrape.samples.iter();
        for sample in redis.filter(|sample| sample.metric.name.starts_with("redis_")) {
            let wanted = sample.metric.name == "redis_commands_total" || is_watched(&sample.metric);
            if wanted && sample.value.is_finite() {
                let labels = sample.metric.labels.iter();
                let server = labels
                    .filter(|(name, _)| !WITHIN.contains(&&***name))
                    .map(|(name, value)| (name.clone(), value.clone()));
                views.entry(server.collect()).or_default().add(sample);
            }
        }
        let mut happened = Vec::new();
        for (labels, view) in views {
            let full = self.servers.len() >= SERVERS && !self.servers.contains_key(&labels);
            if let Some(present) = view.server(scrape.at).filter(|_| !full) {
                let (change, is_other) = match self.servers.get(&labels) {
                    Some(before) => before.compare(&present),
                    None => (Vec::new(), true),
                };
                happened.extend(change);
                if is_other {
                    self.keys.forget();
                }
                let before = self.servers.remove(&labels);
                self.servers.insert(labels, present.after(before.as_ref()));
            }
        }
        let old = |server: &Server| server.is_forgotten(scrape.at);
        self.servers.retain(|_, server| !old(server));
        happened
    }
}
