//! Reports of users, counted for rules and for our own metrics.

use std::sync::Arc;

use prometheus::{IntCounterVec, Opts, Registry};
use tokio::sync::watch;

use crate::model::board::Board;
use crate::model::request::samples::report_count::{REPORTS, ReportCounts};

/// Counts reports; a clone counts into the same.
#[derive(Clone, Debug)]
pub struct ReportCounter {
    counts: Arc<watch::Sender<ReportCounts>>,
    metric: IntCounterVec,
}

impl ReportCounter {
    /// Makes the counter part of our own metrics.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let help = "Accepted reports of users, by component; empty if the report names none.";
        let metric = IntCounterVec::new(Opts::new(REPORTS, help), &["component"])?;
        registry.register(Box::new(metric.clone()))?;
        let counts = Arc::default();
        Ok(Self { counts, metric })
    }

    /// Counts the components of a board from now on, and forgets the others.
    ///
    /// Each begins at nothing: a counter that begins at one shows no growth.
    pub fn track(&self, board: &Board) {
        let ids = board.components.iter().map(|state| &*state.component.id.0);
        let ids = ids.chain([""]);
        self.counts.send_modify(|counts| {
            let with_count =
                |id: &str| (id.to_owned(), counts.get(id).copied().unwrap_or_default());
            *counts = ids.map(with_count).collect();
            self.metric.reset();
            for (id, count) in &*counts {
                let counter = self.metric.with_label_values(&[id]);
                counter.inc_by((*count).into());
            }
        });
    }

    /// Counts a report on one of the components.
    pub fn add(&self, component: &str) {
        self.counts.send_if_modified(|counts| {
            let count = counts.get_mut(component);
            count.is_some_and(|count| {
                *count = count.saturating_add(1);
                self.metric.with_label_values(&[component]).inc();
                true
            })
        });
    }

    /// All that was counted.
    pub fn read(&self) -> watch::Receiver<ReportCounts> {
        self.counts.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::fixtures::{self, component};

    use super::*;

    fn board(ids: &[&str]) -> Board {
        let components = ids.iter().map(|id| component(id, &id.to_uppercase()));
        fixtures::board(Timestamp::UNIX_EPOCH, components)
    }

    #[test]
    fn other_settings_keep_the_counts_of_what_stays() {
        let registry = Registry::new();
        let counter = ReportCounter::register(&registry).unwrap();
        let counts = || {
            let counts = counter.read();
            let counts = counts.borrow();
            let counts = counts.iter().map(|(id, count)| format!("{id}={count}"));
            counts.collect::<Vec<_>>().join(" ")
        };
        counter.track(&board(&["api", "cache"]));
        assert_eq!(counts(), "=0 api=0 cache=0");
        for id in ["api", "", "api", "cache", "nothing"] {
            counter.add(id);
        }
        assert_eq!(counts(), "=1 api=2 cache=1");
        counter.track(&board(&["api", "worker"]));
        assert_eq!(counts(), "=1 api=2 worker=0");
        let metrics = registry.gather();
        let metrics = metrics[0].get_metric().iter();
        let values: Vec<_> = metrics.map(|one| one.get_counter().get_value()).collect();
        assert_eq!(values, [1.0, 2.0, 0.0]);
    }
}
