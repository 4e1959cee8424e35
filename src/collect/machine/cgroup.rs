//! A control group in cAdvisor's words: what a container or a unit may use.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::machine::cgroup_v1;
use crate::collect::machine::kernel::file::{self, float, micros};
use crate::collect::machine::kernel::lines;
use crate::collect::machine::kernel::reading::ReadingThread;
use crate::collect::machine::kernel::unreadable::Unreadable;
use crate::collect::machine::pressure;
use crate::model::sample::Sample;

/// Figures of the second version: the file, the key in it, the metric.
const FIGURES: [(&str, &str, &str); 19] = [
    ("memory.current", "", "memory_usage_bytes"),
    ("memory.peak", "", "memory_max_usage_bytes"),
    ("memory.max", "", "spec_memory_limit_bytes"),
    ("memory.high", "", "spec_memory_reservation_limit_bytes"),
    ("memory.swap.current", "", "memory_swap"),
    ("memory.stat", "anon", "memory_rss"),
    ("memory.stat", "file", "memory_cache"),
    ("memory.events", "low", "memory_events_low_total"),
    ("memory.events", "high", "memory_events_high_total"),
    ("memory.events", "max", "memory_events_max_total"),
    ("memory.events", "max", "memory_failcnt"),
    ("memory.events", "oom", "memory_events_oom_total"),
    ("memory.events", "oom_kill", "memory_events_oom_kill_total"),
    ("memory.events", "oom_kill", "oom_events_total"),
    ("cpu.stat", "nr_periods", "cpu_cfs_periods_total"),
    (
        "cpu.stat",
        "nr_throttled",
        "cpu_cfs_throttled_periods_total",
    ),
    ("cpu.max", "", "spec_cpu_quota"),
    ("pids.current", "", "threads"),
    ("pids.max", "", "threads_max"),
];

/// Times of the second version, in microseconds.
const TIMES: [(&str, &str, &str); 4] = [
    ("cpu.stat", "usage_usec", "cpu_usage_seconds_total"),
    ("cpu.stat", "user_usec", "cpu_user_seconds_total"),
    ("cpu.stat", "system_usec", "cpu_system_seconds_total"),
    (
        "cpu.stat",
        "throttled_usec",
        "cpu_cfs_throttled_seconds_total",
    ),
];

/// A `[[collector]]` of the type `cgroup`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CgroupSettings {
    /// Value of the label `name`.
    name: String,
    /// Its folder below `/sys/fs/cgroup`.
    path: PathBuf,
}

impl CgroupSettings {
    /// Whether there is a name and a path.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.name.is_empty() || !self.path.is_absolute() {
            return Err(Failure::Answer(
                "a cgroup needs a `name` and a `path` as in `/sys/fs/cgroup/system.slice/x.service`"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

/// Looks at a control group.
#[derive(Debug)]
pub struct CgroupCollector {
    reading: ReadingThread<Result<Vec<Sample>, Failure>>,
}

impl CgroupCollector {
    /// Starts without having looked.
    pub(crate) fn new(settings: &CgroupSettings) -> Result<Self, Failure> {
        let CgroupSettings { name, path } = settings.clone();
        let mut missing = Unreadable::new(format!("the cgroup {name}"));
        Ok(Self {
            reading: ReadingThread::start(move || read(&name, &path, &mut missing))?,
        })
    }

    /// Looks once.
    pub(crate) async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        self.reading.ask().await?
    }
}

fn read(name: &str, path: &Path, missing: &mut Unreadable) -> Result<Vec<Sample>, Failure> {
    // The first version has a tree for each resource, without this file.
    let statistics = if path.join("cgroup.controllers").exists() {
        second(path, missing)
    } else if path.join("cgroup.procs").exists() {
        cgroup_v1::statistics(path, missing)
    } else {
        Vec::new()
    };
    missing.log_changes();
    if statistics.is_empty() {
        return Err(Failure::Answer(format!(
            "there is no cgroup at {}",
            path.display()
        )));
    }
    let samples = statistics
        .into_iter()
        .map(|(metric, value)| Sample::new(format!("container_{metric}"), [("name", name)], value));
    Ok(samples.collect())
}

/// The figures of the second version, by metric.
fn second(path: &Path, missing: &mut Unreadable) -> Vec<(String, f64)> {
    let mut statistics = Vec::new();
    let mut read = ("", None);
    let mut number = |file: &'static str, key: &str, missing: &mut Unreadable| {
        if read.0 != file {
            let text = file::whole(&path.join(file));
            read = (file, missing.take(file, text));
        }
        let text = read.1.as_deref()?;
        let found = if key.is_empty() {
            // No limit is told as 0, as cAdvisor does it.
            let first = text.split_ascii_whitespace().next().unwrap_or_default();
            lines::limit(first).map(Option::unwrap_or_default)
        } else {
            lines::number(text, key)
        };
        let whole = if key.is_empty() { "its number" } else { key };
        missing.take(file, found.ok_or_else(|| format!("{whole} is not in it")))
    };
    for (file, key, metric) in FIGURES {
        // A kernel or a controller may lack a key without being ill.
        let found = number(file, key, missing).map(float);
        statistics.extend(found.map(|value| (metric.to_owned(), value)));
    }
    for (file, key, metric) in TIMES {
        let found = number(file, key, missing).map(micros);
        statistics.extend(found.map(|value| (metric.to_owned(), value)));
    }
    let current = number("memory.current", "", missing);
    let inactive = number("memory.stat", "inactive_file", missing);
    if let (Some(current), Some(inactive)) = (current, inactive) {
        let working = current.saturating_sub(inactive);
        statistics.push(("memory_working_set_bytes".to_owned(), float(working)));
    }
    statistics.extend(quota_period(path));
    statistics.extend(members(path, missing));
    for resource in ["memory", "cpu", "io"] {
        let file = format!("{resource}.pressure");
        let read = file::whole(&path.join(&file)).map_err(|error| error.to_string());
        let read =
            read.and_then(|text| pressure::parse(&text).ok_or_else(|| "it is empty".to_owned()));
        if let Some(pressure) = missing.take(&file, read) {
            let metric = |kind: &str| format!("pressure_{resource}_{kind}_seconds_total");
            statistics.push((metric("waiting"), pressure.waiting));
            statistics.extend(pressure.stalled.map(|value| (metric("stalled"), value)));
        }
    }
    statistics
}

/// The second number of `cpu.max`: for how long a quota lasts.
fn quota_period(path: &Path) -> Option<(String, f64)> {
    let text = file::whole(&path.join("cpu.max")).ok()?;
    let period = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(("spec_cpu_period".to_owned(), float(period)))
}

/// How many processes are in the group itself.
fn members(path: &Path, missing: &mut Unreadable) -> Option<(String, f64)> {
    let text = missing.take("cgroup.procs", file::whole(&path.join("cgroup.procs")))?;
    let count = u64::try_from(text.lines().count()).ok()?;
    Some(("processes".to_owned(), float(count)))
}
