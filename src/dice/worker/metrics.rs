//! The metrics page of the worker.

use std::time::Duration;

use prometheus::{
    GaugeVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use crate::dice::metrics::{counter, gauge, gauges, registry};

const JOB_BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0,
];

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
    /// Jobs whose work failed and is done again after a pause.
    pub(crate) retried: IntCounter,
    /// Children that ended after their number of jobs or their time.
    pub(crate) recycled: IntCounter,
    /// When the main process last wrote its heartbeat into Redis.
    pub(crate) heartbeat_at: IntGauge,
    /// Heartbeats that Redis refused or did not answer.
    pub(crate) heartbeats_refused: IntCounter,
    time_to_clear: GaugeVec,
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
        show_limits(&registry, limits)?;
        let counter = |name, help| counter(&registry, name, help);
        Ok(Self {
            children: gauge(&registry, "dice_worker_children", "Running children.")?,
            completed: counter("dice_jobs_completed_total", "Jobs answered.")?,
            retried: counter(
                "dice_jobs_retried_total",
                "Jobs that failed and are retried after a pause.",
            )?,
            recycled: counter(
                "dice_worker_recycled_total",
                "Children that ended because they reached their number of jobs or their lifetime.",
            )?,
            heartbeat_at: gauge(
                &registry,
                "dice_worker_heartbeat_timestamp_seconds",
                "Time of the worker's last heartbeat in Redis, in Unix time.",
            )?,
            heartbeats_refused: counter(
                "dice_worker_heartbeat_refused_total",
                "Heartbeats that Redis refused or did not acknowledge.",
            )?,
            time_to_clear: time_to_clear(&registry)?,
            failed: counter("dice_jobs_failed_total", "Jobs that were given up.")?,
            durations: durations(&registry)?,
            restarts: restarts(&registry)?,
            child_memory: gauges(
                &registry,
                "dice_worker_child_resident_memory_bytes",
                "Resident memory of a child when it last reported.",
                "child",
            )?,
            registry,
        })
    }

    /// Notes how long a job took.
    pub(crate) fn job(&self, seconds: f64) {
        self.durations.observe(seconds);
    }

    /// Notes how long a queue takes until it is empty.
    pub(crate) fn time_to_clear(&self, queue: &str, time: Duration) {
        self.time_to_clear
            .with_label_values(&[queue])
            .set(time.as_secs_f64());
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

fn durations(registry: &Registry) -> prometheus::Result<Histogram> {
    let options = HistogramOpts::new(
        "dice_job_duration_seconds",
        "Time from taking a job to storing its answer.",
    );
    let durations = Histogram::with_opts(options.buckets(JOB_BUCKETS.to_vec()))?;
    registry.register(Box::new(durations.clone()))?;
    Ok(durations)
}

fn time_to_clear(registry: &Registry) -> prometheus::Result<GaugeVec> {
    let options = Opts::new(
        "dice_worker_time_to_clear_seconds",
        "Time until a queue is empty, at the pace of its last jobs.",
    );
    let times = GaugeVec::new(options, &["queue"])?;
    registry.register(Box::new(times.clone()))?;
    Ok(times)
}

fn restarts(registry: &Registry) -> prometheus::Result<IntCounterVec> {
    let options = Opts::new(
        "dice_worker_restarts_total",
        "Children that ended unexpectedly, by reason.",
    );
    let restarts = IntCounterVec::new(options, &["reason"])?;
    registry.register(Box::new(restarts.clone()))?;
    for reason in Reason::ALL {
        restarts.with_label_values(&[reason.name()]);
    }
    Ok(restarts)
}

fn show_limits(registry: &Registry, limits: WorkerLimits) -> prometheus::Result<()> {
    let memory = gauges(
        registry,
        "dice_worker_memory_limit_bytes",
        "Memory at which a process of this role exits.",
        "role",
    )?;
    for (role, bytes) in [("main", limits.main_bytes), ("child", limits.child_bytes)] {
        memory.with_label_values(&[role]).set(saturate(bytes));
    }
    gauge(
        registry,
        "dice_worker_children_max",
        "Maximum number of running children.",
    )?
    .set(i64::from(limits.children));
    Ok(())
}

/// Fits a number into a gauge.
fn saturate(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
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
