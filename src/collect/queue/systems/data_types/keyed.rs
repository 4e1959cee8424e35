//! Queues that the settings name by a key or a pattern of keys.

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::discovery::Shape;
use crate::collect::queue::reading::names::NonEmptyText;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::QueueSamples;
use crate::collect::queue::reading::tracked::Tracked;

/// Keys, the label of each, and what is remembered of it.
#[derive(Debug)]
pub(crate) struct KeyedQueues<T> {
    /// The label of the only key; others are labelled with the key itself.
    name: Option<String>,
    tracked: Tracked<T>,
}

impl<T: Default> KeyedQueues<T> {
    /// Tracks one key, or all keys of a type that match a pattern.
    pub(crate) fn new(
        name: Option<NonEmptyText>,
        key: Option<NonEmptyText>,
        pattern: Option<NonEmptyText>,
        kind: &'static str,
    ) -> Self {
        let name = name.filter(|_| pattern.is_none()).map(|word| word.0);
        let (key, pattern) = (key.map(|word| word.0), pattern.map(|word| word.0));
        Self {
            name,
            tracked: Tracked::matching_or_named(pattern, key, kind, Shape::default()),
        }
    }

    /// The question that discovers more keys.
    pub(crate) fn question(&self) -> Option<Question> {
        self.tracked.question()
    }

    /// All keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Vec<u8>, &T)> {
        self.tracked.iter()
    }

    /// All keys with their labels.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Vec<u8>, String, &mut T)> {
        let name = &self.name;
        self.tracked.iter_mut().map(move |(key, state)| {
            let label = name.clone().unwrap_or_else(|| printable(key));
            (key, label, state)
        })
    }

    /// Reads which keys were discovered, and adds how many exceed the limit.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        self.tracked.read(answers);
        self.tracked.report_beyond_limit(samples);
    }
}
