//! `for` and `keep_firing_for` of many series, compared with Prometheus' own.
//!
//! Random series with gaps are judged at every minute by `promtool test rules` on
//! the exported rules and by `critwatch rules test` on the settings: the same
//! alerts must fire.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;

use crate::rules::export::promtool;
use crate::world::PROGRAM;

/// The rules: each `for` and `keep_firing_for` in minutes.
const HOLDS: [(u32, u32); 6] = [(0, 0), (1, 0), (3, 0), (0, 2), (2, 1), (3, 4)];

/// Random cases; each is judged at every minute.
const CASES: u64 = 1_000;

/// How many of them stand in one file.
const IN_A_FILE: u64 = 125;

/// Minutes of a case.
const MINUTES: u32 = 14;

/// Which alerts fire: by case, rule and minute, the labels that tell them apart.
type Firing = BTreeMap<(u64, String, u32), BTreeSet<String>>;

fn rules() -> String {
    let mut text = "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n".to_owned();
    for (hold, keep) in HOLDS {
        let _ = write!(
            text,
            "[[rule]]\nid = 'r-{hold}-{keep}'\nexpr = 'bad > 0'\nfor = '{hold}m'\n\
             keep_firing_for = '{keep}m'\nseverity = 'down'\ncomponents = ['c']\n\
             title = 'T'\ntext = 't'\n"
        );
    }
    text
}

/// The values of a series: runs of good and bad ones, gaps that are bridged, and
/// marks that it is gone.
///
/// No gap is as long as five minutes: at that very moment Prometheus 2 still sees
/// a sample, and Prometheus 3 and we do not.
fn series(random: &mut StdRng) -> String {
    let mut values = Vec::new();
    while values.len() <= usize::try_from(MINUTES).unwrap() {
        let (word, longest) = match random.random_range(0..10) {
            0..4 => ("0", 6),
            4..8 => ("1", 6),
            8 if values.last() != Some(&"_") => ("_", 4),
            _ => ("stale", 3),
        };
        let run = random.random_range(1..=longest);
        values.extend(std::iter::repeat_n(word, run));
    }
    values.join(" ")
}

/// The tests of all cases; what they expect is never right, so that promtool
/// tells what it got.
fn tests(first: u64) -> String {
    let mut random = StdRng::seed_from_u64(7 + first);
    let mut text = "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n".to_owned();
    for case in first..first + IN_A_FILE {
        let _ = writeln!(
            text,
            "  - name: case-{case}\n    interval: 1m\n    input_series:"
        );
        // One is always there: where none is, the rule is unknown here, which
        // Prometheus does not know.
        let others = ["a", "b", "c"].iter().take(random.random_range(1..=3));
        let others: Vec<_> = others.map(|name| (*name, series(&mut random))).collect();
        let all = others.into_iter().chain([("z", format!("0x{MINUTES}"))]);
        for (name, values) in all {
            let _ = writeln!(
                text,
                "      - series: 'bad{{i=\"{name}\",case=\"{case}\"}}'\n        values: '{values}'"
            );
        }
        text.push_str("    alert_rule_test:\n");
        for (hold, keep) in HOLDS {
            for minute in 0..=MINUTES {
                let _ = writeln!(
                    text,
                    "      - eval_time: {minute}m\n        alertname: r-{hold}-{keep}\n        \
                     exp_alerts: [{{exp_labels: {{case: '{case}', i: never}}}}]"
                );
            }
        }
    }
    text
}

/// The values of the label `i` in a printed list of alerts.
fn named(alerts: &str) -> BTreeSet<String> {
    let found = alerts.split("i=\"").skip(1);
    let names = found.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
    names.filter(|name| name != "never").collect()
}

fn ours(folder: &Path) -> Firing {
    let output = Command::new(PROGRAM)
        .args([
            "rules",
            "test",
            "--format",
            "json",
            "--config",
            "rules.toml",
            "tests.yml",
        ])
        .current_dir(folder)
        .output()
        .unwrap();
    let told: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    told.iter()
        .map(|one| {
            let case = word(one, "test")
                .trim_start_matches("case-")
                .parse()
                .unwrap();
            let at = word(one, "at");
            let minute = if at == "0s" {
                0
            } else {
                at.trim_end_matches('m').parse().unwrap()
            };
            ((case, word(one, "what"), minute), named(&word(one, "got")))
        })
        .collect()
}

/// Reads what promtool got: `alertname: R, time: 3m,` and behind it `got:[ … ]`.
fn theirs(folder: &Path) -> Firing {
    let output = Command::new("promtool")
        .args(["test", "rules", "tests.yml"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = [output.stderr, output.stdout].concat();
    let text = String::from_utf8(text).unwrap();
    let mut firing = Firing::new();
    for told in text.split("alertname: ").skip(1) {
        let (rule, rest) = told.split_once(", time: ").unwrap();
        let (minute, rest) = rest.split_once(',').unwrap();
        let minute = minute.trim_end_matches('m').trim_end_matches("0s");
        let (expected, got) = rest.split_once("got:").unwrap();
        let case = expected
            .split_once("case=\"")
            .unwrap()
            .1
            .split_once('"')
            .unwrap()
            .0;
        let key = (
            case.parse().unwrap(),
            rule.to_owned(),
            minute.parse().unwrap_or_default(),
        );
        firing.insert(key, named(got));
    }
    firing
}

#[test]
fn for_and_keep_firing_for_of_many_series_are_those_of_prometheus() {
    if !promtool() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("rules.toml", &rules());
    let exported = Command::new(PROGRAM)
        .args([
            "rules",
            "export",
            "--config",
            "rules.toml",
            "--out",
            "rules.yml",
        ])
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(exported.success());
    let (mut our, mut their) = (Firing::new(), Firing::new());
    for first in (0..CASES).step_by(usize::try_from(IN_A_FILE).unwrap()) {
        write("tests.yml", &tests(first));
        our.extend(ours(folder.path()));
        their.extend(theirs(folder.path()));
    }
    let minutes = 1 + usize::try_from(MINUTES).unwrap();
    let asked = usize::try_from(CASES).unwrap() * HOLDS.len() * minutes;
    assert_eq!(our.len(), asked);
    assert_eq!(their.len(), asked);
    // Enough of them fire for the comparison to mean something.
    assert!(their.values().filter(|alerts| alerts.len() > 1).count() > 1_000);
    for (key, expected) in &their {
        let first = key.0 / IN_A_FILE * IN_A_FILE;
        let case = || {
            let all = tests(first);
            let behind = all.split(&format!("- name: case-{}\n", key.0)).nth(1);
            behind
                .unwrap()
                .split("alert_rule_test")
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(&our[key], expected, "{key:?} of {}", case());
    }
}
