//! The metrics pages of the API and of the worker.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

/// The content type of a metrics page.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

const REQUEST_BUCKETS: [f64; 11] = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
];
const JOB_BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0,
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
    /// Sessions that were read and could not be refreshed.
    pub(crate) refresh_refused: IntCounter,
    /// Sessions opened.
    pub(crate) session_opened: IntCounter,
    /// Sessions that could not be opened.
    pub(crate) session_refused: IntCounter,
    /// Requests with the cookie of a session that is there no more.
    pub(crate) session_missing: IntCounter,
    /// Requests refused, by the limit that they exceeded.
    pub(crate) throttled: IntCounterVec,
    /// Open sockets.
    pub(crate) sockets: IntGauge,
}

impl ApiMetrics {
    /// Makes all metrics, at zero.
    pub(crate) fn new() -> prometheus::Result<Self> {
        let registry = registry()?;
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
                "Time from a request's head to its answer, by route.",
            )
            .buckets(REQUEST_BUCKETS.to_vec()),
            &["route"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        let counter = |name, help| counter(&registry, name, help);
        Ok(Self {
            offered: counter(
                "dice_jobs_offered_total",
                "Jobs offered to the queue; those not refused are in it.",
            )?,
            refused: counter(
                "dice_jobs_refused_total",
                "Jobs that Redis refused or could not be reached for.",
            )?,
            answered: counter("dice_rolls_answered_total", "Rolls answered in time.")?,
            late: counter(
                "dice_rolls_late_total",
                "Rolls taken but not answered in time.",
            )?,
            refresh_refused: counter(
                "dice_session_refresh_refused_total",
                "Sessions that could be read but not refreshed.",
            )?,
            session_opened: counter("dice_sessions_opened_total", "Sessions opened.")?,
            session_refused: counter(
                "dice_session_open_refused_total",
                "Sessions that Redis refused to store or could not be reached for.",
            )?,
            session_missing: counter(
                "dice_session_missing_total",
                "Requests with the cookie of a session that Redis does not have: logged out.",
            )?,
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

fn throttled(registry: &Registry) -> prometheus::Result<IntCounterVec> {
    let throttled = IntCounterVec::new(
        Opts::new(
            "dice_requests_throttled_total",
            "Requests refused, by the limit that they exceeded.",
        ),
        &["limit"],
    )?;
    for name in ["account", "address", "guests"] {
        throttled.with_label_values(&[name]);
    }
    register(registry, throttled)
}

/// What the worker counts.
#[derive(Clone, Debug)]
pub(crate) struct WorkerMetrics {
    registry: Registry,
    /// Children that run.
    pub(crate) children: IntGauge,
    /// Jobs answered.
    pub(crate) completed: IntCounter,
    /// Jobs given up.
    pub(crate) failed: IntCounter,
    durations: Histogram,
    restarts: IntCounterVec,
    child_memory: IntGaugeVec,
}

/// Why a child had to be started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It reached its memory ceiling.
    Memory,
    /// It ended with an error.
    Error,
    /// A signal killed it.
    Killed,
    /// It ended well without being asked to.
    Other,
}

impl Reason {
    const ALL: [Self; 4] = [Self::Memory, Self::Error, Self::Killed, Self::Other];

    /// Writes the reason as a label value.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Error => "error",
            Self::Killed => "killed",
            Self::Other => "other",
        }
    }
}

/// The limits that the worker page shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorkerLimits {
    /// The most children.
    pub(crate) children: u32,
    /// Ceiling of the main process.
    pub(crate) main_bytes: u64,
    /// Ceiling of each child.
    pub(crate) child_bytes: u64,
}

impl WorkerMetrics {
    /// Makes all metrics, at zero.
    pub(crate) fn new(limits: WorkerLimits) -> prometheus::Result<Self> {
        let registry = registry()?;
        let durations = Histogram::with_opts(
            HistogramOpts::new(
                "dice_job_duration_seconds",
                "Time from taking a job to its answer being stored.",
            )
            .buckets(JOB_BUCKETS.to_vec()),
        )?;
        let restarts = IntCounterVec::new(
            Opts::new(
                "dice_worker_restarts_total",
                "Children that ended unasked, by reason.",
            ),
            &["reason"],
        )?;
        let child_memory = gauges(
            &registry,
            "dice_worker_child_resident_memory_bytes",
            "Resident memory of a child when it last reported.",
            "child",
        )?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(restarts.clone()))?;
        for reason in Reason::ALL {
            restarts.with_label_values(&[reason.name()]);
        }
        let memory = gauges(
            &registry,
            "dice_worker_memory_limit_bytes",
            "Memory at which a process of this role ends itself.",
            "role",
        )?;
        memory
            .with_label_values(&["main"])
            .set(saturate(limits.main_bytes));
        memory
            .with_label_values(&["child"])
            .set(saturate(limits.child_bytes));
        gauge(
            &registry,
            "dice_worker_children_max",
            "The most children that may run.",
        )?
        .set(i64::from(limits.children));
        Ok(Self {
            children: gauge(&registry, "dice_worker_children", "Children that run.")?,
            completed: counter(&registry, "dice_jobs_completed_total", "Jobs answered.")?,
            failed: counter(&registry, "dice_jobs_failed_total", "Jobs given up.")?,
            durations,
            restarts,
            child_memory,
            registry,
        })
    }

    /// Notes how long a job took.
    pub(crate) fn job(&self, seconds: f64) {
        self.durations.observe(seconds);
    }

    /// Counts a child that ended unasked.
    pub(crate) fn restart(&self, reason: Reason) {
        self.restarts.with_label_values(&[reason.name()]).inc();
    }

    /// Notes a child's resident memory.
    pub(crate) fn child_memory(&self, child: u32, bytes: u64) {
        self.child_memory
            .with_label_values(&[&child.to_string()])
            .set(saturate(bytes));
    }

    /// Forgets a child that has ended.
    pub(crate) fn child_ended(&self, child: u32) {
        // It is an error only if the child never reported, and then there is nothing to forget.
        self.child_memory
            .remove_label_values(&[&child.to_string()])
            .ok();
    }

    /// Writes the page.
    pub(crate) fn page(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

fn saturate(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    #[cfg(target_os = "linux")]
    registry.register(Box::new(
        prometheus::process_collector::ProcessCollector::for_self(),
    ))?;
    Ok(registry)
}

fn register<C: Collector + Clone + 'static>(
    registry: &Registry,
    metric: C,
) -> prometheus::Result<C> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn counter(registry: &Registry, name: &str, help: &str) -> prometheus::Result<IntCounter> {
    register(registry, IntCounter::new(name, help)?)
}

fn gauge(registry: &Registry, name: &str, help: &str) -> prometheus::Result<IntGauge> {
    register(registry, IntGauge::new(name, help)?)
}

fn gauges(
    registry: &Registry,
    name: &str,
    help: &str,
    label: &str,
) -> prometheus::Result<IntGaugeVec> {
    register(registry, IntGaugeVec::new(Opts::new(name, help), &[label])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_restart_reason_is_on_the_page_from_the_start() {
        let limits = WorkerLimits {
            children: 3,
            main_bytes: 1,
            child_bytes: 2,
        };
        let page = WorkerMetrics::new(limits).unwrap().page().unwrap();
        for line in [
            "dice_worker_restarts_total{reason=\"memory\"} 0",
            "dice_worker_restarts_total{reason=\"error\"} 0",
            "dice_worker_restarts_total{reason=\"killed\"} 0",
            "dice_worker_restarts_total{reason=\"other\"} 0",
            "dice_worker_children_max 3",
            "dice_worker_memory_limit_bytes{role=\"child\"} 2",
        ] {
            assert!(page.lines().any(|found| found == line), "{line}\n{page}");
        }
    }
}
