//! Judges what is left at the end: incident files and messages.

use std::collections::BTreeSet;

use crate::drill::judge::judgement::JudgedFault;
use crate::drill::record::{DrillRecord, FileSeen, MessageSeen};
use crate::drill::scenario::outage::{ExpectedHead, Scenario};
use crate::model::incident::Phase;

/// Faults of the incident files and of the messages.
pub(crate) fn judge(scenario: &Scenario, record: &DrillRecord) -> Vec<JudgedFault> {
    let mut faults = Vec::new();
    let end = scenario.to();
    let expected = scenario.front_matter.as_ref().filter(|_| !record.is_fixed);
    let wanted = usize::from(expected.is_some());
    if record.files.len() != wanted {
        let names: Vec<_> = record.files.iter().map(|file| file.name.as_str()).collect();
        faults.push(JudgedFault::new(
            end,
            format!(
                "{} incident files instead of {wanted}: {}",
                record.files.len(),
                names.join(", ")
            ),
        ));
    }
    if let (Some(expected), Some(file)) = (expected, record.files.first()) {
        faults.extend(head(expected, file, end));
        let found = recurrences(file);
        if !expected.recurrences.contains(&found) {
            let accepted: Vec<_> = expected.recurrences.iter().map(usize::to_string).collect();
            faults.push(JudgedFault::new(
                end,
                format!(
                    "the file tells of {found} recurrences, not of {}",
                    accepted.join(" or ")
                ),
            ));
        }
    }
    if !record.is_fixed {
        faults.extend(notes(scenario, record));
    }
    faults.extend(messages(scenario, record));
    let failed = record.steps.iter().filter_map(|step| {
        let why = step.failed.as_ref()?;
        let text = format!("“{}” could not be done: {why}", step.text);
        Some(JudgedFault::new(step.t, text))
    });
    faults.extend(failed);
    faults
}

fn head(expected: &ExpectedHead, file: &FileSeen, end: f64) -> Vec<JudgedFault> {
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(JudgedFault::new(end, text));
    let within = |t: f64, (from, to): (f64, f64)| from <= t && t <= to;
    let (from, to) = expected.date;
    if !within(file.date, expected.date) {
        fault(format!(
            "`date` is minute {:.1}, not within {from} and {to}",
            file.date
        ));
    }
    let (from, to) = expected.resolved_when;
    match file.resolved_when {
        Some(at) if within(at, expected.resolved_when) => {}
        Some(at) => fault(format!(
            "`resolvedWhen` is minute {at:.1}, not within {from} and {to}"
        )),
        None => fault("`resolvedWhen` is missing".to_owned()),
    }
    let affected: BTreeSet<_> = file.affected.iter().cloned().collect();
    if affected != expected.affected {
        let list = |names: &BTreeSet<String>| {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            names.join(", ")
        };
        fault(format!(
            "`affected` is {}, not {}",
            list(&affected),
            list(&expected.affected)
        ));
    }
    if file.severity != Some(expected.severity) {
        let found = file.severity.map_or("missing", |severity| severity.word());
        fault(format!("`severity` is {found}, not {}", expected.severity));
    }
    faults
}

/// How many times the file says that the fault came back.
pub(crate) fn recurrences(file: &FileSeen) -> usize {
    let phases: Vec<_> = file
        .updates
        .iter()
        .filter_map(|update| Phase::from_word(&update.word))
        .collect();
    let back = |pair: &&[Phase]| {
        matches!(
            pair,
            [Phase::Monitoring, Phase::Investigating | Phase::Identified]
        )
    };
    phases.windows(2).filter(back).count()
}

/// What operators did must be told in the file.
fn notes(scenario: &Scenario, record: &DrillRecord) -> Vec<JudgedFault> {
    let told = |words: &str| {
        let mut updates = record.files.iter().flat_map(|file| &file.updates);
        updates.any(|update| update.text.contains(words))
    };
    let steps = scenario.operators.iter();
    let missing = steps.flat_map(|step| {
        let words = step.file_says.iter().filter(|words| !told(words));
        words.map(|words| JudgedFault::new(step.at, format!("no incident file tells “{words}”")))
    });
    missing.collect()
}

/// No message may call it over early; with the mended settings there is none at all.
fn messages(scenario: &Scenario, record: &DrillRecord) -> Vec<JudgedFault> {
    let mut faults = Vec::new();
    for message in &record.messages {
        if record.is_fixed {
            let text = format!("“{}” was announced while all was well", message.title);
            faults.push(JudgedFault::new(message.t, text));
        } else if message.is_over()
            && scenario
                .phase(message.t)
                .is_some_and(|phase| !phase.resolve_allowed)
        {
            let text = format!("“{}” was announced too early", message.title);
            faults.push(JudgedFault::new(message.t, text));
        }
    }
    let is_ordered = record
        .messages
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one.t <= other.t));
    if !is_ordered {
        faults.push(JudgedFault::new(
            scenario.to(),
            "messages arrived out of order",
        ));
    }
    if scenario.front_matter.is_some() && !record.is_fixed {
        let last = record.messages.last();
        if !last.is_some_and(MessageSeen::is_over) {
            let text = "the last message does not tell that it is over";
            faults.push(JudgedFault::new(scenario.to(), text));
        }
    }
    faults
}
