//! Our own measurements, apart from those of collectors.

use jiff::Timestamp;

use crate::model::sample::{CollectorId, Sample, Scrape};

/// Who brings it; no collector of the settings can be called so.
pub(crate) const OURSELVES: &str = "critwatch/measured";

/// What was measured at a moment, on its way to the disk. No rule is judged by it.
pub(crate) fn scrape(samples: Vec<Sample>, now: Timestamp) -> Scrape {
    Scrape {
        collector: CollectorId(OURSELVES.to_owned()),
        at: now,
        good_until: now,
        samples,
    }
}

/// Whether we measured it ourselves.
pub(crate) fn is_ours(scrape: &Scrape) -> bool {
    scrape.collector.0 == OURSELVES
}
