//! Changes that are seen in samples: each once, and none that was none.

use std::time::Duration;

use proptest::prelude::*;

use crate::model::component::ComponentId;
use crate::model::fixtures::component;
use crate::model::sample::Sample;
use crate::model::text::language::Language;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn id() -> CollectorId {
    CollectorId("c".into())
}

fn changes() -> Changes {
    Changes::new(
        [(id(), vec![component("cache", "Cache")])].into(),
        Language::En,
    )
}

fn scrape(second: i64, samples: Vec<Sample>) -> Scrape {
    Scrape {
        collector: id(),
        at: at(second),
        good_until: at(second) + Duration::from_secs(5),
        samples,
    }
}

/// A sample as it is written: `name{label=value} 1`.
fn sample(text: &str) -> Sample {
    let (series, value) = text.rsplit_once(' ').unwrap();
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    let labels = labels.trim_end_matches('}').split(',');
    let labels = labels.filter_map(|label| label.split_once('='));
    let mut sample = Sample::new(name, [], value.parse().unwrap());
    let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
    sample.metric.labels = labels.collect();
    sample
}

/// What is told of scrapes: `second: samples; samples`.
fn reported(lines: &[&str]) -> Vec<String> {
    let mut changes = changes();
    let mut reported = Vec::new();
    for line in lines {
        let (second, samples) = line.split_once(':').unwrap();
        let samples = samples.split(';').map(str::trim);
        let samples = samples.filter(|text| !text.is_empty()).map(sample);
        let second: i64 = second.parse().unwrap();
        for SeenChange { event, since } in changes.compare_all(&scrape(second, samples.collect())) {
            assert_eq!(event.components, [ComponentId("cache".into())]);
            assert_eq!(event.source, EventSource::Collector(id()));
            assert_eq!(event.noted, at(second));
            assert!(since < event.noted && event.at <= event.noted, "{event:?}");
            let happened = event.at.duration_since(at(0)).as_secs();
            reported.push(format!(
                "{second}: {} {happened}: {}",
                event.kind, event.text
            ));
        }
    }
    reported
}

const RESTARTED: &str = "Cache was restarted.";

#[test]
fn a_server_that_began_anew_was_restarted() {
    let expected = [format!("12: restart 10: {RESTARTED}")];
    for lines in [
        [
            "1: redis_uptime_in_seconds 100",
            "2: redis_uptime_in_seconds 101",
            "12: redis_uptime_in_seconds 2",
        ],
        // In between it did not answer, or nobody looked.
        [
            "1: redis_up 1; redis_uptime_in_seconds 100",
            "5: redis_up 0",
            "12: redis_up 1; redis_uptime_in_seconds 2",
        ],
        // So young that its age had not grown beyond that of the last life.
        [
            "1: redis_uptime_in_seconds 1; redis_instance_info{run_id=a,role=master} 1",
            "4: redis_uptime_in_seconds 4; redis_instance_info{run_id=a,role=slave} 1",
            "12: redis_uptime_in_seconds 2; redis_instance_info{run_id=b,role=slave} 1",
        ],
        [
            "1: redis_uptime_in_seconds 1; redis_instance_info{run_id=a} 1",
            "2: redis_uptime_in_seconds 2; redis_instance_info{run_id=a} 1",
            "12: redis_uptime_in_seconds 2; redis_instance_info{run_id=b} 1",
        ],
    ] {
        assert_eq!(reported(&lines), expected, "{lines:?}");
    }
}

#[test]
fn another_server_is_no_restart() {
    for lines in [
        // First sight.
        vec!["1: redis_uptime_in_seconds 0"],
        vec!["1: redis_up 0", "2: redis_up 1; redis_uptime_in_seconds 3"],
        // A replica that was there before took over.
        vec![
            "1: redis_uptime_in_seconds 900; redis_instance_info{run_id=a} 1",
            "2: redis_uptime_in_seconds 300; redis_instance_info{run_id=b} 1",
        ],
        // Two servers behind one address, in turns.
        vec![
            "1: redis_uptime_in_seconds 900",
            "2: redis_uptime_in_seconds 300",
            "3: redis_uptime_in_seconds 902",
            "4: redis_uptime_in_seconds 302",
        ],
        // Its own clock was set back.
        vec![
            "1: redis_uptime_in_seconds 900; redis_instance_info{run_id=a} 1",
            "2: redis_uptime_in_seconds 1; redis_instance_info{run_id=a} 1",
        ],
        // After an hour without a look nothing is compared.
        vec![
            "1: redis_uptime_in_seconds 900",
            "3602: redis_uptime_in_seconds 2",
        ],
        // Nodes of a cluster come, go, and are told apart.
        vec![
            "1: redis_uptime_in_seconds{instance=a} 900; redis_uptime_in_seconds{instance=b} 5",
            "2: redis_uptime_in_seconds{instance=b} 6",
            "3: redis_uptime_in_seconds{instance=a} 902; redis_uptime_in_seconds{instance=c} 1",
        ],
    ] {
        assert_eq!(reported(&lines), [""; 0], "{lines:?}");
    }
}

#[test]
fn a_process_that_began_anew_was_restarted() {
    let start = |second: i64| 1_700_000_000 + second;
    let page =
        |second: i64, began: i64| format!("{second}: process_start_time_seconds {}", start(began));
    let group = |second: i64, began: i64| {
        let name = "namedprocess_namegroup_oldest_start_time_seconds{groupname=w}";
        format!("{second}: {name} {}", start(began))
    };
    for (lines, expected) in [
        (vec![page(1, -900), page(2, -900), page(9, 7)], Some(7)),
        (vec![group(1, -900), group(9, 7)], Some(7)),
        // The clock of that machine is ahead, or behind.
        (vec![page(1, -900), page(9, 30)], Some(9)),
        (vec![page(1, -900), page(9, -20)], Some(1)),
        // First sight, after long, and a start that is not exact.
        (vec![page(1, 0)], None),
        (vec![page(1, -900), page(3700, 3690)], None),
        (vec![page(1, -900), page(2, -899), page(3, -900)], None),
        // Several behind one address, in turns.
        (
            vec![page(1, -900), page(2, -300), page(3, -900), page(4, -300)],
            None,
        ),
        // The oldest of a group ended; the others were there before.
        (vec![group(1, -900), group(2, -300)], None),
        (
            vec!["1: process_start_time_seconds NaN".to_owned(), page(2, 1)],
            None,
        ),
    ] {
        let borrowed: Vec<_> = lines.iter().map(String::as_str).collect();
        let reported = reported(&borrowed);
        let expected = expected.map(|moment| format!("restart {moment}: {RESTARTED}"));
        let found = reported.first().and_then(|line| line.split_once(": "));
        assert_eq!(
            found.map(|(_, rest)| rest),
            expected.as_deref(),
            "{lines:?}"
        );
        assert!(reported.len() < 2, "{reported:?}");
    }
}

#[test]
fn the_start_of_an_exporter_is_no_restart_of_what_it_tells_of() {
    for other in ["redis_up 1", "node_load1 1", "namedprocess_scrape_errors 0"] {
        let lines = [
            format!("1: process_start_time_seconds 1600000000; {other}"),
            format!("2: process_start_time_seconds 1700000001; {other}"),
        ];
        assert_eq!(reported(&[&lines[0], &lines[1]]), [""; 0], "{other}");
    }
}

#[test]
fn counted_restarts_are_restarts_and_a_counter_that_fell_is_none() {
    let name = "dice_worker_restarts_total";
    let lines: Vec<_> = [
        (1, "{reason=memory} 3"),
        (2, "{reason=memory} 3"),
        (3, "{reason=memory} 4"),
        // The process that counts began anew, and counts on.
        (100, "{reason=memory} 0"),
        (101, "{reason=memory} 0"),
        (102, "{reason=memory} 2"),
        // First sight of another reason.
        (200, "{reason=error} 1"),
        (201, ""),
        (202, "{reason=error} 1"),
    ]
    .iter()
    .map(|(second, rest)| match *rest {
        "" => format!("{second}:"),
        rest => format!("{second}: {name}{rest}"),
    })
    .collect();
    let borrowed: Vec<_> = lines.iter().map(String::as_str).collect();
    assert_eq!(
        reported(&borrowed),
        [
            format!("3: restart 3: {RESTARTED}"),
            format!("102: restart 102: {RESTARTED}"),
        ]
    );
}

#[test]
fn restarts_in_a_storm_are_told_once_a_minute() {
    let lines: Vec<_> = (0..150)
        .map(|second| format!("{second}: x_restarts_total {}", second.min(70)))
        .collect();
    let borrowed: Vec<_> = lines.iter().map(String::as_str).collect();
    assert_eq!(
        reported(&borrowed),
        [
            format!("1: restart 1: {RESTARTED}"),
            "61: restart 61: Cache was restarted 60 more times.".to_owned(),
            "121: restart 70: Cache was restarted 9 more times.".to_owned(),
        ]
    );
}

#[test]
fn a_command_that_deletes_all_is_a_flush() {
    let up = "redis_up 1; redis_uptime_in_seconds";
    let info = "redis_commands_total{cmd=info}";
    for (lines, expected) in [
        // A command that was never called is not listed.
        (
            vec![
                format!("1: {up} 100; {info} 7"),
                format!("2: {up} 101; {info} 8; redis_commands_total{{cmd=flushall}} 1"),
            ],
            true,
        ),
        (
            vec![
                format!("1: {up} 100; redis_commands_total{{cmd=flushdb}} 1"),
                format!("2: {up} 101; redis_commands_total{{cmd=flushdb}} 2"),
            ],
            true,
        ),
        // First sight; it is there from before.
        (
            vec![format!(
                "1: {up} 100; redis_commands_total{{cmd=flushdb}} 9"
            )],
            false,
        ),
        // The counts of commands could not be read before.
        (
            vec![
                format!("1: {up} 100"),
                format!("2: {up} 101; redis_commands_total{{cmd=flushdb}} 9"),
            ],
            false,
        ),
        // They were set back, and go on.
        (
            vec![
                format!("1: {up} 100; redis_commands_total{{cmd=flushdb}} 9"),
                format!("2: {up} 101; {info} 1"),
                format!("3: {up} 102; {info} 2"),
            ],
            false,
        ),
        // Another server, which was told so in its own time.
        (
            vec![
                format!("1: {up} 900; {info} 9; redis_instance_info{{run_id=a}} 1"),
                format!(
                    "2: {up} 300; redis_commands_total{{cmd=flushdb}} 9; redis_instance_info{{run_id=b}} 1"
                ),
            ],
            false,
        ),
    ] {
        let borrowed: Vec<_> = lines.iter().map(String::as_str).collect();
        let reported = reported(&borrowed);
        let flush = "2: flush 2: Data in Cache was deleted by a command.".to_owned();
        assert_eq!(
            reported,
            expected.then_some(flush).into_iter().collect::<Vec<_>>(),
            "{lines:?}"
        );
    }
}

#[test]
fn keys_that_went_within_a_minute_are_told_unless_there_is_a_reason() {
    let keys = |second: i64, keys: u32| {
        format!(
            "{second}: redis_up 1; redis_uptime_in_seconds {}; redis_db_keys{{db=db0}} {keys}",
            100 + second
        )
    };
    let node = |second: i64, a: u32, b: u32| {
        format!(
            "{second}: redis_db_keys{{db=db0,instance=a}} {a}; redis_db_keys{{db=db0,instance=b}} {b}"
        )
    };
    for (lines, expected) in [
        (vec![keys(1, 5000), keys(2, 2000)], Some(2)),
        (
            vec![keys(1, 5000), keys(30, 3000), keys(59, 2000)],
            Some(59),
        ),
        // Too few, too little, too slow, after a gap.
        (vec![keys(1, 1000), keys(2, 0)], None),
        (vec![keys(1, 5000), keys(2, 2500)], None),
        (vec![keys(1, 5000), keys(31, 3000), keys(61, 2000)], None),
        (vec![keys(1, 5000), keys(100, 0)], None),
        // It does not answer, or nothing is listed.
        (
            vec![
                keys(1, 5000),
                "2: redis_up 0; redis_db_keys{db=db0} 0".to_owned(),
            ],
            None,
        ),
        (vec![keys(1, 5000), "2: redis_up 1".to_owned()], None),
        // It reads its file after a restart; what is then there is what it has.
        (
            vec![
                keys(1, 5000),
                "2: redis_up 1; redis_loading_dump_file 1; redis_db_keys{db=db0} 10".to_owned(),
            ],
            None,
        ),
        // Keys move within a cluster; a node that is gone took its own along.
        (vec![node(1, 5000, 0), node(2, 1000, 4000)], None),
        (
            vec![
                node(1, 5000, 10),
                "2: redis_db_keys{db=db0,instance=b} 10".to_owned(),
            ],
            None,
        ),
        (vec![node(1, 5000, 10), node(2, 0, 10)], Some(2)),
    ] {
        let borrowed: Vec<_> = lines.iter().map(String::as_str).collect();
        let expected = expected
            .map(|second| format!("{second}: flush {second}: Most of the data in Cache is gone."));
        assert_eq!(
            reported(&borrowed),
            expected.into_iter().collect::<Vec<_>>(),
            "{lines:?}"
        );
    }
}

#[test]
fn a_restart_that_lost_the_keys_is_a_restart() {
    let lines = [
        "1: redis_uptime_in_seconds 100; redis_db_keys{db=db0} 5000",
        "2: redis_uptime_in_seconds 0; redis_db_keys{db=db0} 0",
    ];
    assert_eq!(reported(&lines), [format!("2: restart 2: {RESTARTED}")]);
}

#[test]
fn a_flush_that_is_counted_and_seen_is_told_once() {
    let info = "redis_commands_total{cmd=info} 1; redis_uptime_in_seconds";
    let lines = [
        format!("1: {info} 100; redis_db_keys{{db=db0}} 5000"),
        format!("2: {info} 101; redis_db_keys{{db=db0}} 0; redis_commands_total{{cmd=flushall}} 1"),
        format!("3: {info} 102; redis_db_keys{{db=db0}} 0; redis_commands_total{{cmd=flushall}} 1"),
    ];
    let flush = "2: flush 2: Data in Cache was deleted by a command.";
    assert_eq!(reported(&[&lines[0], &lines[1], &lines[2]]), [flush]);
}

#[test]
fn a_changed_limit_is_told_and_one_that_flaps_once_a_minute() {
    let limit = |second: i64, mib: u32| {
        format!(
            "{second}: redis_uptime_in_seconds {}; redis_memory_max_bytes {}",
            100 + second,
            mib * 1_048_576
        )
    };
    let words = |from: u32, to: u32| {
        format!("The memory limit of Cache was changed from {from} MiB to {to} MiB.")
    };
    for (lines, expected) in [
        (
            vec![limit(1, 100), limit(2, 100), limit(3, 256), limit(4, 256)],
            vec![format!("3: limit 3: {}", words(100, 256))],
        ),
        // First sight, a failed look in between, and after too long.
        (
            vec![limit(1, 100), "2: redis_up 0".to_owned(), limit(3, 100)],
            vec![],
        ),
        (vec![limit(1, 100), limit(3700, 256)], vec![]),
        // It goes to and fro.
        (
            vec![
                limit(1, 100),
                limit(2, 256),
                limit(3, 100),
                limit(4, 256),
                limit(70, 256),
            ],
            vec![format!("2: limit 2: {}", words(100, 256))],
        ),
        (
            vec![
                limit(1, 100),
                limit(2, 256),
                limit(3, 512),
                limit(61, 512),
                limit(62, 512),
            ],
            vec![
                format!("2: limit 2: {}", words(100, 256)),
                format!("62: limit 62: {}", words(256, 512)),
            ],
        ),
    ] {
        let borrowed: Vec<_> = lines.iter().map(String::as_str).collect();
        assert_eq!(reported(&borrowed), expected, "{lines:?}");
    }
}

#[test]
fn what_another_clock_measured_is_forgotten() {
    let mut changes = changes();
    let one = |value: &str| vec![sample(&format!("redis_uptime_in_seconds {value}"))];
    assert!(changes.compare_all(&scrape(100, one("900"))).is_empty());
    changes.forget();
    assert!(changes.compare_all(&scrape(1, one("2"))).is_empty());
    assert_eq!(changes.compare_all(&scrape(9, one("1"))).len(), 1);
}

#[test]
fn collectors_do_not_know_of_each_other_and_neutral_words_name_nobody() {
    let mut changes = Changes::new(BTreeMap::new(), Language::En);
    let of = |name: &str, second: i64, value: f64| Scrape {
        collector: CollectorId(name.into()),
        ..scrape(
            second,
            vec![Sample::new(
                "redis_uptime_in_seconds",
                [("job", name)],
                value,
            )],
        )
    };
    assert!(
        changes
            .compare_all(&of("redis-at-10.0.0.7", 1, 900.0))
            .is_empty()
    );
    assert!(changes.compare_all(&of("b", 2, 3.0)).is_empty());
    let seen = changes.compare_all(&of("redis-at-10.0.0.7", 3, 1.0));
    assert_eq!(seen[0].event.text, "A data store was restarted.");
    assert!(seen[0].event.components.is_empty());
}

/// One step of a random walk: how long nothing was seen, and what then is.
fn walk() -> impl Strategy<Value = Vec<(i64, Vec<Sample>)>> {
    let names = prop::sample::select(vec![
        "redis_up",
        "redis_uptime_in_seconds",
        "redis_instance_info{run_id=a}",
        "redis_instance_info{run_id=b}",
        "redis_memory_max_bytes",
        "redis_db_keys{db=db0}",
        "redis_commands_total{cmd=flushall}",
        "redis_commands_total{cmd=info}",
        "process_start_time_seconds",
        "a_restarts_total",
    ]);
    let odd = prop::sample::select(vec![f64::NAN, f64::INFINITY, -1.0, 1e300]);
    let value = prop_oneof![8 => (0..100_000_u32).prop_map(f64::from), 1 => odd];
    let samples = prop::collection::vec((names, value), 0..8).prop_map(|samples| {
        let samples = samples.into_iter().map(|(series, value)| {
            let mut sample = sample(&format!("{series} 0"));
            sample.value = value;
            sample
        });
        // No scrape has a metric twice.
        let mut samples: Vec<_> = samples.collect();
        samples.sort_by(|a, b| a.metric.cmp(&b.metric));
        samples.dedup_by(|a, b| a.metric == b.metric);
        samples
    });
    prop::collection::vec((-10..5000_i64, samples), 1..30)
}

proptest! {
    #[test]
    fn random_walks_never_panic_and_nothing_is_told_at_first_sight(steps in walk()) {
        let mut changes = changes();
        let (mut second, mut names) = (0, std::collections::BTreeSet::new());
        let mut restarts = Vec::new();
        for (pause, samples) in steps {
            second += pause;
            let fresh: Vec<_> = samples.iter().map(|sample| sample.metric.name.clone()).collect();
            let known = fresh.iter().any(|name| names.contains(name));
            let seen = changes.compare_all(&scrape(second, samples));
            prop_assert!(known || seen.iter().all(|one| one.event.text.contains("more")
                || one.event.text.contains("once")), "{seen:?}");
            for one in &seen {
                prop_assert!(one.event.at <= one.event.noted);
                if one.event.kind == EventKind::Restart {
                    restarts.push(second);
                }
            }
            prop_assert!(seen.len() <= 3);
            names.extend(fresh);
        }
        // While the clock goes forward there is one a minute at most.
        let apart = restarts.windows(2).all(|two| two[1] - two[0] >= 60 || two[1] <= two[0]);
        prop_assert!(apart || restarts.windows(2).any(|two| two[1] < two[0]), "{restarts:?}");
    }

    #[test]
    fn a_server_that_only_grows_older_is_never_told_of(
        pauses in prop::collection::vec((1..4000_i64, any::<bool>()), 1..40),
    ) {
        let mut changes = changes();
        let mut second = 0;
        for (pause, answers) in pauses {
            second += pause;
            let samples = if answers {
                let value = |name: &str, value: i64| sample(&format!("{name} {value}"));
                vec![
                    value("redis_up", 1),
                    value("redis_uptime_in_seconds", 50 + second),
                    value("redis_memory_max_bytes", 1000),
                    value("redis_db_keys{db=db0}", 5000),
                    value("redis_commands_total{cmd=flushdb}", 3),
                ]
            } else {
                vec![sample("redis_up 0")]
            };
            prop_assert_eq!(changes.compare_all(&scrape(second, samples)), vec![]);
        }
    }
}
