//! Rules with levels, and rules that clear later than they are raised.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use critwatch::config;
use critwatch::config::Config;
use critwatch::model::sample::{CollectorId, Sample, Scrape};
use critwatch::store::record::RecordWriter;
use jiff::Timestamp;
use serde_json::Value;

use crate::world::PROGRAM;

const HEAD: &str = r#"
[site]
title = "D"
[[component]]
id = "worker"
name = "Worker"
"#;

const LEVELS: &str = r#"
[[rule]]
id = "waiting"
value = 'waiting{queue="rolls"}'
disrupted = { above = 3, clear = 1 }
down = { above = 60, clear = 30, for = "2m", title = "Rolls fail" }
components = ["worker"]
title = "Rolls are slow"
text = "The oldest waits for {{ value }} s; {{ count }} in all."
[[rule]]
id = "workers"
expr = 'sum(workers) < 2'
clear = 'sum(workers) < 4'
keep_firing_for = "90s"
severity = "notice"
components = ["worker"]
title = "Few workers"
text = "{{ value }} are left."
"#;

/// One test that both judges are to pass.
const BOTH: &str = r"
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - series: 'waiting{queue=\'rolls\'}'
        values: '2 4 2 1.5 1 2 61 61 61 31 30 2 1'
      - series: 'workers'
        values: '4 3 1 3 4 3 4 4 4 3 1 3 3'
    alert_rule_test:
FIRING
";

/// When each of the alerts fires, by the minute; where a question mark stands,
/// Prometheus goes on for one evaluation longer than we do.
const FIRING: [(&str, &str, &str); 3] = [
    (
        "waiting",
        "queue: rolls, severity: disrupted",
        "0111001111110",
    ),
    (
        "waiting-down",
        "queue: rolls, severity: down",
        "0000000011000",
    ),
    // Kept for a while in minute 4, and held from there on.
    ("workers", "severity: notice", "0011111?00111"),
];

fn run(place: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn rules_of(text: &str) -> Result<Config, String> {
    config::read_rules(text, "alerts.toml", Path::new("."), [].into(), None)
        .map_err(|error| error.to_string())
}

fn both() -> String {
    let mut lines = Vec::new();
    for (name, labels, minutes) in FIRING {
        for (minute, fires) in minutes.chars().enumerate() {
            let alerts = match fires {
                '1' => format!("[{{ exp_labels: {{ {labels}, components: worker }} }}]"),
                '0' => "[]".to_owned(),
                _ => continue,
            };
            lines.push(format!(
                "      - {{ eval_time: {minute}m, alertname: {name}, exp_alerts: {alerts} }}"
            ));
        }
    }
    BOTH.replace("\\'", "''")
        .replace("FIRING", &lines.join("\n"))
}

#[test]
fn a_level_rises_and_clears_alike_here_and_in_prometheus() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    std::fs::write(place.join("alerts.toml"), format!("{HEAD}{LEVELS}")).unwrap();
    std::fs::write(place.join("t.yml"), both()).unwrap();
    let tried = run(place, PROGRAM, &["rules", "test", "t.yml"]);
    assert!(tried.status.success(), "{}", words(&tried.stdout));
    let exported = run(place, PROGRAM, &["rules", "export", "--out", "rules.yml"]);
    assert!(exported.status.success(), "{}", words(&exported.stderr));
    if Command::new("promtool").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "promtool is not on PATH");
        eprintln!("NOT TESTED: promtool is not on PATH");
        return;
    }
    let checked = run(place, "promtool", &["check", "rules", "rules.yml"]);
    let text = std::fs::read_to_string(place.join("rules.yml")).unwrap();
    assert!(
        checked.status.success() && words(&checked.stdout).contains("3 rules found"),
        "{}{text}",
        words(&checked.stderr)
    );
    // Prometheus compares annotations always, we where they are given.
    let plain: Vec<_> = text
        .lines()
        .filter(|line| {
            let key = line.trim_start().split(':').next().unwrap();
            !["annotations", "summary", "description"].contains(&key)
        })
        .collect();
    std::fs::write(place.join("rules.yml"), plain.join("\n")).unwrap();
    let tried = run(place, "promtool", &["test", "rules", "t.yml"]);
    assert!(
        tried.status.success(),
        "{}{}{text}",
        words(&tried.stdout),
        words(&tried.stderr)
    );
}

#[test]
fn a_replay_holds_a_level_until_it_clears() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let rules = LEVELS.replace("for = \"2m\", ", "");
    std::fs::write(place.join("alerts.toml"), format!("{HEAD}{rules}")).unwrap();
    let values = [2, 4, 2, 2, 1, 1, 61, 31, 29, 2, 1, 1];
    let second = |second: i64| Timestamp::from_second(1_760_000_000 + second).unwrap();
    let mut writer = RecordWriter::open(&place.join("record"), 1 << 24).unwrap();
    for (now, value) in (0..).zip(values) {
        let sample = Sample::new("waiting", [("queue", "rolls")], f64::from(value));
        let scrape = Scrape {
            collector: CollectorId("redis".into()),
            at: second(now),
            good_until: second(now) + Duration::from_secs(3),
            samples: vec![sample],
        };
        writer.append(&scrape).unwrap();
    }
    drop(writer);
    let arguments = ["rules", "replay", "record", "--format", "json"];
    let replayed = run(place, PROGRAM, &arguments);
    let told: Value = serde_json::from_slice(&replayed.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", words(&replayed.stderr)));
    let moment = |value: &Value| {
        let at: Timestamp = value.as_str()?.parse().ok()?;
        Some(at.as_second() - 1_760_000_000)
    };
    let firings = told["firings"].as_array().unwrap().iter();
    let firings: Vec<_> = firings
        .map(|firing| {
            let rule = firing["rule"].as_str().unwrap();
            (rule, moment(&firing["since"]), moment(&firing["until"]))
        })
        .collect();
    assert_eq!(
        firings,
        [
            ("waiting", Some(1), Some(4)),
            ("waiting", Some(6), Some(10)),
            ("waiting-down", Some(6), Some(8)),
        ],
        "{told:#}"
    );
}

/// Lines of a rule, the line that is at fault, and what is said of it.
const FAULTS: [(&str, usize, &str); 16] = [
    ("value = \"w\"", 12, "say from when it is bad"),
    ("down = { above = 3 }", 7, "missing key `value`"),
    (
        "value = \"w > 3\"\ndown = { above = 3 }",
        12,
        "this compares already",
    ),
    ("value = \"w(\"\ndown = { above = 3 }", 12, "unclosed left"),
    (
        "value = \"w\"\ndown = { above = 3, clear = 4 }",
        13,
        "it clears where the value is good again: at 3 or below it",
    ),
    (
        "value = \"w\"\ndown = { below = 3, clear = 2 }",
        13,
        "it clears where the value is good again: at 3 or above it",
    ),
    (
        "value = \"w\"\ndown = { above = \"3\" }",
        13,
        "invalid type: string",
    ),
    (
        "value = \"w\"\ndown = { abve = 3 }",
        13,
        "unknown key `abve`",
    ),
    (
        "value = \"w\"\ndown = { above = 3, title = \"{{ value }}\" }",
        13,
        "a title has no values",
    ),
    (
        "value = \"w\"\ndown = { above = 3, text = \"{{ valu }}\" }",
        13,
        "`{{ valu }}` cannot be filled in",
    ),
    (
        "value = \"w\"\nexpr = \"w > 3\"\ndown = { above = 3 }",
        13,
        "take `expr` away",
    ),
    (
        "value = \"w\"\nseverity = \"down\"\ndown = { above = 3 }",
        13,
        "the levels name the severity",
    ),
    (
        "value = \"w\"\nclear = \"w > 1\"\ndown = { above = 3 }",
        13,
        "each level clears at its own value",
    ),
    (
        "value = \"w\"\nnotice = { above = 3 }\ndown = { above = 2 }",
        14,
        "it is graver than `notice`, which begins at 3",
    ),
    (
        "value = \"w\"\nnotice = { above = 3 }\ndown = { below = 2 }",
        14,
        "all levels look to the same side",
    ),
    (
        "expr = \"w > 3\"\nclear = \"w >\"\nseverity = \"down\"",
        13,
        "the right operand is missing",
    ),
];

fn rule(lines: &str) -> String {
    format!(
        "{HEAD}[[rule]]\nid = \"waiting\"\ncomponents = [\"worker\"]\ntitle = \"T\"\n\
        text = \"t\"\n{lines}\n"
    )
}

#[test]
fn every_fault_of_levels_is_told_with_its_place() {
    for (lines, line, expected) in FAULTS {
        let told = rules_of(&rule(lines)).unwrap_err();
        assert!(
            told.contains(expected) && told.contains(&format!("alerts.toml:{line}:")),
            "{lines}\n{told}"
        );
        assert_eq!(told.matches("error:").count(), 1, "{lines}\n{told}");
    }
}

#[test]
fn a_level_that_has_the_name_of_another_rule_is_a_fault() {
    let other = "[[rule]]\nid = \"waiting-down\"\nexpr = \"up == 0\"\nseverity = \"down\"\n\
        components = [\"worker\"]\ntitle = \"T\"\ntext = \"t\"\n";
    let two = "value = \"w\"\nnotice = { above = 1 }\ndown = { above = 3 }\n";
    for (text, expected) in [
        (
            format!("{}{other}", rule(two)),
            "`waiting-down` appears twice",
        ),
        (
            rule(two).replace(HEAD, &format!("{HEAD}{other}")),
            "one of its levels would be the rule `waiting-down`, which is there already",
        ),
    ] {
        let told = rules_of(&text).unwrap_err();
        assert!(told.contains(expected), "{told}");
        assert_eq!(told.matches("error:").count(), 1, "{told}");
    }
}

#[test]
fn levels_of_another_server_are_asked_there_and_alerts_have_none() {
    let collector = |kind: &str| {
        format!(
            "source = 'p'\n{HEAD}[[collector]]\nid = 'p'\ntype = '{kind}'\n\
            url = 'http://127.0.0.1:9'\n"
        )
    };
    let query = collector("query") + LEVELS;
    let config = config::read(&query, "alerts.toml", Path::new("."), [].into(), None).unwrap();
    let asked: Vec<_> = config
        .collectors
        .iter()
        .flat_map(|(_, target)| match target {
            critwatch::collect::target::Target::Query(settings) => settings.rules.clone(),
            _ => Vec::new(),
        })
        .map(|(id, expr)| format!("{id}: {expr}"))
        .collect();
    assert_eq!(
        asked,
        [
            "waiting: waiting{queue=\"rolls\"} > 3",
            "waiting:clear: waiting{queue=\"rolls\"} > 1",
            "waiting-down: waiting{queue=\"rolls\"} > 60",
            "waiting-down:clear: waiting{queue=\"rolls\"} > 30",
            "workers: sum(workers) < 2",
            "workers:clear: sum(workers) < 4",
        ]
    );
    let told = rules_of(&(collector("alerts") + LEVELS)).unwrap_err();
    for expected in [
        "alerts bring no values",
        "alerts say by themselves when they end",
    ] {
        assert!(told.contains(expected), "{told}");
    }
}
