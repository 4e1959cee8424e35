//! Reports of users, which the page counts, as samples that rules may use.
//!
//! Unlike other pushes a report wakes nobody: how often we scrape, judge and
//! write must not be for a crowd of visitors to say.

use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::watch;

use crate::collect::failure::cause::Failure;
use crate::collect::push::entry::{Tools, closed};
use crate::model::request::samples::report_count::{REPORTS, ReportCounts};
use crate::model::sample::Sample;

/// A `[[collector]]` of the type `reports`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportsSettings {}

/// Says how many reports there were.
#[derive(Debug, Default)]
pub struct ReportsCollector {
    tally: Option<watch::Receiver<ReportCounts>>,
}

impl ReportsCollector {
    /// Reads from now on what the page counts.
    pub(crate) fn open(&mut self, tools: &Tools<'_>) {
        self.tally = Some(tools.tally.clone());
    }

    /// Says what is known.
    pub(crate) fn collect(&self) -> Result<Vec<Sample>, Failure> {
        let tally = self.tally.as_ref().ok_or_else(closed)?.borrow();
        let samples = tally.iter().map(|(component, count)| {
            let mut sample = Sample::new(REPORTS, [], f64::from(*count));
            // As in Prometheus, a label that is empty is not there.
            if !component.is_empty() {
                let labels = &mut sample.metric.labels;
                labels.insert("component".to_owned(), component.clone());
            }
            sample
        });
        Ok(samples.collect())
    }
}
