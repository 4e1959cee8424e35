//! `INFO` answers of several servers, and what is made of them.

use proptest::prelude::*;

use super::*;

fn value(info: &str, metric: &str, labels: &[(&str, &str)]) -> Option<f64> {
    samples(&Info::read(info), Some(2_000_000), &mut BTreeSet::new())
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

const INFO: &str = "# Server\r\nredis_version:7.0.15\r\nrun_id:ab\r\nuptime_in_seconds:500\r\n\r\n\
    # Memory\r\nused_memory:1048576\r\nmaxmemory:20971520\r\n# Persistence\r\n\
    rdb_last_bgsave_status:err\r\n# Stats\r\ntotal_error_replies:3\r\nlatest_fork_usec:250\r\n\
    # Replication\r\nrole:slave\r\nmaster_host:a\r\nmaster_port:1\r\nmaster_link_status:up\r\n\
    # Commandstats\r\ncmdstat_get:calls=4,usec=2000000,usec_per_call=1,rejected_calls=1,failed_calls=2\r\n\
    # Errorstats\r\nerrorstat_OOM:count=3\r\n# Latencystats\r\n\
    latency_percentiles_usec_get:p50=1.5,p99=2.5,p99.9=3.5\r\n\
    # Keyspace\r\ndb0:keys=7,expires=2,avg_ttl=5000,subexpiry=1\r\n\
    db1:keys=9,expires=0,avg_ttl=0,cached_keys=4\r\n";

#[test]
fn figures_have_the_names_of_redis_exporter() {
    for (metric, labels, expected) in [
        ("redis_memory_used_bytes", &[][..], 1_048_576.0),
        ("redis_memory_max_bytes", &[], 20_971_520.0),
        ("redis_rdb_last_bgsave_status", &[], 0.0),
        ("redis_latest_fork_seconds", &[], 0.000_25),
        ("redis_start_time_seconds", &[], 1500.0),
        ("redis_errors_total", &[("err", "OOM")], 3.0),
        ("redis_db_keys", &[("db", "db0")], 7.0),
        ("redis_db_keys_expiring", &[("db", "db0")], 2.0),
        ("redis_db_avg_ttl_seconds", &[("db", "db0")], 5.0),
        ("redis_instance_info", &[("run_id", "ab")], 1.0),
        ("redis_master_link_up", &[("master_host", "a")], 1.0),
        ("redis_commands_total", &[("cmd", "get")], 4.0),
        (
            "redis_commands_duration_seconds_total",
            &[("cmd", "get")],
            2.0,
        ),
        (
            "redis_commands_rejected_calls_total",
            &[("cmd", "get")],
            1.0,
        ),
        ("redis_commands_failed_calls_total", &[("cmd", "get")], 2.0),
        (
            "redis_latency_percentiles_usec",
            &[("quantile", "99.9")],
            3.5,
        ),
        ("redis_latency_percentiles_usec_sum", &[("cmd", "get")], 2e6),
        (
            "redis_latency_percentiles_usec_count",
            &[("cmd", "get")],
            4.0,
        ),
        ("redis_db_keys_cached", &[("db", "db1")], 4.0),
    ] {
        assert_eq!(value(INFO, metric, labels), Some(expected), "{metric}");
    }
}

#[test]
fn what_stands_in_the_fourth_place_is_not_taken_for_cached_keys() {
    let labels = [("db", "db0")];
    assert_eq!(value(INFO, "redis_db_keys_cached", &labels), None);
}

#[test]
fn a_kind_of_error_counts_zero_before_it_occurs_but_only_where_errors_are_counted() {
    let misconf = [("err", "MISCONF")];
    assert_eq!(value(INFO, "redis_errors_total", &misconf), Some(0.0));
    assert_eq!(value("used_memory:1\r\n", "redis_errors_total", &[]), None);
}

#[test]
fn a_database_that_was_emptied_counts_zero() {
    let mut databases = BTreeSet::new();
    let keys = |info: &str, databases: &mut BTreeSet<u32>| {
        let samples = samples(&Info::read(info), None, databases);
        let keys = samples
            .iter()
            .filter(|sample| sample.metric.name == "redis_db_keys");
        keys.map(|sample| sample.value).collect::<Vec<_>>()
    };
    let full = "run_id:a\r\ndb0:keys=7,expires=0,avg_ttl=0\r\ndb2:keys=1,expires=0,avg_ttl=0\r\n";
    assert_eq!(keys(full, &mut databases), [7.0, 1.0]);
    assert_eq!(keys("run_id:a\r\n", &mut databases), [0.0, 0.0]);
}

#[test]
fn what_is_missing_or_garbage_gives_no_sample() {
    let text = "maxmemory:lots\r\nnonsense\r\ndbx:keys=1\r\nused_memory:inf\r\ncmdstat_:calls=1\r\n\
        cmdstat_x:calls=,usec\r\ndb:keys=1\r\ndb0:keys=nan\r\nslave0:ip\r\nuptime_in_seconds:\r\n";
    let samples = samples(&Info::read(text), None, &mut BTreeSet::new());
    assert_eq!(samples, []);
}

proptest! {
    #[test]
    fn any_text_gives_finite_samples_and_no_metric_twice(
        text in "((cmdstat_|errorstat_|db|slave|latency_percentiles_usec_|used_memory|role|loading)\
            [a-z0-9|:=,. -]{0,24}\r\n){0,12}",
    ) {
        let samples = samples(&Info::read(&text), Some(0), &mut BTreeSet::new());
        let metrics: BTreeSet<_> = samples.iter().map(|sample| &sample.metric).collect();
        prop_assert_eq!(metrics.len(), samples.len());
        prop_assert!(samples.iter().all(|sample| sample.value.is_finite()));
    }
}
