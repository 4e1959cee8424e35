//! `critwatch rules`: tests, the export, and the rules that are shipped.

mod alerts;
mod documents;
pub(crate) mod export;
mod faults;
mod levels;
mod replay;
mod unseen;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use critwatch::config;
use critwatch::config::Config;
use serde_json::Value;

use crate::world::PROGRAM;

const ALERTS: &str = include_str!("../../../alerts.toml");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(place: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn rules_of(text: &str) -> Config {
    config::read_rules(text, "alerts.toml", Path::new("."), [].into(), None)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The settings with the rules that stand ready behind `#`.
fn all_rules() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(code) if !code.is_empty() && !code.starts_with([' ', '#']) => code.to_owned(),
        _ => line.to_owned(),
    };
    ALERTS.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Every comparison of a file of tests, as `(rule, what came)`; none failed.
fn passed(place: &Path, file: &str) -> BTreeSet<(String, String)> {
    let arguments = ["rules", "test", "--all", "--format", "json", file];
    let output = run(place, &arguments);
    let told: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", words(&output.stderr)));
    let failed: Vec<_> = told.iter().filter(|one| one["passed"] != true).collect();
    assert!(failed.is_empty() && output.status.success(), "{failed:#?}");
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    told.iter()
        .map(|one| {
            let state = word(&one["got"]);
            let state = state.split(':').next().unwrap().to_owned();
            (word(&one["what"]), state)
        })
        .collect()
}

#[test]
fn every_rule_that_is_shipped_fires_on_its_bad_series_and_is_quiet_on_its_good_one() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), all_rules()).unwrap();
    for file in ["alerts.test.yml", "tests/rules/more.test.yml"] {
        let name = Path::new(file).file_name().unwrap();
        std::fs::copy(root().join(file), place.path().join(name)).unwrap();
    }
    let mut seen = passed(place.path(), "alerts.test.yml");
    seen.extend(passed(place.path(), "more.test.yml"));
    let config = rules_of(&all_rules());
    assert!(config.rules.len() > 30);
    for rule in &config.rules {
        let id = &rule.settings().id.0;
        // The numbers of the file as it is are good ones; capacity.rs tries bad ones.
        let states: &[&str] = if id == "capacity-lint" {
            &["quiet"]
        } else {
            &["quiet", "firing"]
        };
        for state in states {
            let case = (id.clone(), (*state).to_owned());
            assert!(seen.contains(&case), "no test in which {id} is {state}");
        }
    }
}

#[test]
fn the_tests_that_are_shipped_pass_on_the_settings_that_are_shipped() {
    assert!(passed(root(), "alerts.test.yml").len() > 50);
}

#[test]
fn the_shipped_rules_are_those_of_the_reference() {
    let config = rules_of(&all_rules());
    let ids: BTreeSet<_> = config
        .rules
        .iter()
        .map(|rule| rule.settings().id.0.as_str())
        .collect();
    for id in [
        "redis-unreachable",
        "redis-oom-replies",
        "redis-over-limit",
        "redis-memory-info",
        "redis-memory-warn",
        "redis-memory-high",
        "redis-memory-eta",
        "redis-evicting",
        "redis-keyspace-collapse",
        "redis-rejected-clients",
        "redis-write-blocked",
        "redis-fragmentation",
        "queue-age-warn",
        "queue-age-high",
        "queue-no-progress",
        "queue-backlog-growth",
        "queue-lost",
        "queue-reserved-stale",
        "queue-failures",
        "worker-missing",
        "worker-heartbeat-split",
        "worker-restart-storm",
        "worker-oom-kill",
        "worker-saturated",
        "host-memory",
        "capacity-lint",
        "rolls-failing",
        "session-canary",
        "api-burn",
        "upstream",
        "monitor-stale",
    ] {
        assert!(ids.contains(id), "{id} is missing");
    }
}

#[test]
fn on_a_cstate_site_its_systems_are_the_components() {
    let place = tempfile::tempdir().unwrap();
    let site = "title: Dice\nparams:\n  categories:\n    - name: All\n  systems:\n    \
        - name: Web Sockets\n      category: All\n";
    std::fs::write(place.path().join("config.yml"), site).unwrap();
    let rules = "[[rule]]\nid = 'a'\nexpr = 'up == 0'\nseverity = 'down'\n\
        components = ['web-sockets']\ntitle = 'T'\ntext = 't'\n";
    std::fs::write(place.path().join("alerts.toml"), rules).unwrap();
    let output = run(place.path(), &["rules", "export", "--cstate", "."]);
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert!(words(&output.stdout).contains("components: \"web-sockets\""));
}

#[test]
fn a_rule_that_names_an_alert_is_listed_tested_and_not_exported() {
    let place = tempfile::tempdir().unwrap();
    let settings = "[site]\ntitle = 'T'\n[[component]]\nid = 'api'\nname = 'API'\n\
        [[collector]]\nid = 'alerts'\ntype = 'alerts'\nwatchdog = 'Watchdog'\n\
        [[rule]]\nid = 'api-slow'\nalert = 'ApiSlow'\nseverity = 'down'\n\
        components = ['api']\ntitle = 'T'\ntext = 't'\n";
    let tests = "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n      \
        - { series: 'critwatch_alerts{job=\"alerts\", state=\"firing\"}', values: '0x4 1x4' }\n      \
        - { series: 'ALERTS{job=\"alerts\", alertname=\"ApiSlow\", alertstate=\"firing\"}', \
        values: '_x5 1x3' }\n    verdicts:\n      \
        - { eval_time: 4m, rule: api-slow, state: quiet }\n      \
        - { eval_time: 6m, rule: api-slow, state: firing }\n";
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    std::fs::write(place.path().join("alerts.test.yml"), tests).unwrap();
    assert_eq!(passed(place.path(), "alerts.test.yml").len(), 2);
    let check = run(place.path(), &["check", "--strict"]);
    assert!(check.status.success(), "{}", words(&check.stderr));
    let listed = words(&run(place.path(), &["rules", "list"]).stdout);
    let expr = "ALERTS{alertname=\"ApiSlow\", alertstate=\"firing\", job=\"alerts\"} or \
        critwatch_alerts{job=\"alerts\"} < 0";
    assert!(listed.contains(expr), "{listed}");
    let exported = words(&run(place.path(), &["rules", "export"]).stdout);
    assert!(!exported.contains("ApiSlow"), "{exported}");
}
