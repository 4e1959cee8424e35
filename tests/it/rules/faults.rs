//! What is wrong with rules, told with its place.

use std::path::Path;

use critwatch::config;
use serde_json::Value;

use crate::rules::{ALERTS, root, run, words};

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
