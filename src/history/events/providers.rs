//! The last status of each provider, as long as it is valid.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::facts::provider_status::Related;
use crate::model::sample::CollectorId;

/// The newest reports of each collector, and until when they may be believed.
#[derive(Debug, Default)]
pub(crate) struct ProviderReports {
    reports: BTreeMap<CollectorId, (Timestamp, Vec<Related>)>,
}

impl ProviderReports {
    /// Replaces what a collector brought before.
    pub(crate) fn take(
        &mut self,
        collector: &CollectorId,
        good_until: Timestamp,
        reports: Vec<Related>,
    ) {
        self.reports
            .insert(collector.clone(), (good_until, reports));
    }

    /// The statuses that are valid at that moment.
    pub(crate) fn at(&mut self, now: Timestamp) -> Vec<Related> {
        self.reports.retain(|_, (good_until, _)| *good_until >= now);
        let reports = self.reports.values().flat_map(|(_, reports)| reports);
        reports.cloned().collect()
    }
}
