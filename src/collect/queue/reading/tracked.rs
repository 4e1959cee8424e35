//! The queues or workers of one table, named or found, each with its memory.

use std::collections::BTreeMap;

use crate::collect::queue::reading::answers::{Answers, from_count};
use crate::collect::queue::reading::discovery::FoundNames;
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::QueueSamples;

/// How many queues one table may find.
pub const QUEUES: usize = 500;

/// How many workers are looked at one by one.
pub const WORKERS: usize = 500;

/// Names, and what is remembered of each.
#[derive(Debug, Default)]
pub struct Roster<T> {
    found: Option<FoundNames>,
    of: BTreeMap<Vec<u8>, T>,
}

impl<T: Default> Roster<T> {
    /// Those that the settings name.
    pub fn named(names: impl IntoIterator<Item = String>) -> Self {
        Self {
            found: None,
            of: names
                .into_iter()
                .map(|name| (name.into_bytes(), T::default()))
                .collect(),
        }
    }

    /// Those that are found.
    pub fn found(found: FoundNames) -> Self {
        Self {
            found: Some(found),
            of: BTreeMap::new(),
        }
    }

    /// What to ask to find more of them.
    pub fn question(&self) -> Option<Question> {
        self.found.as_ref().map(FoundNames::question)
    }

    /// Reads what was found, if Redis said anything. To be called last, so that
    /// each one is read only after it was asked for.
    pub fn read(&mut self, answers: &mut Answers) {
        let Some(found) = &mut self.found else { return };
        if !found.read(answers) {
            return;
        }
        self.of.retain(|name, _| found.has(name));
        for name in found.names() {
            if !self.of.contains_key(name) {
                self.of.insert(name.clone(), T::default());
            }
        }
    }

    /// Says how many queues there are beyond those that are watched.
    pub fn tell_beyond(&self, figures: &mut QueueSamples, labels: &[(&str, &str)]) {
        let Some(found) = &self.found else { return };
        let beyond = found.beyond();
        figures.add("queue_found_beyond_limit", labels, from_count(beyond));
        if beyond > 0 {
            figures.faults.insert(format!(
                "more than {QUEUES} queues were found; the rest is not watched: name those that matter"
            ));
        }
    }

    /// Whether these are all that there are: what is counted among fewer would
    /// be too little.
    pub fn is_whole(&self) -> bool {
        self.found.as_ref().is_none_or(FoundNames::is_whole)
    }

    /// Says that there are too many workers to be counted, if so.
    pub fn tell_uncounted(&self, figures: &mut QueueSamples) {
        if self.found.as_ref().is_some_and(|found| found.beyond() > 0) {
            figures.faults.insert(format!(
                "more than {WORKERS} workers are listed, so those that live are not counted"
            ));
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&Vec<u8>, &T)> {
        self.of.iter()
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Vec<u8>, &mut T)> {
        self.of.iter_mut()
    }
}
