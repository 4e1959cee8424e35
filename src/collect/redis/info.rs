//! Reads the answer of Redis' `INFO` and names its figures as `redis_exporter` does.

use std::collections::BTreeMap;

use crate::model::sample::Sample;

/// Fields that become a sample as they are: field and metric.
const PLAIN: [(&str, &str); 20] = [
    ("uptime_in_seconds", "redis_uptime_in_seconds"),
    ("connected_clients", "redis_connected_clients"),
    ("blocked_clients", "redis_blocked_clients"),
    ("maxclients", "redis_max_clients"),
    ("used_memory", "redis_memory_used_bytes"),
    ("used_memory_rss", "redis_memory_used_rss_bytes"),
    ("used_memory_peak", "redis_memory_used_peak_bytes"),
    ("maxmemory", "redis_memory_max_bytes"),
    ("mem_fragmentation_ratio", "redis_mem_fragmentation_ratio"),
    (
        "current_eviction_exceeded_time",
        "redis_current_eviction_exceeded_time_ms",
    ),
    (
        "total_eviction_exceeded_time",
        "redis_eviction_exceeded_time_ms_total",
    ),
    (
        "total_connections_received",
        "redis_connections_received_total",
    ),
    ("total_commands_processed", "redis_commands_processed_total"),
    ("rejected_connections", "redis_rejected_connections_total"),
    ("expired_keys", "redis_expired_keys_total"),
    ("evicted_keys", "redis_evicted_keys_total"),
    ("keyspace_hits", "redis_keyspace_hits_total"),
    ("keyspace_misses", "redis_keyspace_misses_total"),
    ("total_error_replies", "redis_total_error_replies"),
    (
        "rdb_changes_since_last_save",
        "redis_rdb_changes_since_last_save",
    ),
];

/// Kinds of error that count as zero until they occur, so that the first one is
/// an increase that a rule can see.
const ERRORS: [&str; 4] = ["OOM", "MISCONF", "READONLY", "NOAUTH"];

/// Samples of an `INFO` answer; a field that is missing gives no sample.
pub fn samples(info: &str) -> Vec<Sample> {
    let fields: BTreeMap<&str, &str> = info
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.trim_end().split_once(':'))
        .collect();
    let mut samples: Vec<_> = PLAIN
        .iter()
        .filter_map(|(field, metric)| {
            let value: f64 = fields.get(field)?.parse().ok()?;
            Some(Sample::new(*metric, [], value))
        })
        .collect();
    samples.extend(instance(&fields));
    samples.extend(errors(&fields));
    for (field, value) in &fields {
        if let Some(database) = field.strip_prefix("db").filter(|rest| is_number(rest)) {
            samples.extend(keys(database, value));
        }
    }
    samples
}

fn instance(fields: &BTreeMap<&str, &str>) -> Option<Sample> {
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    fields.get("redis_version").map(|version| {
        Sample::new(
            "redis_instance_info",
            [
                ("role", field("role")),
                ("redis_version", version),
                ("redis_mode", field("redis_mode")),
                ("maxmemory_policy", field("maxmemory_policy")),
                ("run_id", field("run_id")),
            ],
            1.0,
        )
    })
}

/// Error counts by kind; none where the server is too old to count errors.
fn errors(fields: &BTreeMap<&str, &str>) -> Vec<Sample> {
    if !fields.contains_key("total_error_replies") {
        return Vec::new();
    }
    let mut counts: BTreeMap<&str, f64> = ERRORS.iter().map(|kind| (*kind, 0.0)).collect();
    for (field, value) in fields {
        let kind = field.strip_prefix("errorstat_");
        if let (Some(kind), Some(count)) = (kind, part(value, "count")) {
            counts.insert(kind, count);
        }
    }
    counts
        .into_iter()
        .map(|(kind, count)| Sample::new("redis_errors_total", [("err", kind)], count))
        .collect()
}

fn keys(database: &str, value: &str) -> Vec<Sample> {
    let database = format!("db{database}");
    [
        ("keys", "redis_db_keys"),
        ("expires", "redis_db_keys_expiring"),
    ]
    .into_iter()
    .filter_map(|(name, metric)| {
        Some(Sample::new(
            metric,
            [("db", &*database)],
            part(value, name)?,
        ))
    })
    .collect()
}

/// A number of a field like `keys=1,expires=0`.
fn part(value: &str, name: &str) -> Option<f64> {
    value
        .split(',')
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, number)| number.parse().ok())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(info: &str, metric: &str, labels: &[(&str, &str)]) -> Option<f64> {
        samples(info)
            .into_iter()
            .find(|sample| {
                sample.metric.name == metric
                    && labels.iter().all(|(name, value)| {
                        sample
                            .metric
                            .labels
                            .get(*name)
                            .is_some_and(|found| found == value)
                    })
            })
            .map(|sample| sample.value)
    }

    const INFO: &str = "# Server\r\nredis_version:7.0.15\r\nrun_id:ab\r\n\r\n# Memory\r\n\
        used_memory:1048576\r\nmaxmemory:20971520\r\n# Stats\r\ntotal_error_replies:3\r\n\
        # Errorstats\r\nerrorstat_OOM:count=3\r\n# Keyspace\r\ndb0:keys=7,expires=2,avg_ttl=5\r\n";

    #[test]
    fn figures_have_the_names_of_redis_exporter() {
        assert_eq!(
            value(INFO, "redis_memory_used_bytes", &[]),
            Some(1_048_576.0)
        );
        assert_eq!(
            value(INFO, "redis_memory_max_bytes", &[]),
            Some(20_971_520.0)
        );
        assert_eq!(
            value(INFO, "redis_errors_total", &[("err", "OOM")]),
            Some(3.0)
        );
        assert_eq!(value(INFO, "redis_db_keys", &[("db", "db0")]), Some(7.0));
        assert_eq!(
            value(INFO, "redis_db_keys_expiring", &[("db", "db0")]),
            Some(2.0)
        );
        assert_eq!(
            value(INFO, "redis_instance_info", &[("run_id", "ab")]),
            Some(1.0)
        );
    }

    #[test]
    fn a_kind_of_error_counts_zero_before_it_occurs_but_only_where_errors_are_counted() {
        assert_eq!(
            value(INFO, "redis_errors_total", &[("err", "MISCONF")]),
            Some(0.0)
        );
        assert_eq!(value("used_memory:1\r\n", "redis_errors_total", &[]), None);
    }

    #[test]
    fn what_is_missing_or_garbage_gives_no_sample() {
        assert_eq!(samples("maxmemory:lots\r\nnonsense\r\ndbx:keys=1\r\n"), []);
    }
}
