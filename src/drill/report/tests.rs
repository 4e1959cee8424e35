//! The report of a recorded run, in each of its forms.

use crate::drill::judge::judge;
use crate::drill::record::DrillRecord;
use crate::drill::report::{facts, html, markdown, terminal};
use crate::drill::scenario::builtin::BuiltIn;
use crate::drill::scenario::read;
use crate::model::fixtures;

/// A drill that was run once, on real parts.
const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/drill/record.json");

#[test]
fn a_recorded_run_is_told_in_the_same_words() {
    let record: DrillRecord =
        serde_json::from_str(&std::fs::read_to_string(RECORD).unwrap()).unwrap();
    let built_in = BuiltIn::named(&record.scenario).unwrap();
    let scenario = read::scenario(built_in.scenario, built_in.name).unwrap();
    let judgement = judge(&scenario, &record);
    let told = terminal::report(&scenario, &record, &judgement);
    fixtures::golden("drill-report.txt", &told);
    let told = markdown::report(&scenario, &record, &judgement);
    fixtures::golden("drill-report.md", &told);
    let told = html::report(&scenario, &record, &judgement).unwrap();
    fixtures::golden("drill-report.html", &told);
}

#[test]
fn spans_are_written_as_people_say_them() {
    for (minutes, expected) in [
        (0.0, "0"),
        (0.2, "12 s"),
        (1.5, "1 min 30 s"),
        (72.0, "1 h 12 min"),
        (50.4, "50 min"),
        (854.3, "14 h 14 min"),
        (-7.0, "−7 min"),
    ] {
        assert_eq!(facts::span(minutes), expected);
    }
}
