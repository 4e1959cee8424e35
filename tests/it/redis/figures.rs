//! Figures of real servers: as `redis_exporter` tells them, in every version
//! that is at hand, and over restarts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use critwatch::collect::redis::info;
use critwatch::evaluate::Evaluator;
use critwatch::evaluate::window::limits::WindowLimits;
use critwatch::model::sample::{Brings, CollectorId, Expected, Sample, Take};
use critwatch::model::verdict::RuleState;
use jiff::Timestamp;

use crate::redis::world::{Server, Watcher, free_port};

const EXPORTER: &str = "prometheus-redis-exporter";

/// Values that move between two scrapes, or by being scraped.
const MOVING: [&str; 31] = [
    "redis_allocator_",
    "redis_client_recent_max_",
    "redis_commands_duration_seconds_total",
    "redis_commands_processed_total",
    "redis_commands_total",
    "redis_connected_clients",
    "redis_connected_slave_lag_seconds",
    "redis_connected_slave_offset_bytes",
    "redis_connections_received_total",
    "redis_cpu_",
    "redis_db_avg_ttl_seconds",
    "redis_expire_cycle_cpu_time_ms_total",
    "redis_instantaneous_",
    "redis_latency_percentiles_usec",
    "redis_master_last_io_seconds_ago",
    "redis_master_repl_offset",
    "redis_mem_clients_normal",
    "redis_mem_fragmentation_",
    "redis_memory_used_",
    "redis_net_",
    "redis_rdb_last_save_timestamp_seconds",
    "redis_repl_backlog_",
    "redis_second_repl_offset",
    "redis_slave_repl_offset",
    "redis_start_time_seconds",
    "redis_total_reads_processed",
    "redis_total_writes_processed",
    "redis_uptime_in_seconds",
    "redis_cluster_messages_",
    "redis_rdb_changes_since_last_save",
    "redis_last_slow_execution_duration_seconds",
];

pub(crate) type Series = BTreeMap<(String, BTreeMap<String, String>), f64>;

/// What the exporter tells of a server.
pub(crate) async fn exported(server: &Server, more: &[&str]) -> Series {
    let listen = format!("127.0.0.1:{}", free_port());
    let mut exporter = Command::new(EXPORTER)
        .args(["-redis.addr", &server.url(), "-web.listen-address", &listen])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut page = Watcher::of_page(&format!("http://{listen}/metrics"));
    page.until("the exporter answers", |page| page.failure.is_none())
        .await;
    exporter.kill().unwrap();
    exporter.wait().unwrap();
    let mut series = ours(&page);
    series
        .retain(|(name, _), _| name.starts_with("redis_") && !name.starts_with("redis_exporter_"));
    series
}

pub(crate) fn ours(watcher: &Watcher) -> Series {
    let samples = watcher.samples.iter().cloned().map(|mut sample| {
        sample.metric.labels.remove("job");
        ((sample.metric.name, sample.metric.labels), sample.value)
    });
    samples.collect()
}

/// Compares the series that both have; what only one has is returned by name.
pub(crate) fn compare(theirs: &Series, ours: &Series) -> (Vec<String>, Vec<String>) {
    let mut wrong = Vec::new();
    for (series, theirs) in theirs {
        let name = &*series.0;
        let Some(own) = ours.get(series) else {
            continue;
        };
        let moves = MOVING.iter().any(|prefix| name.starts_with(prefix));
        // Between the two nothing happened but our looking.
        let bound = if moves {
            0.6 * own.abs().max(theirs.abs()) + 20.0
        } else {
            1e-9
        };
        // Buffers of clients depend on who looked in which second.
        let free = ["latency_percentiles", "client_recent_max", "mem_clients"];
        let free = free.iter().any(|part| name.contains(part));
        if !free && (own - theirs).abs() > bound {
            wrong.push(format!("{series:?}: {theirs} there, {own} here"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let without = |one: &Series, other: &Series| {
        let other: Vec<_> = other.keys().map(|(name, _)| name).collect();
        let mut names: Vec<_> = one
            .keys()
            .map(|(name, _)| name)
            .filter(|name| !other.contains(name))
            .cloned()
            .collect();
        names.dedup();
        names
    };
    // The labels of a metric that both have are the same.
    let labels = |series: &Series| {
        let mut names = BTreeMap::<_, Vec<Vec<_>>>::new();
        for (name, labels) in series.keys() {
            let found = names.entry(name.clone()).or_default();
            let labels: Vec<_> = labels.keys().cloned().collect();
            if !found.contains(&labels) {
                found.push(labels);
            }
        }
        names
    };
    let (there, here) = (labels(theirs), labels(ours));
    for (name, labels) in &there {
        if let Some(own) = here.get(name) {
            assert_eq!(own, labels, "{name}");
        }
    }
    (without(theirs, ours), without(ours, theirs))
}

/// A server with something to tell in every section.
fn busy(settings: &[&str]) -> Server {
    let server = Server::start(settings);
    let _: String = server.ask(&["SET", "a", "1", "EX", "1000"]);
    let _: u32 = server.ask(&["RPUSH", "list", "1", "2"]);
    assert_eq!(server.refused(&["LPUSH", "a", "1"]), "WRONGTYPE");
    let _: redis::Value = server.ask(&["EVAL", "for i=1,99999 do redis.call('GET','a') end", "0"]);
    server
}

#[tokio::test]
async fn names_labels_and_values_are_those_of_redis_exporter() {
    if Command::new(EXPORTER).arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "{EXPORTER} is missing");
        eprintln!("{EXPORTER} is not installed: the figures are not compared");
        return;
    }
    let mut server = busy(&[
        "--latency-monitor-threshold",
        "1",
        "--slowlog-log-slower-than",
        "1000",
        "--maxmemory",
        "50mb",
        "--appendonly",
        "yes",
    ]);
    let port = server.port.to_string();
    let mut replica = Server::start(&["--replicaof", "127.0.0.1", &port]);
    replica.until("it has copied all", |replica| {
        let info: String = replica.ask(&["INFO", "replication"]);
        info.contains("master_link_status:up")
    });
    // What it was copied from is saved for it, and takes notice of the end later.
    server.until("it saves no more", |server| {
        let info: String = server.ask(&["INFO", "persistence"]);
        info.contains("rdb_bgsave_in_progress:0") && info.contains("aof_rewrite_in_progress:0")
    });
    for (server, kinds) in [(&server, 150), (&replica, 140)] {
        let mut watcher = Watcher::of(server);
        watcher.good().await;
        let theirs = exported(server, &[]).await;
        let (only_theirs, only_ours) = compare(&theirs, &ours(watcher.good().await));
        assert!(theirs.len() > kinds, "{}", theirs.len());
        // What the exporter tells of itself.
        let left_out = [
            "redis_last_key_groups_scrape_duration_milliseconds",
            "redis_target_scrape_request_errors_total",
        ];
        assert_eq!(only_theirs, left_out, "ours alone: {only_ours:?}");
    }
}

/// Programs of other versions, by a folder that holds them; see `docs/redis.md`.
fn other_servers() -> Vec<std::path::PathBuf> {
    let Some(folder) = std::env::var_os("CRITWATCH_REDIS_SERVERS") else {
        eprintln!("CRITWATCH_REDIS_SERVERS is not set: only one version of Redis is tried");
        return Vec::new();
    };
    let programs = std::fs::read_dir(Path::new(&folder)).unwrap();
    programs.map(|program| program.unwrap().path()).collect()
}

#[tokio::test]
async fn every_version_tells_what_it_has_and_raises_no_error() {
    for program in other_servers() {
        let place = tempfile::tempdir().unwrap();
        let settings = ["--maxmemory", "50mb", "--latency-monitor-threshold", "1"];
        let server = Server::start_in(place, program.to_str().unwrap(), &settings);
        let _: String = server.ask(&["SET", "a", "1", "EX", "1000"]);
        let mut watcher = Watcher::of(&server);
        for _ in 0..3 {
            watcher.good().await;
        }
        for name in [
            "redis_memory_used_bytes",
            "redis_memory_max_bytes",
            "redis_config_maxclients",
            "redis_slowlog_length",
            "redis_start_time_seconds",
            "redis_instance_info",
            "redis_mem_fragmentation_ratio",
            "redis_uptime_in_seconds",
        ] {
            assert!(watcher.value(name).is_some(), "{name} of {program:?}");
        }
        assert_eq!(
            watcher.values("redis_db_keys", &[("db", "db0")]),
            [1.0],
            "{program:?}"
        );
        assert_eq!(watcher.missing(), Vec::<&str>::new(), "{program:?}");
        let errors: f64 = watcher.values("redis_errors_total", &[]).iter().sum();
        assert!(errors < 1.0, "{program:?}: {errors}");
    }
}

#[test]
fn the_versions_that_are_not_at_hand_are_read_from_their_fields() {
    use critwatch::collect::redis::info::sections::Info;
    let read = |text: &str| -> Vec<(String, f64)> {
        let samples = info::samples(&Info::read(text), None, &mut BTreeSet::default());
        samples
            .into_iter()
            .map(|sample| (sample.metric.name, sample.value))
            .collect()
    };
    let own = |name: &str, value: f64| (name.to_owned(), value);
    for (text, name, value) in [
        (
            "redis_version:7.2.6\r\nacl_access_denied_cmd:3\r\n",
            "redis_acl_access_denied_cmd_total",
            3.0,
        ),
        (
            "total_blocking_keys:2\r\n",
            "redis_total_blocking_keys",
            2.0,
        ),
        (
            "redis_version:7.4.1\r\nexpired_subkeys:4\r\n",
            "redis_expired_subkeys_total",
            4.0,
        ),
        (
            "pubsub_clients:1\r\nwatching_clients:0\r\n",
            "redis_pubsub_clients",
            1.0,
        ),
        (
            "client_output_buffer_limit_disconnections:9\r\n",
            "redis_client_output_buffer_limit_disconnections_total",
            9.0,
        ),
        (
            "db0:keys=3,expires=1,avg_ttl=0,subexpiry=1\r\n",
            "redis_db_keys",
            3.0,
        ),
    ] {
        assert!(read(text).contains(&own(name, value)), "{text}");
    }
    let valkey = "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n\
        server_mode:standalone\r\navailability_zone:\r\n";
    let samples = info::samples(&Info::read(valkey), None, &mut BTreeSet::default());
    let labels = &samples[0].metric.labels;
    assert_eq!(labels["valkey_version"], "8.0.1");
    assert_eq!(labels["redis_mode"], "standalone");
}

/// Rules of which the verdicts are asked, by id.
const RULES: [(&str, &str); 3] = [
    (
        "backwards",
        "increase({__name__=~\"redis_.*_total\"}[1m]) < 0",
    ),
    (
        "more",
        "increase(redis_errors_total{err=\"WRONGTYPE\"}[1m]) >= 2",
    ),
    (
        "reset",
        "resets(redis_errors_total{err=\"WRONGTYPE\"}[1m]) == 2",
    ),
];

/// Which of the rules fire after scrapes that were ten seconds apart.
fn firing(scrapes: Vec<Vec<Sample>>) -> Vec<String> {
    let rules = RULES.map(|(id, expression)| {
        format!(
            "[[rule]]\nid = '{id}'\nexpr = '{expression}'\nseverity = 'notice'\n\
             components = ['c']\ntitle = 'T'\ntext = 't'\n"
        )
    });
    let text = format!(
        "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n{}",
        rules.concat()
    );
    let config = critwatch::config::read(&text, "a", Path::new("."), [].into(), None).unwrap();
    let at = |second| Timestamp::from_second(second).unwrap();
    let limits = WindowLimits {
        age: Duration::from_hours(1),
        series: 10_000,
        samples: 100,
        total: 4_000_000,
    };
    let id = CollectorId("it".to_owned());
    let good_for = Duration::from_mins(1);
    let awaited = [Expected {
        collector: id.clone(),
        brings: Brings::Anything,
    }];
    let mut evaluator = Evaluator::new(config.rules, limits, at(1000), awaited);
    let mut now = 1000;
    for samples in scrapes {
        let take = Take {
            collector: id.clone(),
            good_for,
            samples,
            related: Vec::new(),
        };
        now += 10;
        evaluator.ingest(take.at(at(now)));
    }
    let verdicts = evaluator.judge(at(now + 1));
    let firing = verdicts
        .iter()
        .filter(|verdict| matches!(verdict.state, RuleState::Firing { .. }));
    firing.map(|verdict| verdict.rule.to_string()).collect()
}

#[tokio::test]
async fn a_counter_that_falls_was_reset_and_never_counts_backwards() {
    let server = Server::start(&[]);
    let mut watcher = Watcher::of(&server);
    let mut scrapes = Vec::new();
    let fail = |server: &Server, times: usize| {
        let _: String = server.ask(&["SET", "a", "1"]);
        for _ in 0..times {
            assert_eq!(server.refused(&["LPUSH", "a", "1"]), "WRONGTYPE");
        }
    };
    fail(&server, 5);
    scrapes.push(watcher.good().await.samples.clone());
    let _: String = server.ask(&["CONFIG", "RESETSTAT"]);
    fail(&server, 2);
    scrapes.push(watcher.good().await.samples.clone());
    // A new one in its place starts to count anew.
    let port = server.port.to_string();
    let place = server.kill();
    let server = Server::start_in(place, "redis-server", &["--port", &port]);
    fail(&server, 1);
    scrapes.push(watcher.good().await.samples.clone());
    let count = |samples: &Vec<Sample>| {
        let of = |sample: &&Sample| {
            sample
                .metric
                .labels
                .get("err")
                .is_some_and(|err| err == "WRONGTYPE")
        };
        samples.iter().find(of).map(|sample| sample.value)
    };
    let counts: Vec<_> = scrapes.iter().map(count).collect();
    assert_eq!(counts, [Some(5.0), Some(2.0), Some(1.0)]);
    assert_eq!(firing(scrapes), ["more", "reset"]);
}
