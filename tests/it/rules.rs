//! `critwatch rules`: tests, the export, and the rules that are shipped.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use critwatch::config;
use critwatch::config::Config;
use serde_json::Value;

use crate::world::PROGRAM;

const ALERTS: &str = include_str!("../../alerts.toml");

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
fn a_test_that_fails_is_told_with_its_line_and_what_came() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), ALERTS).unwrap();
    let tests = "evaluation_interval: 1s\ntests:\n  - name: it\n    interval: 1s\n    input_series:\n      \
        - { series: 'redis_up', values: '0x5' }\n    verdicts:\n      \
        - { eval_time: 0s, rule: redis-unreachable, state: firing }\n      \
        - { eval_time: 5s, rule: redis-unreachable, state: firing }\n      \
        - { eval_time: 5s, rule: no-such-rule, state: quiet }\n    promql_expr_test:\n      \
        - { expr: 'sum(redis_up', eval_time: 1s }\n";
    std::fs::write(place.path().join("t.yml"), tests).unwrap();
    let output = run(place.path(), &["rules", "test", "t.yml"]);
    assert_eq!(output.status.code(), Some(1));
    let said = words(&output.stdout);
    for line in [
        "t.yml:8: it: redis-unreachable at 0s: failed\n  expected  firing\n  got       pending\n",
        "t.yml:10: it: no-such-rule at 5s: failed\n  expected  quiet\n  got       nothing: there is no rule `no-such-rule`\n",
        "t.yml:12: it: sum(redis_up at 1s: failed\n  expected  nothing\n",
        "\n1 passed, 3 failed\n",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    std::fs::write(place.path().join("t.yml"), "tests:\n  - intervall: 1s\n").unwrap();
    let output = run(place.path(), &["rules", "test", "t.yml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("t.yml:2:"));
}

/// Whether promtool is there; where it must be, its absence is a failure.
#[expect(clippy::disallowed_methods, reason = "tests look at the environment")]
pub(crate) fn promtool() -> bool {
    let found = Command::new("promtool").arg("--version").output().is_ok();
    assert!(
        found || std::env::var_os("CI").is_none(),
        "promtool is not on PATH"
    );
    if !found {
        eprintln!("NOT TESTED: promtool is not on PATH");
    }
    found
}

#[test]
fn the_export_is_the_same_each_time_and_promtool_accepts_it() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), all_rules()).unwrap();
    let output = run(place.path(), &["rules", "export"]);
    assert!(output.status.success());
    let printed = words(&output.stdout);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/rules"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("export.yml", &printed));
    let output = run(place.path(), &["rules", "export", "--out", "rules.yml"]);
    assert!(output.status.success());
    let written = std::fs::read_to_string(place.path().join("rules.yml")).unwrap();
    assert_eq!(written, printed);
    if promtool() {
        let checked = Command::new("promtool")
            .args(["check", "rules", "rules.yml"])
            .current_dir(place.path())
            .output()
            .unwrap();
        assert!(checked.status.success(), "{}", words(&checked.stderr));
        let said = words(&checked.stdout);
        let count = rules_of(&all_rules()).rules.len() + 1; // and `api-burn-slow`
        assert!(said.contains(&format!("{count} rules found")), "{said}");
    }
}

/// Rules with every form of a text, of an objective, and a capacity.
const FORMS: &str = r#"
[site]
title = "D"
[[component]]
id = "api"
name = "API"
[[rule]]
id = "waiting"
expr = 'waiting > 3'
for = "2m"
severity = "notice"
components = ["api"]
title = "It \"waits\""
text = "{{ labels.queue }}: {{ value }}, {{ value | bytes }}, {{ value | duration }}, {{ value | percent }}, {{ value | rate }}, {{ count }}, {{ $value | humanize }}, {{ $value | printf \"%.1f\" }}"
[[rule]]
id = "few"
expr = 'sum by (queue) (waiting) < 2'
keep_firing_for = "5m"
severity = "down"
publish = "draft"
components = ["api"]
title = "Few"
text = "None."
[[rule]]
id = "counted"
objective = 99
good = 'good_total{a="b"}'
total = "tried_total"
severity = "disrupted"
components = ["api"]
title = "Burns"
text = "{{ value | percent }}"
[[capacity]]
id = "room"
components = ["api"]
memory = "1GiB"
main = "2GiB"
publish = "auto"
"#;

/// One test that both judges are to pass.
const BOTH: &str = r"
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - series: 'waiting{queue=\'mail\'}'
        values: '0 4 5x6 _x9 1x9'
      - series: 'waiting{queue=\'rolls\'}'
        values: '9x4 1x20'
    alert_rule_test:
      - { eval_time: 1m, alertname: waiting, exp_alerts: [] }
      - eval_time: 3m
        alertname: waiting
        exp_alerts:
          - exp_labels: { queue: mail, severity: notice, components: api }
          - exp_labels: { queue: rolls, severity: notice, components: api }
      - eval_time: 20m
        alertname: few
        exp_alerts:
          - exp_labels: { queue: mail, severity: down, components: api, publish: draft }
          - exp_labels: { queue: rolls, severity: down, components: api, publish: draft }
      - eval_time: 0m
        alertname: room
        exp_alerts:
          - exp_labels: { severity: notice, components: api }
    promql_expr_test:
      - expr: sum(waiting)
        eval_time: 2m
        exp_samples: [{ labels: '{}', value: 14 }]
";

#[test]
fn a_test_without_texts_passes_here_and_in_promtool() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), FORMS).unwrap();
    let tests = BOTH.replace("\\'", "''");
    // Prometheus compares annotations always, we where they are given.
    std::fs::write(place.path().join("t.yml"), &tests).unwrap();
    passed(place.path(), "t.yml");
    let output = run(place.path(), &["rules", "export", "--out", "rules.yml"]);
    assert!(output.status.success(), "{}", words(&output.stderr));
    if !promtool() {
        return;
    }
    let exported = std::fs::read_to_string(place.path().join("rules.yml")).unwrap();
    let checked = Command::new("promtool")
        .args(["check", "rules", "rules.yml"])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert!(
        checked.status.success(),
        "{}\n{exported}",
        words(&checked.stderr)
    );
    let mut plain = String::new();
    for line in exported.lines() {
        let key = line.trim_start().split(':').next().unwrap();
        if !["annotations", "summary", "description"].contains(&key) {
            plain.push_str(line);
            plain.push('\n');
        }
    }
    std::fs::write(place.path().join("rules.yml"), plain).unwrap();
    let tried = Command::new("promtool")
        .args(["test", "rules", "t.yml"])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert!(
        tried.status.success(),
        "{}{}",
        words(&tried.stdout),
        words(&tried.stderr)
    );
}

#[test]
fn a_capacity_that_does_not_fit_is_a_fault_of_check_and_a_firing_rule_of_serve() {
    let place = tempfile::tempdir().unwrap();
    let alerts = "[site]\ntitle = 'D'\n[[component]]\nid = 'worker'\nname = 'Worker'\n\
        [[capacity]]\nid = 'room'\ncomponents = ['worker']\nmemory = '2GiB'\nmain = '1536MiB'\n\
        [[capacity.pool]]\nchildren = 10\nchild = '256MiB'\n";
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    let output = run(place.path(), &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds: Vec<_> = found.as_array().unwrap().iter().collect();
    assert_eq!(kinds.len(), 2, "{found:#}");
    assert_eq!(
        (&found[0]["kind"], &found[0]["line"]),
        (&"capacity".into(), &9.into())
    );
    assert_eq!(found[1]["kind"], "capacity-main");
    let message = found[0]["message"].as_str().unwrap();
    assert!(
        message.contains("4096 MiB of 2048 MiB (200 %)"),
        "{message}"
    );
    // No fault of the settings: the service starts, and its rule says so.
    let config = config::read(alerts, "alerts.toml", Path::new("."), [].into(), None).unwrap();
    assert_eq!(
        config.rules[0].settings().expr,
        "vector(4294967296) > 2147483648"
    );
}

#[test]
fn every_fault_of_rules_is_told_with_its_place() {
    let text = r#"[site]
title = "D"
[[component]]
id = "api"
name = "API"
[[rule]]
id = "text"
expr = "up == 0"
severity = "down"
components = []
title = "T"
text = "{{ valu }} {{ value"
[[rule]]
id = "low"
objective = 50
probe = "up"
severity = "down"
components = ["api"]
title = "T"
text = "t"
[[rule]]
id = "both"
objective = 99.5
probe = "rate(up[5m])"
total = "up"
severity = "down"
components = ["api"]
title = "T"
text = "t"
[[rule]]
id = "slow-slow"
expr = "up == 0"
severity = "down"
components = ["api"]
title = "T"
text = "t"
[[rule]]
id = "slow"
objective = 99.5
probe = "up"
severity = "down"
components = ["api"]
title = "T"
text = "t"
[[capacity]]
id = "room"
components = ["api"]
memory = "2 gigs"
[[capacity]]
id = "nothing"
components = ["worker"]
memory = "0"
reserve = 120
"#;
    let error = config::read(text, "alerts.toml", Path::new("."), [].into(), None).unwrap_err();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/rules"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("faults.txt", error.to_string()));
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
fn rules_with_a_source_are_tried_and_exported_without_the_secrets_of_their_collectors() {
    let place = tempfile::tempdir().unwrap();
    let rule = |more: &str| {
        format!(
            "[[rule]]\n{more}\nseverity = 'down'\ncomponents = ['c']\ntitle = 'T'\ntext = 't'\n"
        )
    };
    let text = format!(
        "source = 'thanos'\n[site]\ntitle = 'D'\n[ops]\ntoken_file = 'nowhere'\n\
         [[component]]\nid = 'c'\nname = 'C'\n\
         [[collector]]\nid = 'thanos'\ntype = 'query'\nurl = '${{NOWHERE}}'\n\
         [[collector]]\nid = 'pushed'\ntype = 'alerts'\n{}{}{}",
        rule("id = 'theirs'\nexpr = 'histogram_avg(foo) > 2'"),
        rule("id = 'told'\nsource = 'pushed'"),
        rule("id = 'ours'\nsource = 'critwatch'\nexpr = 'up == 0'"),
    );
    std::fs::write(place.path().join("alerts.toml"), text).unwrap();
    let series = "evaluation_interval: 1s\ntests:\n  - input_series:\n      \
        - {series: 'critwatch_query{rule=\"theirs\",job=\"thanos\"}', values: '3'}\n    \
        alert_rule_test:\n      - {eval_time: 0s, alertname: theirs, exp_alerts: [{exp_labels: \
        {components: c, job: thanos, rule: theirs, severity: down}}]}\n";
    std::fs::write(place.path().join("test.yml"), series).unwrap();
    let output = run(place.path(), &["rules", "test", "test.yml"]);
    assert!(
        output.status.success(),
        "{}{}",
        words(&output.stdout),
        words(&output.stderr)
    );
    let output = run(place.path(), &["rules", "export"]);
    assert!(output.status.success(), "{}", words(&output.stderr));
    let exported = words(&output.stdout);
    let alerts: Vec<_> = exported
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert_eq!(alerts, ["theirs", "ours"], "{exported}");
    assert!(exported.contains("histogram_avg(foo) > 2"), "{exported}");
}
