//! The report on a terminal, and what is told while a drill runs.

use crate::drill::conductor::conduct::DrillProgress;
use crate::drill::judge::judgement::Judgement;
use crate::drill::record::DrillRecord;
use crate::drill::report::facts;
use crate::drill::scenario::outage::Scenario;

/// The report at the end.
pub(crate) fn report(scenario: &Scenario, record: &DrillRecord, judgement: &Judgement) -> String {
    let mut lines = vec![
        scenario.head.title.clone(),
        facts::subtitle(scenario, record),
        String::new(),
        facts::verdict(record, judgement),
    ];
    if !judgement.merits.is_empty() {
        lines.push(String::new());
        let rows: Vec<_> = judgement
            .merits
            .iter()
            .map(|merit| {
                let sign = match (merit.holds, merit.is_free) {
                    (true, true) => " ",
                    (true, false) => "✓",
                    (false, _) => "✗",
                };
                (facts::merit(merit), sign)
            })
            .collect();
        let width = |at: usize| {
            let cells = rows.iter().map(|(cells, _)| cells[at].chars().count());
            cells.max().unwrap_or_default()
        };
        let (first, second) = (width(0), width(1).max("then".len()));
        lines.push(format!("  {:first$}  {:>second$}  now", "", "then"));
        for ([what, then, now], sign) in &rows {
            lines.push(format!("{sign} {what:first$}  {then:>second$}  {now}"));
        }
    }
    if !judgement.faults.is_empty() {
        lines.push(String::new());
        for fault in &judgement.faults {
            lines.push(format!("✗ {:>6}  {}", facts::minute(fault.t), fault.text));
        }
    }
    lines.push(String::new());
    lines.push(facts::rolls(&record.rolls));
    lines.join("\n")
}

/// One line while it runs.
pub(crate) fn progress(scenario: &Scenario, progress: &DrillProgress<'_>) -> String {
    match progress {
        DrillProgress::Begun(t) => format!(
            "{} begins at {}, everything is up",
            scenario.head.name,
            facts::minute(*t)
        ),
        DrillProgress::Step(step) => {
            let failed = step.failed.as_ref();
            let failed = failed.map_or(String::new(), |why| format!(": FAILED, {why}"));
            format!("{:>6}  » {}{failed}", facts::minute(step.t), step.text)
        }
        DrillProgress::Minute(minute) => {
            let phase = scenario.phase(minute.t).map_or("", |phase| &phase.id);
            let service = &minute.service;
            let memory = service
                .memory
                .map_or_else(|| "?".to_owned(), |share| format!("{:.0} %", share * 100.0));
            let page = minute.page.as_ref();
            let said = page.map_or_else(
                || "the page does not answer".to_owned(),
                |page| format!("{}: {}", page.overall, page.banner),
            );
            format!(
                "{:>6}  {phase:<16} redis {memory:>5}  refused {:>4}  rolls {:>3} ok {:>3} failed  {said}",
                facts::minute(minute.t),
                service.refused,
                service.rolls_ok,
                service.rolls_failed
            )
        }
    }
}
