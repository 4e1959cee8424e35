//! Keys of a Redis that may tell of queues.

use std::collections::BTreeMap;

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
pub(crate) const FIXED: [&str; 11] = [
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
];

/// Whether the name of a key may tell of a queue.
pub(crate) fn is_telling(key: &str) -> bool {
    let last = key.rsplit(':').next().unwrap_or_default();
    key.contains("queue")
        || key.contains("horizon:")
        || key.contains("_kombu.binding.")
        || key.starts_with("stat:")
        || FIXED.contains(&key)
        || ["processes", "workers"].contains(&last)
        || key.matches(':').count() >= 2 && BULLMQ.contains(&last)
}
