//! What is counted of exports while the service runs.

use jiff::Timestamp;
use prometheus::{IntCounter, IntGauge, Registry};

use crate::web::export::folder::ExportCounts;

/// Counts exports.
#[derive(Clone, Debug)]
pub(crate) struct ExportMetrics {
    succeeded: IntGauge,
    failures: IntCounter,
    files: IntGauge,
    written: IntCounter,
    removed: IntCounter,
}

impl ExportMetrics {
    /// Makes them part of our own metrics.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let gauge = |name: &str, help: &str| -> prometheus::Result<IntGauge> {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let counter = |name: &str, help: &str| -> prometheus::Result<IntCounter> {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        Ok(Self {
            succeeded: gauge(
                "critwatch_export_last_success_timestamp_seconds",
                "Time of the last complete export, in Unix time; 0 if never.",
            )?,
            failures: counter(
                "critwatch_export_failures_total",
                "Failed exports; a later export includes their changes.",
            )?,
            files: gauge(
                "critwatch_export_files",
                "Files of the exported site, without their compressed variants.",
            )?,
            written: counter(
                "critwatch_export_written_files_total",
                "Files written by exports because they were new or changed.",
            )?,
            removed: counter(
                "critwatch_export_removed_files_total",
                "Files removed by exports because they are no longer part of the site.",
            )?,
        })
    }

    /// All of it is there.
    pub(crate) fn succeeded(&self, counts: &ExportCounts, now: Timestamp) {
        self.succeeded.set(now.as_second());
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.files
            .set(i64::try_from(counts.files).unwrap_or(i64::MAX));
        self.written.inc_by(count(counts.written));
        self.removed.inc_by(count(counts.removed));
    }

    /// Something is lacking.
    pub(crate) fn failed(&self) {
        self.failures.inc();
    }
}
