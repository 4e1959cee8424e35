//! `critwatch rules export`: rules for Prometheus, which its own tool accepts.

use std::process::Command;

use crate::rules::{all_rules, passed, root, rules_of, run, words};

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
