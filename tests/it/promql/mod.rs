//! Our evaluator compared with Prometheus' own, through `promtool test rules`.
//!
//! Each expression is given to promtool with an answer that is never right, so
//! that it tells its own; that is compared with ours. Debian's 2.42 includes
//! the left edge of a range and we do not, therefore no sample lies on an edge:
//! samples are 9.7 s apart, moments and ranges are whole seconds.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod asked;
mod grammar;
mod prometheus;
mod random;
mod rows;
mod series;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use crate::promql::rows::ROWS;
use crate::promql::series::series;
use crate::promql::world::{Answer, alike, instant, window};

/// Two moments in seconds: in the midst of the samples, and behind the last.
const MOMENTS: [i64; 2] = [613, 893];

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whether a missing promtool is a failure"
)]
fn answers_equal_those_of_prometheus() {
    if Command::new("promtool").arg("--version").output().is_err() {
        assert!(
            std::env::var_os("CI").is_none(),
            "promtool is not on PATH: install prometheus"
        );
        println!("NOT TESTED: promtool is not on PATH, so answers were not compared");
        return;
    }
    let theirs = promtool(&unit_tests());
    let window = window(&series(), 0);
    let mut different = String::new();
    for expression in ROWS {
        for at in MOMENTS {
            let ours = instant(expression, &window, at * 1000);
            let theirs = theirs.get(&(expression.to_string(), at));
            // What promtool answers with an error or with nothing it also tells.
            let theirs = theirs.unwrap_or_else(|| panic!("promtool is silent on {expression}"));
            if !alike(&ours, theirs) {
                writeln!(
                    different,
                    "{expression} at {at}s\n  ours   {ours:?}\n  theirs {theirs:?}"
                )
                .unwrap();
            }
        }
    }
    assert!(different.is_empty(), "{different}");
}

fn unit_tests() -> String {
    let mut text = String::from("evaluation_interval: 1m\ntests:\n  - interval: 9s700ms\n");
    text.push_str("    input_series:\n");
    for (name, values) in series() {
        writeln!(text, "      - series: '{name}'\n        values: '{values}'").unwrap();
    }
    text.push_str("    promql_expr_test:\n");
    for expression in ROWS {
        for at in MOMENTS {
            let quoted = expression.replace('\'', "''");
            writeln!(text, "      - expr: '{quoted}'\n        eval_time: {at}s").unwrap();
            text.push_str("        exp_samples: [{labels: never_right, value: 0}]\n");
        }
    }
    // promtool loads samples minute by minute until the last moment asked for.
    text.push_str("      - expr: '1'\n        eval_time: 961s\n");
    text
}

/// Gives promtool's answer to each expression and moment.
fn promtool(unit_tests: &str) -> BTreeMap<(String, i64), Answer> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tests.yml");
    std::fs::write(&file, unit_tests).unwrap();
    let output = Command::new("promtool")
        .args(["test", "rules"])
        .arg(&file)
        .output()
        .unwrap();
    let output = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let mut answers = BTreeMap::new();
    for told in output.split("    expr: \"").skip(1) {
        let (expression, rest) = told.split_once("\", time: ").unwrap();
        let (time, rest) = rest.split_once(',').unwrap();
        let got = rest
            .split_once("got: ")
            .map(|(_, got)| elements(got.lines().next().unwrap()));
        // Durations are told as 10m13s.
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        let at = minutes.parse::<i64>().unwrap() * 60 + seconds.parse::<i64>().unwrap();
        answers.insert(
            (expression.replace("\\\"", "\"").replace("\\\\", "\\"), at),
            got,
        );
    }
    assert!(
        !answers.is_empty(),
        "promtool cannot read the tests: {output}"
    );
    answers
}

/// Reads `{a="1"} 2E+00, {a="2"} 3E+00`; no label value here has a brace.
fn elements(text: &str) -> BTreeMap<String, f64> {
    let parts = text.split('{').skip(1).map(|part| {
        let (labels, value) = part.split_once('}').unwrap();
        let value = value.trim().trim_end_matches(',').parse().unwrap();
        (format!("{{{labels}}}"), value)
    });
    parts.collect()
}
