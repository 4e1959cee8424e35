//! The metrics page of the API, and what all metrics pages share.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

/// The content type of a metrics page.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

const REQUEST_BUCKETS: [f64; 11] = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
];
/// What the API counts.
#[derive(Clone, Debug)]
pub(crate) struct ApiMetrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    /// Jobs that were to be put into the queue.
    pub(crate) offered: IntCounter,
    /// Jobs that surely did not get into the queue.
    pub(crate) refused: IntCounter,
    /// Rolls that were answered in time.
    pub(crate) answered: IntCounter,
    /// Rolls that were taken and not answered in time.
    pub(crate) late: IntCounter,
    /// Rolls that the API computed itself.
    pub(crate) immediate: IntCounter,
    /// Jobs that were not offered, as the queue is too full or too late.
    pub(crate) turned_away: IntCounter,
    /// Accepted rolls whose jobs are gone without an answer.
    pub(crate) lost: IntCounter,
    /// Fragments that had to be rendered, as the cache had none.
    pub(crate) fragments_rendered: IntCounter,
    /// One for the mode in which rolls are made, by its name.
    pub(crate) mode: IntGaugeVec,
    /// What is counted of sessions.
    pub(crate) sessions: SessionMetrics,
    /// Requests refused, by the limit that they exceeded.
    pub(crate) throttled: IntCounterVec,
    /// Open sockets.
    pub(crate) sockets: IntGauge,
}

impl ApiMetrics {
    /// Makes all metrics, at zero.
    pub(crate) fn new() -> prometheus::Result<Self> {
        let registry = registry()?;
        let (requests, durations) = requests(&registry)?;
        let counter = |name, help| counter(&registry, name, help);
        Ok(Self {
            offered: counter(
                "dice_jobs_offered_total",
                "Jobs offered to the queue, including those that it refused.",
            )?,
            refused: counter(
                "dice_jobs_refused_total",
                "Jobs not queued because Redis refused them or could not be reached.",
            )?,
            answered: counter("dice_rolls_answered_total", "Rolls answered in time.")?,
            late: counter(
                "dice_rolls_late_total",
                "Rolls accepted but not answered in time.",
            )?,
            immediate: counter(
                "dice_rolls_immediate_total",
                "Rolls that the API computed itself, without the queue.",
            )?,
            turned_away: counter(
                "dice_admission_refused_total",
                "Jobs not offered because the queue was too long or too slow.",
            )?,
            lost: counter(
                "dice_rolls_lost_total",
                "Accepted rolls whose jobs are gone from the queue without an answer.",
            )?,
            fragments_rendered: counter(
                "dice_fragments_rendered_total",
                "Page fragments rendered because the cache did not have them.",
            )?,
            mode: gauges(
                &registry,
                "dice_roll_mode",
                "1 for the present mode of rolling.",
                "mode",
            )?,
            sessions: SessionMetrics::new(&registry)?,
            throttled: throttled(&registry)?,
            sockets: gauge(
                &registry,
                "dice_sockets",
                "Open sockets of the realtime channel.",
            )?,
            requests,
            durations,
            registry,
        })
    }

    /// Counts an answered request.
    pub(crate) fn request(&self, route: &str, method: &str, status: u16, took: Duration) {
        self.requests
            .with_label_values(&[route, method, &status.to_string()])
            .inc();
        self.durations
            .with_label_values(&[route])
            .observe(took.as_secs_f64());
    }

    /// Writes the page.
    pub(crate) fn page(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

/// What the API counts of sessions.
#[derive(Clone, Debug)]
pub(crate) struct SessionMetrics {
    /// Sessions that were read and could not be refreshed.
    pub(crate) refresh_refused: IntCounter,
    /// Sessions opened.
    pub(crate) opened: IntCounter,
    /// Sessions that could not be opened.
    pub(crate) refused: IntCounter,
    /// Requests with the cookie of a session that is there no more.
    pub(crate) missing: IntCounter,
}

impl SessionMetrics {
    fn new(registry: &Registry) -> prometheus::Result<Self> {
        let counter = |name, help| counter(registry, name, help);
        Ok(Self {
            refresh_refused: counter(
                "dice_session_refresh_refused_total",
                "Sessions that could be read but not refreshed.",
            )?,
            opened: counter("dice_sessions_opened_total", "Sessions opened.")?,
            refused: counter(
                "dice_session_open_refused_total",
                "Sessions not stored because Redis refused them or could not be reached.",
            )?,
            missing: counter(
                "dice_session_missing_total",
                "Requests with the cookie of a session that Redis does not have; the user is logged out.",
            )?,
        })
    }
}

fn throttled(registry: &Registry) -> prometheus::Result<IntCounterVec> {
    let throttled = IntCounterVec::new(
        Opts::new(
            "dice_requests_throttled_total",
            "Refused requests, by the limit that they exceeded.",
        ),
        &["limit"],
    )?;
    for name in ["account", "address", "guests"] {
        throttled.with_label_values(&[name]);
    }
    register(registry, throttled)
}

fn requests(registry: &Registry) -> prometheus::Result<(IntCounterVec, HistogramVec)> {
    let requests = IntCounterVec::new(
        Opts::new(
            "dice_http_requests_total",
            "Requests answered, by route, method and status.",
        ),
        &["route", "method", "status"],
    )?;
    let durations = HistogramVec::new(
        HistogramOpts::new(
            "dice_http_request_duration_seconds",
            "Time from the head of a request to its response, by route.",
        )
        .buckets(REQUEST_BUCKETS.to_vec()),
        &["route"],
    )?;
    registry.register(Box::new(requests.clone()))?;
    registry.register(Box::new(durations.clone()))?;
    Ok((requests, durations))
}

/// Makes a registry with the measures of this process.
pub(crate) fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    #[cfg(target_os = "linux")]
    registry.register(Box::new(
        prometheus::process_collector::ProcessCollector::for_self(),
    ))?;
    Ok(registry)
}

/// Adds a metric to a registry.
pub(crate) fn register<C: Collector + Clone + 'static>(
    registry: &Registry,
    metric: C,
) -> prometheus::Result<C> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

/// Adds a counter.
pub(crate) fn counter(
    registry: &Registry,
    name: &str,
    help: &str,
) -> prometheus::Result<IntCounter> {
    register(registry, IntCounter::new(name, help)?)
}

/// Adds a gauge.
pub(crate) fn gauge(registry: &Registry, name: &str, help: &str) -> prometheus::Result<IntGauge> {
    register(registry, IntGauge::new(name, help)?)
}

/// Adds a gauge with one label.
pub(crate) fn gauges(
    registry: &Registry,
    name: &str,
    help: &str,
    label: &str,
) -> prometheus::Result<IntGaugeVec> {
    register(registry, IntGaugeVec::new(Opts::new(name, help), &[label])?)
}
