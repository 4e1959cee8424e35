//! Presets: rules that are ready to be used.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::world::PROGRAM;

/// Each preset with what its collector says besides its id, and how many rules
/// it brings.
const PRESETS: [(&str, &str, usize); 13] = [
    (
        "redis",
        "id = 'redis'\ntype = 'redis'\nurl = 'redis://h'",
        8,
    ),
    (
        "rq",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'rq'\nname = 'q'",
        3,
    ),
    (
        "sidekiq",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'sidekiq'",
        3,
    ),
    (
        "horizon",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'horizon'\nhorizon_prefix = 'h:'\nname = 'q'",
        3,
    ),
    (
        "resque",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'resque'",
        3,
    ),
    (
        "laravel",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'laravel'\nname = 'q'",
        2,
    ),
    (
        "celery",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'celery'\nname = 'q'",
        2,
    ),
    (
        "bullmq",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'bullmq'\nname = 'q'",
        2,
    ),
    (
        "dramatiq",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'dramatiq'\nname = 'q'",
        2,
    ),
    (
        "arq",
        "type = 'redis'\nurl = 'redis://h'\n[[collector.queue]]\nsystem = 'arq'\nname = 'q'",
        2,
    ),
    (
        "website",
        "id = 'page'\ntype = 'http'\nurl = 'https://h/'",
        3,
    ),
    ("host", "type = 'host'", 3),
    (
        "prometheus",
        "id = 'app'\ntype = 'prometheus'\nurl = 'http://h/metrics'",
        1,
    ),
];

const HEAD: &str = "[site]\ntitle = 'T'\n[[component]]\nid = 'cache'\nname = 'Cache'\n";

/// A collector, with its id if it does not say one itself.
fn collector(name: &str, keys: &str) -> String {
    let id = if keys.starts_with("id") {
        String::new()
    } else {
        format!("id = 'c-{name}'\n")
    };
    format!("[[collector]]\n{id}{keys}\n")
}

fn critwatch(place: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(PROGRAM);
    let output = command.args(arguments).current_dir(place).output().unwrap();
    let texts = [output.stderr, output.stdout].map(|text| String::from_utf8(text).unwrap());
    (output.status.code(), texts.concat())
}

fn place(settings: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    place
}

fn check(settings: &str) -> (Option<i32>, String) {
    critwatch(place(settings).path(), &["check", "--strict"])
}

fn rules(settings: &str) -> Vec<Value> {
    let place = place(settings);
    let mut command = Command::new(PROGRAM);
    command.args(["rules", "list", "--format", "json"]);
    let output = command.current_dir(place.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// All presets in one file.
fn all() -> String {
    let names: Vec<_> = PRESETS
        .iter()
        .map(|(name, ..)| format!("'{name}'"))
        .collect();
    let collectors = PRESETS.iter().map(|(name, keys, _)| collector(name, keys));
    format!(
        "use = [{}]\n{HEAD}{}",
        names.join(", "),
        collectors.collect::<String>()
    )
}

#[test]
fn each_preset_needs_one_collector_and_one_component() {
    for (name, keys, count) in PRESETS {
        let settings = format!("use = ['{name}']\n{HEAD}{}", collector(name, keys));
        let (code, said) = check(&settings);
        assert_eq!(code, Some(0), "{name}: {said}");
        let rules = rules(&settings);
        assert_eq!(rules.len(), count, "{name}");
        assert!(rules.iter().all(|rule| rule["components"][0] == "cache"));
        let text = format!("{rules:?}");
        for placeholder in ["COMPONENT", "SYSTEM", "JOBS"] {
            assert!(!text.contains(placeholder), "{text}");
        }
    }
}

/// Tests of the rules for queues, which differ by the name of the system alone.
fn queue_tests() -> String {
    let mut tests = String::new();
    let queues = PRESETS
        .iter()
        .filter(|(_, keys, _)| keys.contains("system"));
    for (name, _, count) in queues {
        let age = format!(
            "queue_oldest_job_age_seconds{{system=\"{name}\", queue=\"q\", state=\"pending\"}}"
        );
        let _ = write!(
            tests,
            "  - name: {name} waits\n    interval: 1m\n    input_series:\n      \
            - {{ series: '{age}', values: '0x4 120x5 400x9' }}\n      \
            - {{ series: 'queue_workers{{system=\"{name}\"}}', values: '1x4 0x14' }}\n    verdicts:\n"
        );
        let mut expect = |rule: &str, quiet: u32, firing: u32| {
            for (minute, state) in [(quiet, "quiet"), (firing, "firing")] {
                let _ = writeln!(
                    tests,
                    "      - {{ eval_time: {minute}m, rule: {name}-{rule}, state: {state} }}"
                );
            }
        };
        expect("late", 4, 7);
        expect("very-late", 8, 12);
        if *count == 3 {
            expect("no-worker", 4, 7);
        }
    }
    tests
}

#[test]
fn every_rule_of_every_preset_fires_on_its_bad_series_and_is_quiet_on_its_good_one() {
    let place = place(&all());
    let tests = include_str!("../rules/presets.test.yml").to_owned();
    let tests = [tests, queue_tests()].concat();
    std::fs::write(place.path().join("alerts.test.yml"), tests).unwrap();
    let arguments = [
        "rules",
        "test",
        "--all",
        "--format",
        "json",
        "alerts.test.yml",
    ];
    let output = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(place.path())
        .output()
        .unwrap();
    let told: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let failed: Vec<_> = told.iter().filter(|one| one["passed"] != true).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let word = |value: &Value| {
        value
            .as_str()
            .unwrap()
            .split(':')
            .next()
            .unwrap()
            .to_owned()
    };
    let seen: BTreeSet<_> = told
        .iter()
        .map(|one| (word(&one["what"]), word(&one["got"])))
        .collect();
    let rules = rules(&all());
    assert_eq!(
        rules.len(),
        PRESETS.iter().map(|(.., count)| count).sum::<usize>()
    );
    for rule in rules {
        for state in ["quiet", "firing"] {
            let case = (word(&rule["id"]), state.to_owned());
            assert!(seen.contains(&case), "no test in which {case:?}");
        }
    }
}

#[test]
fn a_rule_of_the_file_overrides_only_what_it_says() {
    let (name, keys, _) = PRESETS[0];
    let redis = collector(name, keys);
    let settings = format!(
        "use = ['redis']\n{HEAD}[[component]]\nid = 'api'\nname = 'API'\n{redis}\
        [preset.redis]\ncomponents = ['cache', 'api']\nwithout = ['redis-fragmentation']\n\
        [[rule]]\nid = 'redis-unreachable'\nfor = '1m'\ncomponents = ['cache']\n\
        [[rule]]\nid = 'redis-memory-high'\nexpr = 'redis_memory_used_bytes > 1e9'\n\
        [[rule]]\nid = 'own'\nexpr = 'up == 0'\nseverity = 'down'\ncomponents = ['api']\n\
        title = 'T'\ntext = 't'\n"
    );
    let (code, said) = check(&settings);
    assert_eq!(code, Some(0), "{said}");
    let rules = rules(&settings);
    let rule = |id: &str| rules.iter().find(|rule| rule["id"] == id);
    assert_eq!(rules.len(), 8);
    assert!(rule("redis-fragmentation").is_none() && rule("own").is_some());
    let gone = rule("redis-unreachable").unwrap();
    assert_eq!(gone["forSeconds"], 60.0);
    assert_eq!(gone["expr"], "redis_up == 0");
    assert_eq!(gone["components"], serde_json::json!(["cache"]));
    let full = rule("redis-memory-high").unwrap();
    assert_eq!(full["expr"], "redis_memory_used_bytes > 1e9");
    assert!(full["clear"].is_null() && full["severity"] == "disrupted");
    assert_eq!(full["title"], "Cache is nearly full");
}

#[test]
fn a_preset_is_about_the_components_that_its_collectors_are_there_for() {
    let settings = format!(
        "use = ['redis']\n{HEAD}[[component]]\nid = 'api'\nname = 'API'\n\
        [[collector]]\nid = 'r'\ntype = 'redis'\nurl = 'redis://h'\nconcerns = ['api']\n"
    );
    assert_eq!(
        rules(&settings)[0]["components"],
        serde_json::json!(["api"])
    );
    assert_eq!(check(&settings).0, Some(0));
}

#[test]
fn the_example_of_the_document_passes() {
    let document = include_str!("../../docs/rules.md");
    let example = document
        .split("```toml\n")
        .find(|block| block.starts_with("use = "));
    let (code, said) = check(example.unwrap().split("```").next().unwrap());
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn what_is_wrong_with_a_preset_is_told_at_its_place() {
    let (name, keys, _) = PRESETS[0];
    let redis = collector(name, keys);
    let two = format!("{HEAD}[[component]]\nid = 'api'\nname = 'API'\n");
    for (settings, place, words) in [
        (
            format!("use = ['reddis']\n{HEAD}{redis}"),
            "alerts.toml:1:8",
            "there are `redis`, `rq`, `sidekiq`",
        ),
        (
            format!("use = ['reddis']\n{HEAD}{redis}"),
            "",
            "did you mean `redis`?",
        ),
        (
            format!("use = 'redis'\n{HEAD}{redis}"),
            "alerts.toml:1:7",
            "in a list",
        ),
        (
            format!("use = ['redis']\n{two}{redis}"),
            "alerts.toml:1:8",
            "say whom the rules of the preset are about: `[preset.redis]`",
        ),
        (
            format!("use = ['redis']\n{HEAD}{redis}[preset.redis]\ncomponents = ['cashe']\n"),
            "alerts.toml:",
            "there is no component `cashe`; did you mean `cache`?",
        ),
        (
            format!("use = ['redis']\n{HEAD}{redis}[preset.redis]\nwithout = ['redis-evictin']\n"),
            "alerts.toml:",
            "no rule `redis-evictin`; did you mean `redis-evicting`?",
        ),
        (
            format!("use = ['redis']\n{HEAD}{redis}[preset.rq]\nwithout = []\n"),
            "alerts.toml:",
            "`rq` is not in `use`",
        ),
        (
            format!("use = ['redis']\n{HEAD}{redis}[preset.redis]\ncomponent = 'cache'\n"),
            "alerts.toml:",
            "did you mean `components`?",
        ),
        (
            format!("use = ['rq']\n{HEAD}{redis}"),
            "alerts.toml:1:8",
            "needs a `[[collector.queue]]` with `system = \"rq\"`",
        ),
    ] {
        let (code, said) = check(&settings);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains(place) && said.contains(words),
            "{words}: {said}"
        );
    }
}
