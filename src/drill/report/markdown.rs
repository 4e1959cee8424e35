//! The report as Markdown.

use crate::drill::judge::judgement::Judgement;
use crate::drill::record::DrillRecord;
use crate::drill::report::facts;
use crate::drill::scenario::outage::{SaidVerdict, Scenario};

/// The report as Markdown, with tables that read well as plain text.
pub(crate) fn report(scenario: &Scenario, record: &DrillRecord, judgement: &Judgement) -> String {
    let mut parts = vec![
        format!("# {}", scenario.head.title),
        facts::subtitle(scenario, record),
        scenario.head.about.clone(),
        format!("**{}**", facts::verdict(record, judgement)),
    ];
    if !judgement.merits.is_empty() {
        let rows = judgement.merits.iter().map(|merit| {
            let [what, then, now] = facts::merit(merit);
            let sign = if merit.holds { "" } else { " ✗" };
            format!("| {what} | {then} | {now}{sign} |")
        });
        let rows: Vec<_> = rows.collect();
        parts.push(format!(
            "## Numbers of merit\n\n| | Then | Now |\n| --- | ---: | ---: |\n{}",
            rows.join("\n")
        ));
    }
    if !judgement.faults.is_empty() {
        let faults = judgement.faults.iter();
        let faults = faults.map(|fault| format!("- {}: {}", facts::minute(fault.t), fault.text));
        let faults: Vec<_> = faults.collect();
        parts.push(format!("## Faults\n\n{}", faults.join("\n")));
    }
    parts.push(format!("## Timeline\n\n{}", timeline(scenario, record)));
    parts.push(format!("## Rolls\n\n{}", facts::rolls(&record.rolls)));
    if !scenario.head.synthetic.is_empty() {
        let choices = scenario.head.synthetic.iter();
        let choices: Vec<_> = choices.map(|choice| format!("- {choice}")).collect();
        parts.push(format!("## Choices of the drill\n\n{}", choices.join("\n")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn timeline(scenario: &Scenario, record: &DrillRecord) -> String {
    let rows = entries(scenario, record).into_iter();
    let rows: Vec<_> = rows
        .map(|entry| {
            let text = entry.text.replace('|', "\\|").replace('\n', " ");
            format!("| {} | {} | {text} |", facts::minute(entry.t), entry.who)
        })
        .collect();
    format!(
        "| Minute | Who | What |\n| ---: | --- | --- |\n{}",
        rows.join("\n")
    )
}

/// Something that happened or was said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReportRow {
    /// The minute.
    pub(crate) t: f64,
    /// Who did or said it.
    pub(crate) who: &'static str,
    /// What.
    pub(crate) text: String,
}

/// What operators did, people said and critwatch announced, in the order of time.
pub(crate) fn entries(scenario: &Scenario, record: &DrillRecord) -> Vec<ReportRow> {
    let row = |t, who, text: &str| ReportRow {
        t,
        who,
        text: text.to_owned(),
    };
    let steps = record.steps.iter();
    let mut rows: Vec<_> = steps
        .map(|step| row(step.t, "operator", &step.text))
        .collect();
    if !record.is_fixed {
        rows.extend(scenario.said.iter().map(|said| {
            let who = match said.verdict {
                SaidVerdict::True => "people then",
                SaidVerdict::False => "people then, wrongly",
                SaidVerdict::WrongCause => "people then, with a wrong cause",
            };
            row(said.at, who, &said.text)
        }));
    }
    let mut last = None;
    rows.extend(record.messages.iter().filter_map(|message| {
        let text = format!("{}. {}", message.title, message.text);
        // The end is told twice: in the message of the beginning, and as a new one.
        let is_new = last.replace(text.clone()) != Some(text.clone());
        is_new.then(|| row(message.t, "critwatch", text.trim_end()))
    }));
    rows.sort_by(|one, other| one.t.total_cmp(&other.t));
    rows
}
