//! What is kept of a page: labels put on, relabeled, each series once.

use std::collections::{BTreeMap, HashSet};

use crate::collect::page::exposition::PageError;
use crate::collect::page::relabel::RelabelRule;
use crate::model::sample::{INCOMPLETE, Metric, Sample};
use crate::model::series::label::{self, METRIC_NAME};

/// What is told of a scrape without any label but `job`; a page that brings the
/// same must not say in our place whether it was up.
pub(crate) const OURS: [&str; 6] = [
    "up",
    INCOMPLETE,
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_samples_duplicate",
];

/// Samples of one scrape.
#[derive(Debug)]
pub(crate) struct PageScrape<'s> {
    job: &'s str,
    fixed: &'s BTreeMap<String, String>,
    relabel: &'s [RelabelRule],
    /// More series are refused.
    most: usize,
    scraped: u32,
    samples: Vec<Sample>,
}

impl<'s> PageScrape<'s> {
    /// Starts with nothing.
    pub(crate) fn new(
        job: &'s str,
        fixed: &'s BTreeMap<String, String>,
        relabel: &'s [RelabelRule],
        most: usize,
    ) -> Self {
        Self {
            job,
            fixed,
            relabel,
            most,
            scraped: 0,
            samples: Vec::new(),
        }
    }

    /// Takes a sample in.
    pub(crate) fn take(&mut self, sample: Sample) -> Result<(), PageError> {
        self.scraped = self.scraped.saturating_add(1);
        if let Some(metric) = self.rewrite(sample.metric) {
            if self.samples.len() >= self.most {
                return Err(PageError::Series(self.most));
            }
            self.samples.push(Sample { metric, ..sample });
        }
        Ok(())
    }

    /// The metric as it is kept; `None` if it is dropped.
    ///
    /// Relabeling sees `job`, as in Prometheus; it is taken off again, because
    /// every collector's samples get theirs in one place.
    fn rewrite(&self, metric: Metric) -> Option<Metric> {
        let Metric { name, mut labels } = metric;
        let job = self.job.to_owned();
        let fixed = self.fixed.iter().map(|(name, value)| (&**name, value));
        for (name, value) in fixed.chain([("job", &job)]) {
            label::put(&mut labels, name, value.clone());
        }
        let mut name = name;
        if !self.relabel.is_empty() {
            labels.insert(METRIC_NAME.to_owned(), name);
            let mut relabel = self.relabel.iter();
            if !relabel.all(|relabel| relabel.apply(&mut labels)) {
                return None;
            }
            // A series that lost its name is no series.
            name = labels.remove(METRIC_NAME)?;
        }
        if labels.get("job") == Some(&job) {
            labels.remove("job");
        }
        Some(Metric { name, labels })
    }

    /// How much was on the page, and how much of it was kept.
    pub(crate) fn counts(&mut self) -> Vec<Sample> {
        let relabeled = self.samples.len();
        let mut seen = HashSet::new();
        let first: Vec<_> = self
            .samples
            .iter()
            .map(|sample| seen.insert(&sample.metric) && !is_ours(&sample.metric))
            .collect();
        let mut first = first.into_iter();
        // Of a series that appears twice, the first one counts, and ours before all.
        self.samples.retain(|_| first.next().unwrap_or(true));
        let twice = relabeled - self.samples.len();
        let count = |name: &str, count: usize| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            Sample::new(name, [], f64::from(count))
        };
        vec![
            Sample::new("scrape_samples_scraped", [], f64::from(self.scraped)),
            count("scrape_samples_post_metric_relabeling", relabeled),
            count("scrape_samples_duplicate", twice),
        ]
    }

    /// The samples, no series twice once they were counted.
    pub(crate) fn samples(self) -> Vec<Sample> {
        self.samples
    }
}

fn is_ours(metric: &Metric) -> bool {
    metric.labels.is_empty() && OURS.contains(&&*metric.name)
}
