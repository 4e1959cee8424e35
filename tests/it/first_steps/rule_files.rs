//! `critwatch import prometheus-rules`: what our `PromQL` evaluates is taken, the rest
//! is named, and what is taken evaluates as it did.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use serde_json::Value;

use crate::place::Place;
use crate::promql::rows::ROWS;
use crate::promql::series::series;
use crate::promql::world::{instant, window};
use crate::rules::export::promtool;

fn fixture(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/rules/imported").join(name)
}

/// Imports a file into `out.toml`; the report.
fn import(place: &Place, file: &Path, more: &[&str]) -> Value {
    let file = file.to_str().unwrap();
    let arguments = ["import", "prometheus-rules", file, "--out", "out.toml"];
    place.json(&[&arguments, more].concat())
}

/// The rules that settings export, as Prometheus reads them, by name.
fn exported(place: &Place) -> BTreeMap<String, Value> {
    let done = place.run(&[
        "rules",
        "export",
        "--config",
        "out.toml",
        "--out",
        "again.yml",
    ]);
    assert_eq!(done.code, 0, "{}", done.said);
    let text = std::fs::read_to_string(place.path("again.yml")).unwrap();
    let file: Value = serde_saphyr::from_str(&text).unwrap();
    let rules = file["groups"][0]["rules"].as_array().unwrap().iter();
    let named = rules.map(|rule| (rule["alert"].as_str().unwrap().to_owned(), rule.clone()));
    named.collect()
}

fn reasons(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let left = findings.filter(|one| one["kind"] == "rule-not-taken");
    left.map(|one| one["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn well_known_rule_files_are_taken_whole_and_the_rest_is_named() {
    for (file, taken, left) in [
        ("awesome-redis.yml", 12, &[][..]),
        ("awesome-sidekiq.yml", 2, &[]),
        ("awesome-host.yml", 24, &[]),
        ("redis-mixin.yml", 7, &[]),
        (
            "node-mixin.yml",
            10,
            &[
                "`NodeLoadHigh` is skipped: it needs the recorded series `instance:node_load1_per_cpu:ratio`",
                "`NodeLatencyHistogram` is skipped: function histogram_avg is not evaluated",
            ],
        ),
    ] {
        let place = Place::new();
        let report = import(&place, &fixture(file), &[]);
        assert_eq!(report["taken"], taken, "{file}: {report:#}");
        let reasons = reasons(&report);
        assert_eq!(reasons.len(), left.len(), "{file}: {reasons:?}");
        for (reason, expected) in reasons.iter().zip(left) {
            assert!(reason.starts_with(expected), "{file}: {reason}");
        }
        let lines = report["findings"].as_array().unwrap().iter();
        let placed = lines.filter(|one| one["line"].as_u64().is_some_and(|line| line > 2));
        assert_eq!(placed.count(), report["findings"].as_array().unwrap().len());
        let done = place.run(&["check", "--config", "out.toml"]);
        assert_eq!(done.code, 0, "{file}: {}{}", done.out, done.said);
        assert_eq!(exported(&place).len(), taken, "{file}");
        if promtool() {
            let checked = Command::new("promtool")
                .args(["check", "rules"])
                .arg(place.path("again.yml"))
                .output()
                .unwrap();
            assert!(checked.status.success(), "{file}: {checked:?}");
        }
    }
}

#[test]
fn texts_severities_and_recorded_series_are_taken_over() {
    let place = Place::new();
    let report = import(&place, &fixture("node-mixin.yml"), &[]);
    assert_eq!(report["jobs"], serde_json::json!(["node"]));
    let text = std::fs::read_to_string(place.path("out.toml")).unwrap();
    for words in [
        "# runbook_url: https://runbooks.example.org/node/nodefilesystemspacefillingup",
        "id = \"node-filesystem-space-filling-up-critical\"",
        "title = \"Filesystem is predicted to run out of space within the next 4 hours\"",
        "expr = '(rate(node_vmstat_pgmajfault{job=\"node\"}[5m])) > 500'",
        "has only {{ printf \"%.2f\" $value }}% available space left",
        "severity = \"notice\"\npublish = \"internal\"",
        "for = \"1h\"\nseverity = \"down\"\npublish = \"draft\"",
        "id = \"node-exporter\"\nname = \"Node exporter\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // A file with rules alone, for settings that have the component.
    let place = Place::new();
    import(
        &place,
        &fixture("redis-mixin.yml"),
        &["--component", "api", "--publish", "auto"],
    );
    let own = std::fs::read_to_string(place.path("alerts.toml")).unwrap();
    let rules = std::fs::read_to_string(place.path("out.toml")).unwrap();
    assert!(
        !rules.contains("[site]") && !rules.contains("publish"),
        "{rules}"
    );
    std::fs::write(place.path("out.toml"), format!("{own}{rules}")).unwrap();
    assert_eq!(exported(&place).len(), 7);
}

#[test]
fn what_a_prometheus_is_to_evaluate_needs_nothing_of_ours() {
    let place = Place::new();
    let report = import(
        &place,
        &fixture("node-mixin.yml"),
        &["--source", "prometheus"],
    );
    assert_eq!(report["notTaken"], 0, "{report:#}");
    assert_eq!(report["taken"], 12);
    let done = place.run(&["check", "--config", "out.toml"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.said);
}

#[test]
fn what_is_no_rule_file_or_in_the_way_is_refused_with_its_place() {
    let place = Place::new();
    let refused = |name: &str, text: &str, words: &str| {
        std::fs::write(place.path(name), text).unwrap();
        let done = place.run(&["import", "prometheus-rules", name]);
        assert_eq!(done.code, 2, "{name}: {}", done.said);
        assert!(done.said.contains(words), "{name}: {}", done.said);
        assert!(!place.path("imported.toml").exists());
    };
    refused("a.yml", "groups:\n  - name: [\n", "a.yml:");
    refused("b.yml", "scrape_configs: []\n", "b.yml has no `groups`");
    refused(
        "c.yml",
        "groups:\n  - name: a\n    rules: []\n",
        "no alert that can be imported",
    );
    refused("d.yml", &"a".repeat(5 << 20), "cannot read d.yml");
    std::fs::write(place.path("imported.toml"), "mine").unwrap();
    let file = fixture("redis-mixin.yml");
    let done = place.run(&["import", "prometheus-rules", file.to_str().unwrap()]);
    assert_eq!(done.code, 2);
    assert!(
        done.said.contains("already exists and was not overwritten"),
        "{}",
        done.said
    );
    assert_eq!(
        std::fs::read_to_string(place.path("imported.toml")).unwrap(),
        "mine"
    );
    // A resource of Kubernetes holds the same groups.
    let crd = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n    \
        - name: a\n      rules:\n        - { alert: X, expr: 'up == 0', for: 5m }\n";
    std::fs::write(place.path("crd.yml"), crd).unwrap();
    assert_eq!(import(&place, Path::new("crd.yml"), &[])["taken"], 1);
}

/// How an expression may be written into a rule file.
#[derive(Clone, Copy, Debug)]
enum Written {
    Quoted,
    Block,
    Commented,
}

fn rule_file(rules: &[(&str, Written, u64)]) -> String {
    let mut text = "groups:\n  - name: all\n    rules:\n".to_owned();
    for (number, (expr, written, hold)) in rules.iter().enumerate() {
        writeln!(text, "      - alert: Rule{number}").unwrap();
        let lines = |text: &str| text.replace('\n', "\n          ");
        match written {
            Written::Quoted => writeln!(text, "        expr: {}", Value::from(*expr)).unwrap(),
            Written::Block => writeln!(text, "        expr: |\n          {}", lines(expr)).unwrap(),
            Written::Commented => {
                let expr = format!("({expr}\n) # 'why' \"so\"");
                writeln!(text, "        expr: |-\n          {}", lines(&expr)).unwrap();
            }
        }
        writeln!(
            text,
            "        for: {hold}s\n        keep_firing_for: {}s",
            2 * hold
        )
        .unwrap();
        writeln!(text, "        labels: {{ severity: page }}").unwrap();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn an_imported_rule_that_is_exported_again_evaluates_the_same(
        picked in prop::collection::vec(
            (0..ROWS.len(), 0..3usize, 0..90u64), 30..60,
        ),
    ) {
        let rules: Vec<_> = picked
            .iter()
            .map(|(row, written, hold)| {
                let written = [Written::Quoted, Written::Block, Written::Commented][*written];
                (ROWS[*row], written, *hold)
            })
            .collect();
        let place = Place::new();
        std::fs::write(place.path("in.yml"), rule_file(&rules)).unwrap();
        let report = import(&place, Path::new("in.yml"), &[]);
        prop_assert_eq!(&report["taken"], &Value::from(rules.len()), "{:#}", report);
        let again = exported(&place);
        let window = window(&series(), 0);
        for (number, (expr, _, hold)) in rules.iter().enumerate() {
            let rule = &again[&format!("rule{number}")];
            let printed = rule["expr"].as_str().unwrap();
            for at in [613_037, 893_037] {
                let (before, after) = (instant(expr, &window, at), instant(printed, &window, at));
                prop_assert_eq!(format!("{before:?}"), format!("{after:?}"), "{}", expr);
            }
            let length = |key: &str| critwatch::model::time::duration::parse(
                rule[key].as_str().unwrap_or("0s"),
            );
            prop_assert_eq!(length("for").unwrap().as_secs(), *hold);
            prop_assert_eq!(length("keep_firing_for").unwrap().as_secs(), 2 * hold);
        }
    }
}
