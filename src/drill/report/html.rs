//! The report as a page: one file, without anything from elsewhere.

use askama::Template;

use crate::drill::judge::judgement::Judgement;
use crate::drill::record::DrillRecord;
use crate::drill::report::markdown::{ReportRow, entries};
use crate::drill::report::{chart, facts};
use crate::drill::scenario::outage::Scenario;

/// Widths of the chart: on a desk, and in a hand.
const WIDTHS: [f64; 2] = [904.0, 334.0];

#[derive(Template)]
#[template(path = "drill.html")]
struct DrillReportPage<'r> {
    title: &'r str,
    about: &'r str,
    subtitle: String,
    verdict: String,
    holds: bool,
    charts: [String; 2],
    merits: Vec<MeritRow>,
    faults: Vec<(String, &'r str)>,
    steps: Vec<(usize, String, &'r str)>,
    timeline: Vec<(String, ReportRow)>,
    stats: Vec<(String, &'static str, bool)>,
    rolls: String,
    synthetic: &'r [String],
}

struct MeritRow {
    cells: [String; 3],
    holds: bool,
    is_free: bool,
}

/// The report as a page.
pub(crate) fn report(
    scenario: &Scenario,
    record: &DrillRecord,
    judgement: &Judgement,
) -> askama::Result<String> {
    let wrong = &judgement.wrong_minutes;
    let merits = judgement.merits.iter().map(|merit| MeritRow {
        cells: facts::merit(merit),
        holds: merit.holds,
        is_free: merit.is_free,
    });
    let faults = judgement.faults.iter();
    let steps = record.steps.iter().enumerate();
    let timeline = entries(scenario, record).into_iter();
    DrillReportPage {
        title: &scenario.head.title,
        about: &scenario.head.about,
        subtitle: facts::subtitle(scenario, record),
        verdict: facts::verdict(record, judgement),
        holds: judgement.holds(),
        charts: WIDTHS.map(|width| chart::draw(scenario, record, wrong, width)),
        merits: merits.collect(),
        faults: faults
            .map(|fault| (facts::minute(fault.t), &*fault.text))
            .collect(),
        steps: steps
            .map(|(at, step)| (at + 1, facts::minute(step.t), &*step.text))
            .collect(),
        timeline: timeline.map(|row| (facts::minute(row.t), row)).collect(),
        stats: stats(record),
        rolls: facts::rolls(&record.rolls),
        synthetic: &scenario.head.synthetic,
    }
    .render()
}

/// Numbers of rolls that are shown large; the last says whether it should be zero and is not.
fn stats(record: &DrillRecord) -> Vec<(String, &'static str, bool)> {
    let rolls = &record.rolls;
    vec![
        (rolls.offered.to_string(), "rolls wanted", false),
        (rolls.in_time.to_string(), "answered at once", false),
        (rolls.late.to_string(), "answered late", false),
        (rolls.refused.to_string(), "refused", false),
        (rolls.lost.to_string(), "taken and lost", rolls.lost > 0),
        (
            rolls.doubled.to_string(),
            "answered twice",
            rolls.doubled > 0,
        ),
    ]
}
