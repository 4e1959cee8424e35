//! How each collector fares; for operators.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

/// How a collector fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectorHealth {
    /// Its name in the settings.
    pub name: String,
    /// When its last scrape or probe ended.
    pub at: Timestamp,
    /// How long that took.
    pub took: Duration,
    /// How many samples it brought.
    pub samples: usize,
    /// When one succeeded last.
    pub succeeded: Option<Timestamp>,
    /// Since when they fail, and why the last one did.
    pub failing: Option<(Timestamp, String)>,
}

/// The states of all collectors, which they write and others read.
#[derive(Clone, Debug, Default)]
pub struct CollectorStates(Arc<watch::Sender<BTreeMap<String, Option<CollectorHealth>>>>);

impl CollectorStates {
    /// Every collector by its name; nothing is known of one that was not asked yet.
    pub fn newest(&self) -> BTreeMap<String, Option<CollectorHealth>> {
        self.0.borrow().clone()
    }

    /// Takes notice of a scrape that has ended.
    pub fn note(
        &self,
        name: &str,
        at: Timestamp,
        (took, samples): (Duration, usize),
        failure: Option<String>,
    ) {
        self.0.send_modify(|states| {
            let before = states.get_mut(name).and_then(Option::take);
            let failing = failure.map(|reason| {
                let before = before.as_ref().and_then(|before| before.failing.as_ref());
                (before.map_or(at, |(since, _)| *since), reason)
            });
            let succeeded = if failing.is_none() {
                Some(at)
            } else {
                before.and_then(|before| before.succeeded)
            };
            let state = CollectorHealth {
                name: name.to_owned(),
                at,
                took,
                samples,
                succeeded,
                failing,
            };
            states.insert(name.to_owned(), Some(state));
        });
    }

    /// Knows these collectors and no others.
    pub fn know<'n>(&self, names: impl Iterator<Item = &'n String>) {
        let names: Vec<_> = names.collect();
        self.0.send_modify(|states| {
            states.retain(|name, _| names.contains(&name));
            for name in names {
                states.entry(name.clone()).or_default();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_lasts_since_the_first_one_and_forgets_no_success() {
        let states = CollectorStates::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let names = ["redis".to_owned(), "web".to_owned()];
        states.know(names.iter());
        let note = |second, failure: Option<&str>| {
            let measured = (Duration::from_millis(3), 7);
            states.note("redis", at(second), measured, failure.map(str::to_owned));
            states.newest()["redis"].clone().unwrap()
        };
        assert_eq!(note(1, None).failing, None);
        note(2, Some("no answer in time"));
        let last = note(3, Some("refused"));
        assert_eq!(last.failing, Some((at(2), "refused".to_owned())));
        assert_eq!(last.succeeded, Some(at(1)));
        assert_eq!(states.newest()["web"], None);
        states.know(names[1..].iter());
        assert_eq!(states.newest().len(), 1);
    }
}
