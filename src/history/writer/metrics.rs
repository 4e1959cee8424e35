//! What is kept and what was lost, as metrics.

use prometheus::{
    HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
};

/// What is counted; a clone counts into the same.
#[derive(Clone, Debug)]
pub struct WriterMetrics {
    series: IntGauge,
    samples: IntGauge,
    refused: IntCounterVec,
    pub(crate) minute_series: IntGauge,
    pub(crate) bytes: IntGauge,
    /// Samples that wait for the disk; a level, so that the queue is bounded.
    pub(crate) queued: IntGauge,
    pub(crate) dropped: IntCounterVec,
    delay: HistogramVec,
    writing: FileFigures,
}

/// How well files are written.
#[derive(Clone, Debug)]
struct FileFigures {
    writable: IntGauge,
    unwritten: IntCounter,
    databases: IntCounter,
}

impl FileFigures {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        let writing = Self {
            writable: IntGauge::new(
                "critwatch_incidents_writable",
                "Whether all incident files could be written.",
            )?,
            unwritten: IntCounter::new(
                "critwatch_incident_write_failures_total",
                "Failed writes of incident files.",
            )?,
            databases: IntCounter::new(
                "critwatch_database_renewed_total",
                "Times the database was deleted while in use, and recreated.",
            )?,
        };
        registry.register(Box::new(writing.writable.clone()))?;
        registry.register(Box::new(writing.unwritten.clone()))?;
        registry.register(Box::new(writing.databases.clone()))?;
        Ok(writing)
    }
}

/// Bounds of the delays, in seconds: from what is aimed at to what is a shame.
const DELAYS: [f64; 14] = [
    0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0,
];

/// Where something was lost on its way to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// Scrapes that the next start would have read.
    Window,
    /// Scrapes of the recording.
    Record,
}

impl Lost {
    const ALL: [Self; 2] = [Self::Window, Self::Record];

    fn word(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Record => "record",
        }
    }
}

impl WriterMetrics {
    /// Makes the figures part of our own metrics.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let level = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            prometheus::Result::Ok(gauge)
        };
        let counted = |name: &str, help: &str, label: &str| {
            let counter = IntCounterVec::new(Opts::new(name, help), &[label])?;
            registry.register(Box::new(counter.clone()))?;
            prometheus::Result::Ok(counter)
        };
        let metrics = Self {
            writing: FileFigures::register(registry)?,
            series: level(
                "critwatch_window_series",
                "Series in memory for the evaluation of rules.",
            )?,
            samples: level(
                "critwatch_window_samples",
                "Samples in memory for the evaluation of rules.",
            )?,
            refused: counted(
                "critwatch_window_refused_total",
                "Samples rejected by a limit, by limit.",
                "limit",
            )?,
            minute_series: level(
                "critwatch_minute_series",
                "Series that are rolled up to minutes for charts.",
            )?,
            bytes: level(
                "critwatch_database_bytes",
                "Size of the database, including its write-ahead log.",
            )?,
            queued: level(
                "critwatch_keep_queued_samples",
                "Samples waiting to be written to disk.",
            )?,
            dropped: counted(
                "critwatch_keep_dropped_total",
                "Samples dropped because the write queue was full, by purpose.",
                "purpose",
            )?,
            delay: HistogramVec::new(
                HistogramOpts::new(
                    "critwatch_incident_delay_seconds",
                    "Time from the first bad sample until its incident was in a file, on the page, \
                    and sent by a notifier.",
                )
                .buckets(DELAYS.to_vec()),
                &["step", "notifier"],
            )?,
        };
        registry.register(Box::new(metrics.delay.clone()))?;
        for limit in ["series", "minutes"] {
            metrics.refused.with_label_values(&[limit]).inc_by(0);
        }
        for lost in Lost::ALL {
            metrics.dropped.with_label_values(&[lost.word()]).inc_by(0);
        }
        Ok(metrics)
    }

    /// Takes over whether incidents can be written, and how many could not.
    pub fn wrote(&self, writable: bool, failures: u64) {
        self.writing.writable.set(writable.into());
        self.writing.unwritten.inc_by(failures);
    }

    /// Counts a database that was begun anew.
    pub(crate) fn anew(&self) {
        self.writing.databases.inc();
    }

    /// How many databases were begun anew.
    pub(crate) fn renewed(&self) -> u64 {
        self.writing.databases.get()
    }

    /// How late incidents were said, by `step` (`file`, `page`, `notifier`) and
    /// the notifier's name.
    pub fn delay(&self) -> HistogramVec {
        self.delay.clone()
    }

    /// Takes over what the window holds.
    pub fn window(&self, series: usize, samples: usize) {
        let level = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.series.set(level(series));
        self.samples.set(level(samples));
    }

    /// Takes over how often a limit was met since the start.
    pub fn refused(&self, limit: &str, total: u64) {
        let counter = self.refused.with_label_values(&[limit]);
        counter.inc_by(total.saturating_sub(counter.get()));
    }

    /// Counts scrapes that were lost.
    pub(crate) fn lost(&self, lost: Lost, scrapes: usize) {
        let scrapes = u64::try_from(scrapes).unwrap_or(u64::MAX);
        self.dropped
            .with_label_values(&[lost.word()])
            .inc_by(scrapes);
    }
}
