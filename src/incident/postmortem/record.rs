//! The timeline of an incident as a table of markdown.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::incident::file::plain;
use crate::incident::reconcile::wording::Wording;
use crate::language::phases;
use crate::model::event::{Event, EventKind};
use crate::model::incident::{Incident, Phase};
use crate::model::time::duration::elapsed;

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
pub fn rows(
    incident: &Incident,
    events: &[Event],
    from: Option<Timestamp>,
    wording: &Wording,
) -> Vec<TimelineRow> {
    let mut rows = Vec::new();
    let mut add = |at: Timestamp, words: String| rows.push(TimelineRow { at, words });
    if let Some(date) = incident.date {
        add(date, wording.say("record-first"));
    }
    for update in incident.updates.iter().rev() {
        let Some(at) = update.at else {
            continue;
        };
        // The first update is dated by the first bad sample, but was written later.
        let noted = incident.managed.noted.filter(|_| Some(at) == incident.date);
        let words = plain::words(&update.text, LETTERS);
        let line = phases::line(wording.speech(), &update.word, &words);
        add(noted.unwrap_or(at), line);
    }
    let mut reports = events.iter().filter(|one| one.kind == EventKind::Report);
    let first = reports.next();
    for event in events {
        let words = plain::words(&event.text, LETTERS);
        let is_first = first == Some(event);
        let words = match kind(event.kind, is_first) {
            Some(name) => wording.tell(name, [("text", words.into())]),
            None => words,
        };
        add(event.at, words);
    }
    if let Some(recovered) = recovered(incident) {
        add(recovered, wording.say("record-end"));
    }
    // Within a second the order of writing counts.
    rows.sort_by_key(|row| row.at);
    rows.retain(|row| from.is_none_or(|from| row.at > from));
    rows
}

/// When the recovery was measured first, as far as it was: a person may resolve an
/// incident whose rules still fire.
fn recovered(incident: &Incident) -> Option<Timestamp> {
    let managed = &incident.managed;
    let ended = incident
        .resolved_when
        .filter(|_| managed.overruled.is_empty());
    ended.and_then(|end| {
        let is_ours = managed.ended == Some(end);
        Some(end).filter(|_| is_ours).or(managed.good_since)
    })
}

/// The message that tells an event of a kind; `None` if its text says all.
fn kind(kind: EventKind, is_first: bool) -> Option<&'static str> {
    match kind {
        EventKind::Release => Some("record-release"),
        EventKind::Restart => Some("record-restart"),
        EventKind::Flush => Some("record-flush"),
        EventKind::Limit => Some("record-limit"),
        EventKind::Provider => Some("record-provider"),
        EventKind::Report if is_first => Some("record-first-report"),
        EventKind::Report => Some("record-report"),
        EventKind::Change | EventKind::Note => None,
    }
}

/// The table; its heading names the zone.
pub fn table(rows: &[TimelineRow], wording: &Wording) -> String {
    let zone = wording.zone();
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        return String::new();
    };
    let named = name(&local(first.at, zone));
    // Of a short incident seconds matter.
    let short = elapsed(first.at, last.at) < Duration::from_mins(10);
    let mut lines = vec![
        format!("| {named} | {} |", wording.say("record-what")),
        "| --- | --- |".to_owned(),
    ];
    let over = rows.len().saturating_sub(ROWS);
    let middle = ROWS / 2..ROWS / 2 + over;
    let mut day = None;
    for (number, row) in rows.iter().enumerate() {
        if over > 0 && middle.contains(&number) {
            if number == middle.start {
                let more = wording.tell("record-more", [("n", over.into())]);
                lines.push(format!("| … | {more} |"));
            }
            continue;
        }
        let at = local(row.at, zone);
        let mut when = at
            .strftime(if short { "%H:%M:%S" } else { "%H:%M" })
            .to_string();
        if day != Some(at.date()) {
            day = Some(at.date());
            when = format!("{} {when}", at.date());
        }
        if name(&at) != named {
            // The clock was changed meanwhile.
            when = format!("{when} {}", name(&at));
        }
        lines.push(format!("| {when} | {} |", plain::escaped(&row.words)));
    }
    lines.join("\n")
}

/// How long it took to report the fault, and to report its end.
pub fn delays(incident: &Incident, wording: &Wording) -> String {
    let told = |name: &str, from: Timestamp, to: Timestamp| {
        wording.tell(name, [("span", wording.passed(from, to).into())])
    };
    let noticed = incident.date.zip(incident.managed.noted);
    let noticed = noticed.map(|(date, noted)| told("record-noticed", date, noted));
    let mut updates = incident.updates.iter();
    let resolved = updates.find(|update| update.phase == Some(Phase::Resolved));
    let noted = resolved.and_then(|update| update.at);
    let ended = recovered(incident).zip(noted);
    let ended = ended.filter(|(end, noted)| noted >= end);
    let ended = ended.map(|(end, noted)| told("record-resolved", end, noted));
    wording.sentences([noticed.unwrap_or_default(), ended.unwrap_or_default()])
}

fn local(at: Timestamp, zone: &TimeZone) -> Zoned {
    at.to_zoned(zone.clone())
}

/// The name of a zone at a moment.
fn name(at: &Zoned) -> String {
    at.strftime("%Z").to_string()
}
