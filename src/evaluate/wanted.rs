//! Which metrics are remembered: those that somebody asks for.

use std::collections::BTreeSet;

use crate::evaluate::rules::rule::Rule;
use crate::model::request::samples::push::{ALERT_COMPANIONS, ALERTS};
use crate::model::sample::{INCOMPLETE, Metric, Sample, Scrape, UP};

/// The names of metrics; `None` if one may ask for any.
#[derive(Clone, Debug)]
pub(crate) struct WantedMetrics(Option<BTreeSet<String>>);

impl WantedMetrics {
    /// What rules ask for, and what tells which collectors fail, to us and to the next start.
    pub(crate) fn of(rules: &[Rule]) -> Self {
        let mut names: BTreeSet<_> = rules.iter().flat_map(Rule::metric_names).collect();
        let any = names.contains("");
        names.extend([UP, INCOMPLETE].map(str::to_owned));
        if names.contains(ALERTS) {
            names.extend(ALERT_COMPANIONS.map(str::to_owned));
        }
        Self((!any).then_some(names))
    }

    /// Further ones; an empty name is any.
    pub(crate) fn add(&mut self, names: impl IntoIterator<Item = String>) {
        let names: BTreeSet<_> = names.into_iter().collect();
        if names.contains("") {
            self.0 = None;
        } else if let Some(wanted) = &mut self.0 {
            wanted.extend(names);
        }
    }

    /// The names; `None` is every one.
    pub(crate) fn names(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }

    /// Leaves in a scrape what is wanted, and gives back what else is watched.
    pub(crate) fn keep(
        &self,
        scrape: &mut Scrape,
        is_watched: impl Fn(&Metric) -> bool,
    ) -> Vec<Sample> {
        let mut further = Vec::new();
        if let Some(wanted) = &self.0 {
            scrape.samples.retain(|sample| {
                let is_wanted = wanted.contains(&sample.metric.name);
                if !is_wanted && is_watched(&sample.metric) {
                    further.push(sample.clone());
                }
                is_wanted
            });
        }
        further
    }
}
