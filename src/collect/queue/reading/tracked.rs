//! The queues or workers of one table, named or discovered, with the state of each.

use std::collections::BTreeMap;

use crate::collect::queue::reading::answers::{Answers, from_count};
use crate::collect::queue::reading::discovery::{Discovery, Shape, literal};
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::QueueSamples;

/// How many queues one table may discover.
pub(crate) const QUEUES: usize = 500;

/// How many workers are looked at one by one.
pub(crate) const WORKERS: usize = 500;

/// Names, and what is remembered of each.
#[derive(Debug, Default)]
pub(crate) struct Tracked<T> {
    discovery: Option<Discovery>,
    /// The pattern of the settings by which names are discovered.
    pattern: Option<String>,
    entries: BTreeMap<Vec<u8>, T>,
}

impl<T: Default> Tracked<T> {
    /// The names from the settings.
    pub(crate) fn named(names: impl IntoIterator<Item = String>) -> Self {
        Self {
            discovery: None,
            pattern: None,
            entries: names
                .into_iter()
                .map(|name| (name.into_bytes(), T::default()))
                .collect(),
        }
    }

    /// Names that are discovered.
    pub(crate) fn discovered(discovery: Discovery) -> Self {
        Self {
            discovery: Some(discovery),
            pattern: None,
            entries: BTreeMap::new(),
        }
    }

    /// The names from the settings; without any, those that are discovered.
    pub(crate) fn named_or_discovered(names: Vec<String>, discovery: Discovery) -> Self {
        if names.is_empty() {
            Self::discovered(discovery)
        } else {
            Self::named(names)
        }
    }

    /// Names of keys of type `kind` that match the pattern from the settings;
    /// without a pattern, the names from the settings.
    pub(crate) fn matching_or_named(
        pattern: Option<String>,
        names: impl IntoIterator<Item = String>,
        kind: &'static str,
        shape: Shape,
    ) -> Self {
        let Some(pattern) = pattern else {
            return Self::named(names);
        };
        let keys = [
            &literal(&shape.before)[..],
            pattern.as_bytes(),
            shape.after.as_bytes(),
        ]
        .concat();
        Self {
            pattern: Some(pattern),
            ..Self::discovered(Discovery::in_keys(keys, kind, shape, QUEUES))
        }
    }

    /// The question that discovers more names.
    pub(crate) fn question(&self) -> Option<Question> {
        self.discovery.as_ref().map(Discovery::question)
    }

    /// Reads which names were discovered, if Redis answered. Call it last: an
    /// entry can be read only after it was asked for.
    pub(crate) fn read(&mut self, answers: &mut Answers) {
        let Some(discovery) = &mut self.discovery else {
            return;
        };
        if !discovery.read(answers) {
            return;
        }
        self.entries.retain(|name, _| discovery.has(name));
        for name in discovery.names() {
            if !self.entries.contains_key(name) {
                self.entries.insert(name.clone(), T::default());
            }
        }
    }

    /// Adds how many queues exist beyond those that are watched.
    pub(crate) fn report_beyond_limit(&self, samples: &mut QueueSamples) {
        let Some(discovery) = &self.discovery else {
            return;
        };
        let beyond = discovery.beyond();
        let labels = self.pattern.iter().map(|pattern| ("pattern", &**pattern));
        let labels: Vec<_> = labels.collect();
        samples.add("queue_found_beyond_limit", &labels, from_count(beyond));
        if beyond > 0 {
            samples.faults.insert(format!(
                "more than {QUEUES} queues were found; the rest is not watched: name those that matter"
            ));
        }
    }

    /// Whether the list is complete: counts over a part of it would be too low.
    pub(crate) fn is_whole(&self) -> bool {
        self.discovery.as_ref().is_none_or(Discovery::is_whole)
    }

    /// Adds a fault if there are too many workers to count them.
    pub(crate) fn report_uncounted(&self, samples: &mut QueueSamples) {
        if self.discovery.as_ref().is_some_and(|of| of.beyond() > 0) {
            samples.faults.insert(format!(
                "more than {WORKERS} workers are listed, so those that live are not counted"
            ));
        }
    }

    /// All entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Vec<u8>, &T)> {
        self.entries.iter()
    }

    /// All entries, mutable.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Vec<u8>, &mut T)> {
        self.entries.iter_mut()
    }
}
