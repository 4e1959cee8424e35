//! What rules say while a collector fails, in the notation of unit tests.

use std::fmt::Write as _;
use std::process::Command;

use crate::world::PROGRAM;

/// Runs a test of rules, each an expression with its `for`; a line is a rule, a
/// minute and the state that it must have.
fn check(rules: &[(&str, &str, &str)], series: &[(&str, &str)], expected: &[(&str, u32, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n".to_owned();
    for (id, expr, hold) in rules {
        let _ = write!(
            settings,
            "[[rule]]\nid = '{id}'\nexpr = '{expr}'\nfor = '{hold}'\nseverity = 'down'\n\
             components = ['c']\ntitle = 'T'\ntext = 't'\n"
        );
    }
    let mut tests =
        "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n".to_owned();
    for (series, values) in series {
        let _ = write!(
            tests,
            "      - series: '{series}'\n        values: '{values}'\n"
        );
    }
    tests.push_str("    verdicts:\n");
    for (rule, minute, state) in expected {
        let _ = writeln!(
            tests,
            "      - {{ eval_time: {minute}m, rule: {rule}, state: {state} }}"
        );
    }
    std::fs::write(folder.path().join("alerts.toml"), settings).unwrap();
    std::fs::write(folder.path().join("t.yml"), tests).unwrap();
    let output = Command::new(PROGRAM)
        .args(["rules", "test", "t.yml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let ok = format!("{} passed, 0 failed\n", expected.len());
    assert_eq!(said, ok, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_failing_collector_makes_unknown_what_may_select_its_series_and_nothing_else() {
    check(
        &[
            ("any", "temp > 50", "0s"),
            ("sum", "sum(temp) > 50", "0s"),
            ("count", "count(temp > 50) > 0", "0s"),
            (
                "either",
                r#"temp{job="a"} > 50 or temp{job="b"} > 50"#,
                "0s",
            ),
            (
                "both",
                r#"sum(temp{job="a"}) > 50 and on () sum(temp) > 0"#,
                "0s",
            ),
            ("missing", r#"absent(temp{job="b"})"#, "0s"),
            ("range", "max_over_time(temp[2m]) > 50", "0s"),
            ("growing", "delta(temp[2m]) > 500", "0s"),
            ("joined", "temp * on (job) group_left () weight > 50", "0s"),
            ("later", "temp offset 1m > 500", "0s"),
            ("only-a", r#"temp{job="a"} > 50"#, "0s"),
            ("not-b", r#"temp{job!="b"} > 50"#, "0s"),
            ("other", "other > 1", "0s"),
            (
                "unless",
                r#"temp{job="a"} > 50 unless on () temp{job="b"} > 0"#,
                "0s",
            ),
        ],
        &[
            (r#"up{job="b"}"#, "1 1 0 0 0 0 0 1 1"),
            (r#"temp{job="a"}"#, "20x8"),
            (r#"other{job="a"}"#, "0x8"),
            (r#"weight{job="a"}"#, "1x8"),
            (r#"temp{job="b"}"#, "20 90 _ _ _ _ _ 20 20"),
            (r#"weight{job="b"}"#, "1 1 _ _ _ _ _ 1 1"),
        ],
        &[
            ("any", 0, "quiet"),
            ("any", 1, "firing"),
            ("any", 2, "unknown"),
            ("any", 6, "unknown"),
            ("any", 7, "quiet"),
            ("sum", 1, "firing"),
            ("sum", 2, "unknown"),
            ("sum", 7, "quiet"),
            ("count", 2, "unknown"),
            ("count", 7, "quiet"),
            ("either", 1, "firing"),
            ("either", 2, "unknown"),
            ("both", 2, "unknown"),
            ("missing", 1, "quiet"),
            ("missing", 2, "unknown"),
            ("missing", 7, "quiet"),
            // The bad sample is still in the range.
            ("range", 2, "firing"),
            ("range", 4, "unknown"),
            ("growing", 3, "unknown"),
            ("joined", 2, "unknown"),
            ("joined", 7, "quiet"),
            // A minute ago it was still seen.
            ("later", 2, "quiet"),
            ("later", 3, "unknown"),
            ("only-a", 2, "quiet"),
            ("not-b", 2, "quiet"),
            ("other", 2, "quiet"),
            ("unless", 2, "quiet"),
        ],
    );
}

#[test]
fn a_series_that_an_answer_lacks_is_gone_and_not_out_of_sight() {
    check(
        &[
            ("any", "temp > 50", "0s"),
            ("missing", r#"absent(temp{job="b"})"#, "0s"),
        ],
        &[
            (r#"up{job="b"}"#, "1 1 1 1 0 1"),
            (r#"temp{job="a"}"#, "20x5"),
            (r#"temp{job="b"}"#, "20 90 stale _ _ _"),
        ],
        &[
            ("any", 1, "firing"),
            ("any", 2, "quiet"),
            // What was gone before does not get out of sight.
            ("any", 4, "quiet"),
            ("missing", 2, "firing"),
            ("any", 5, "quiet"),
        ],
    );
    // The target comes back without the series.
    check(
        &[("any", "temp > 50", "0s")],
        &[
            (r#"up{job="b"}"#, "1 1 0 1 1"),
            (r#"temp{job="a"}"#, "20x4"),
            (r#"temp{job="b"}"#, "20 90 _ _ _"),
        ],
        &[("any", 2, "unknown"), ("any", 3, "quiet")],
    );
}

#[test]
fn time_that_nobody_saw_fires_nothing() {
    let rules = [("ready", "ready == 0", "5m"), ("soon", "ready == 0", "2m")];
    check(
        &rules,
        &[(r#"ready{job="p"}"#, "0 stale _x180 0x6")],
        &[
            ("ready", 0, "pending"),
            ("ready", 1, "unknown"),
            ("ready", 182, "pending"),
            ("ready", 186, "pending"),
            ("ready", 187, "firing"),
        ],
    );
    // One missed scrape is bridged, and does not count.
    check(
        &rules,
        &[
            (r#"up{job="p"}"#, "1 0 1x4"),
            (r#"ready{job="p"}"#, "0 _ 0x4"),
        ],
        &[
            ("soon", 1, "unknown"),
            ("soon", 3, "pending"),
            ("soon", 4, "firing"),
        ],
    );
    // So many are not: it begins anew.
    check(
        &rules,
        &[
            (r#"up{job="p"}"#, "1 1 0x4 1x4"),
            (r#"ready{job="p"}"#, "0 0 _x5 0x4"),
        ],
        &[
            ("soon", 1, "pending"),
            ("soon", 7, "pending"),
            ("soon", 8, "pending"),
            ("soon", 9, "firing"),
        ],
    );
}
