//! What can be said of a control group of the first version.
//!
//! It has one tree for each resource, so `path` names a folder in one of them,
//! mostly the one for memory; the figures of the others are not there.

use std::path::Path;

use crate::collect::machine::kernel::file::{self, float};
use crate::collect::machine::kernel::lines;
use crate::collect::machine::kernel::unreadable::Unreadable;

/// No limit is written as the largest number of pages.
const UNLIMITED: u64 = 1 << 62;

/// The file that a tree must have, the file, the key in it, the metric, and
/// what the number is divided by.
const FIGURES: [(&str, &str, &str, &str, f64); 13] = {
    const MEMORY: &str = "memory.usage_in_bytes";
    const CPU: &str = "cpu.stat";
    const PIDS: &str = "pids.current";
    [
        (MEMORY, MEMORY, "", "memory_usage_bytes", 1.0),
        (
            MEMORY,
            "memory.max_usage_in_bytes",
            "",
            "memory_max_usage_bytes",
            1.0,
        ),
        (
            MEMORY,
            "memory.limit_in_bytes",
            "",
            "spec_memory_limit_bytes",
            1.0,
        ),
        (MEMORY, "memory.failcnt", "", "memory_failcnt", 1.0),
        (MEMORY, "memory.stat", "total_rss", "memory_rss", 1.0),
        (MEMORY, "memory.stat", "total_cache", "memory_cache", 1.0),
        (
            MEMORY,
            "memory.oom_control",
            "oom_kill",
            "oom_events_total",
            1.0,
        ),
        (CPU, CPU, "nr_periods", "cpu_cfs_periods_total", 1.0),
        (
            CPU,
            CPU,
            "nr_throttled",
            "cpu_cfs_throttled_periods_total",
            1.0,
        ),
        (
            CPU,
            CPU,
            "throttled_time",
            "cpu_cfs_throttled_seconds_total",
            1e9,
        ),
        (
            "cpuacct.usage",
            "cpuacct.usage",
            "",
            "cpu_usage_seconds_total",
            1e9,
        ),
        (PIDS, PIDS, "", "threads", 1.0),
        (PIDS, "pids.max", "", "threads_max", 1.0),
    ]
};

/// The figures of the tree that the path is in, by metric.
pub(crate) fn statistics(path: &Path, missing: &mut Unreadable) -> Vec<(String, f64)> {
    let mut statistics = Vec::new();
    let number = |file: &str, key: &str| {
        let text = file::whole(&path.join(file)).map_err(|error| error.to_string())?;
        let found = if key.is_empty() {
            lines::limit(&text).map(Option::unwrap_or_default)
        } else {
            lines::number(&text, key)
        };
        found.ok_or_else(|| format!("{key} is not in it"))
    };
    for (tree, file, key, metric, unit) in FIGURES {
        if !path.join(tree).exists() {
            continue;
        }
        let found = missing.take(file, number(file, key));
        let found = found.map(|value| if value >= UNLIMITED { 0 } else { value });
        statistics.extend(found.map(|value| (metric.to_owned(), float(value) / unit)));
    }
    let usage = number("memory.usage_in_bytes", "");
    let inactive = number("memory.stat", "total_inactive_file");
    if let (Ok(usage), Ok(inactive)) = (usage, inactive) {
        let working = usage.saturating_sub(inactive);
        statistics.push(("memory_working_set_bytes".to_owned(), float(working)));
    }
    if !statistics.is_empty() {
        let procs = missing.take("cgroup.procs", file::whole(&path.join("cgroup.procs")));
        let count = procs.and_then(|text| u64::try_from(text.lines().count()).ok());
        statistics.extend(count.map(|count| ("processes".to_owned(), float(count))));
    }
    statistics
}
