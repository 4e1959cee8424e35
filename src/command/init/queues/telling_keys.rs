//! Keys of a Redis that may tell of queues.

use std::collections::{BTreeMap, BTreeSet};

/// The type of a key, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedisKeyKind {
    /// A text.
    Text,
    /// A list.
    List,
    /// A set.
    Set,
    /// A sorted set.
    SortedSet,
    /// A hash.
    Hash,
    /// A stream.
    Stream,
    /// Anything else.
    Other,
}

impl RedisKeyKind {
    /// Reads Redis' word.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "string" => Self::Text,
            "list" => Self::List,
            "set" => Self::Set,
            "zset" => Self::SortedSet,
            "hash" => Self::Hash,
            "stream" => Self::Stream,
            _ => Self::Other,
        }
    }
}

/// The keys that tell of queues, with their types, and the groups of streams.
#[derive(Clone, Debug, Default)]
pub(crate) struct TellingKeys {
    /// Keys with their types.
    pub(crate) kinds: BTreeMap<String, RedisKeyKind>,
    /// Consumer groups of streams.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// Names of queues in Horizon's own records, by its prefix.
    pub(crate) horizon: BTreeMap<String, BTreeSet<String>>,
    /// Prefixes of Laravel, of whatever keys.
    pub(crate) laravel_prefixes: BTreeSet<String>,
}

impl TellingKeys {
    /// Whether a key is of a type.
    pub(crate) fn is(&self, key: &str, kind: RedisKeyKind) -> bool {
        self.kinds.get(key) == Some(&kind)
    }

    /// The keys of a type.
    pub(crate) fn of(&self, kind: RedisKeyKind) -> impl Iterator<Item = &str> {
        let kinds = self.kinds.iter();
        kinds
            .filter(move |(_, one)| **one == kind)
            .map(|(key, _)| key.as_str())
    }

    /// The prefixes of Horizon.
    pub(crate) fn horizon_prefixes(&self) -> BTreeSet<String> {
        let keys = self.kinds.keys();
        let found = keys.filter_map(|key| {
            let (prefix, rest) = horizon_key(key)?;
            HORIZON.contains(&rest).then(|| prefix.to_owned())
        });
        found.collect()
    }
}

/// What Horizon keeps, whatever the queues.
const HORIZON: [&str; 7] = [
    "masters",
    "supervisors",
    "measured_queues",
    "measured_jobs",
    "recent_jobs",
    "completed_jobs",
    "pending_jobs",
];

/// What Horizon keeps for each supervisor, and for each queue that it measured.
pub(crate) const HORIZON_RECORDS: [&str; 2] = ["supervisor:", "queue:"];

/// A key of Horizon as its prefix and what stands behind it.
pub(crate) fn horizon_key(key: &str) -> Option<(&str, &str)> {
    let end = key.find("horizon:")? + "horizon:".len();
    Some(key.split_at(end))
}

/// What Laravel puts before all keys of an application, unless told otherwise:
/// `shop_database_`, or `shop-database-` in newer ones.
pub(crate) fn laravel_prefix(key: &str) -> Option<&str> {
    let words = ["_database_", "-database-"].iter();
    let ends = words.filter_map(|word| Some(key.find(word)? + word.len()));
    ends.min().map(|end| &key[..end])
}

/// The last words of `BullMQ`'s keys.
const BULLMQ: [&str; 11] = [
    "meta",
    "id",
    "wait",
    "active",
    "paused",
    "events",
    "completed",
    "failed",
    "delayed",
    "prioritized",
    "marker",
];

/// Keys that exist in every installation of a system, which are asked for by name
/// where there are too many keys to look at each.
pub(crate) const FIXED: [&str; 14] = [
    "queues",
    "processes",
    "stat:processed",
    "rq:queues",
    "rq:workers",
    "resque:queues",
    "resque:workers",
    "celery",
    "unacked",
    "_kombu.binding.celery",
    "schedule",
    "arq:queue",
    "arq:queue:health-check",
    "dramatiq:__heartbeats__",
];

/// Whether the name of a key may tell of a queue.
pub(crate) fn is_telling(key: &str) -> bool {
    // Horizon has a key for each recent job, which tells of nothing.
    if let Some((_, rest)) = horizon_key(key) {
        return HORIZON.contains(&rest)
            || HORIZON_RECORDS.iter().any(|word| rest.starts_with(word));
    }
    let last = key.rsplit(':').next().unwrap_or_default();
    key.contains("queue")
        || key.contains("_kombu.binding.")
        || key.starts_with("stat:")
        || key.starts_with("dramatiq:")
        || key.contains(":__acks__.")
        || last.strip_suffix(".msgs").is_some()
        || FIXED.contains(&key)
        || ["processes", "workers", "__heartbeats__", "health-check"].contains(&last)
        || key.matches(':').count() >= 2 && BULLMQ.contains(&last)
}
