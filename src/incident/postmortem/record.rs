//! The timeline of an incident as a table of markdown.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::incident::file::plain;
use crate::model::event::{Event, EventKind};
use crate::model::incident::{Incident, Phase};
use crate::model::time::duration::{elapsed, in_words};

/// Letters of an update or event in a row: the whole text stands elsewhere.
const LETTERS: usize = 280;

/// Rows at most; of more the middle is left out, and a row says so.
const ROWS: usize = 120;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// When.
    pub at: Timestamp,
    /// What, as plain words.
    pub words: String,
}

/// Everything from the first bad sample to the all-clear, oldest first; with a
/// moment, only what came after it.
pub fn rows(incident: &Incident, events: &[Event], from: Option<Timestamp>) -> Vec<TimelineRow> {
    let mut rows = Vec::new();
    let mut add = |at: Timestamp, words: String| rows.push(TimelineRow { at, words });
    if let Some(date) = incident.date {
        add(date, "First failing measurement".to_owned());
    }
    for update in incident.updates.iter().rev() {
        let Some(at) = update.at else {
            continue;
        };
        // The first update is dated by the first bad sample, but was written later.
        let noted = incident.managed.noted.filter(|_| Some(at) == incident.date);
        let words = plain::words(&update.text, LETTERS);
        add(noted.unwrap_or(at), format!("{}: {words}", update.word));
    }
    let mut reports = events.iter().filter(|one| one.kind == EventKind::Report);
    let first = reports.next();
    for event in events {
        let words = plain::words(&event.text, LETTERS);
        let kind = match first {
            Some(first) if first == event => "First user report: ",
            _ => kind(event.kind),
        };
        add(event.at, format!("{kind}{words}"));
    }
    if let Some(end) = incident.resolved_when {
        add(end, "First healthy measurement of the recovery".to_owned());
    }
    // Within a second the order of writing counts.
    rows.sort_by_key(|row| row.at);
    rows.retain(|row| from.is_none_or(|from| row.at > from));
    rows
}

fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Release => "Release: ",
        EventKind::Restart => "Restart: ",
        EventKind::Flush => "Flush: ",
        EventKind::Limit => "Limit changed: ",
        EventKind::Provider => "Provider report: ",
        EventKind::Report => "User report: ",
        EventKind::Change | EventKind::Note => "",
    }
}

/// The table; its heading names the zone.
pub fn table(rows: &[TimelineRow], zone: &TimeZone) -> String {
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        return String::new();
    };
    let named = name(&local(first.at, zone));
    // Of a short incident seconds matter.
    let short = elapsed(first.at, last.at) < Duration::from_mins(10);
    let mut lines = vec![
        format!("| {named} | What happened |"),
        "| --- | --- |".to_owned(),
    ];
    let over = rows.len().saturating_sub(ROWS);
    let middle = ROWS / 2..ROWS / 2 + over;
    let mut day = None;
    for (number, row) in rows.iter().enumerate() {
        if over > 0 && middle.contains(&number) {
            if number == middle.start {
                lines.push(format!("| … | {over} more |"));
            }
            continue;
        }
        let at = local(row.at, zone);
        let mut when = at
            .strftime(if short { "%H:%M:%S" } else { "%H:%M" })
            .to_string();
        if day != Some(at.date()) {
            day = Some(at.date());
            when = format!("{}, {when}", at.strftime("%-d %B"));
        }
        if name(&at) != named {
            // The clock was changed meanwhile.
            when = format!("{when} {}", name(&at));
        }
        lines.push(format!("| {when} | {} |", plain::escaped(&row.words)));
    }
    lines.join("\n")
}

/// A moment within an incident, for a sentence: today's by its clock alone.
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    local(at, zone).strftime("%-d %B, %H:%M").to_string()
}

/// How long it took to report the fault, and to report its end.
pub fn delays(incident: &Incident) -> Vec<String> {
    let between = |from: Timestamp, to: Timestamp| {
        let passed = elapsed(from, to);
        if passed < Duration::from_secs(1) {
            // Files know no parts of a second.
            "less than a second".to_owned()
        } else {
            in_words(passed)
        }
    };
    let mut sentences = Vec::new();
    if let Some((date, noted)) = incident.date.zip(incident.managed.noted) {
        sentences.push(format!(
            "The incident was recorded {} after the first failing measurement.",
            between(date, noted)
        ));
    }
    let noted = incident
        .updates
        .iter()
        .find(|update| update.phase == Some(Phase::Resolved))
        .and_then(|update| update.at);
    if let Some((end, noted)) = incident.resolved_when.zip(noted)
        && noted >= end
    {
        sentences.push(format!(
            "It was marked resolved {} after the first healthy measurement.",
            between(end, noted)
        ));
    }
    sentences
}

fn local(at: Timestamp, zone: &TimeZone) -> Zoned {
    at.to_zoned(zone.clone())
}

/// The name of a zone at a moment.
fn name(at: &Zoned) -> String {
    at.strftime("%Z").to_string()
}
