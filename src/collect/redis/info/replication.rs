//! Who copies from whom, and how far behind.

use crate::collect::redis::info::sections::{self, Info};
use crate::model::sample::Sample;

/// Figures of a replica about its master: field and metric.
const OF_MASTER: [(&str, &str); 4] = [
    (
        "master_last_io_seconds_ago",
        "redis_master_last_io_seconds_ago",
    ),
    ("master_sync_in_progress", "redis_master_sync_in_progress"),
    ("slave_repl_offset", "redis_slave_repl_offset"),
    (
        "master_link_down_since_seconds",
        "redis_master_link_down_since_seconds",
    ),
];

/// More replicas than this are not told apart.
const REPLICAS: usize = 64;

/// Samples about the master, seen from a replica, and about each replica.
pub(crate) fn samples(info: &Info<'_>) -> Vec<Sample> {
    let mut samples = master(info).unwrap_or_default();
    samples.extend(
        info.family("slave")
            .filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
            .take(REPLICAS)
            .filter_map(|(_, value)| replica(value))
            .flatten(),
    );
    // Two replicas behind one address would be one series twice.
    samples.sort_by(|a, b| a.metric.cmp(&b.metric));
    samples.dedup_by(|a, b| a.metric == b.metric);
    samples
}

fn master(info: &Info<'_>) -> Option<Vec<Sample>> {
    let labels = [
        ("master_host", info.text("master_host")?),
        ("master_port", info.text("master_port")?),
    ];
    let up = f64::from(u8::from(info.text("master_link_status") == Some("up")));
    let mut samples = vec![Sample::new("redis_master_link_up", labels, up)];
    samples.extend(
        OF_MASTER
            .iter()
            .filter_map(|(field, metric)| Some(Sample::new(*metric, labels, info.number(field)?))),
    );
    if let Some(read_only) = info.text("slave_read_only") {
        let [host, port] = labels;
        let labels = [host, port, ("read_only", read_only)];
        samples.push(Sample::new("redis_slave_info", labels, 1.0));
    }
    Some(samples)
}

fn replica(value: &str) -> Option<Vec<Sample>> {
    let labels = [
        ("slave_ip", sections::text_part(value, "ip")?),
        ("slave_port", sections::text_part(value, "port")?),
        ("slave_state", sections::text_part(value, "state")?),
    ];
    let metrics = [
        ("offset", "redis_connected_slave_offset_bytes"),
        ("lag", "redis_connected_slave_lag_seconds"),
    ];
    let samples = metrics.into_iter().filter_map(|(part, metric)| {
        let number = sections::part(value, part).filter(|number| *number >= 0.0)?;
        Some(Sample::new(metric, labels, number))
    });
    Some(samples.collect())
}
