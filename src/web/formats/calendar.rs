//! `/calendar.ics`: planned work for calendars (RFC 5545).

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::incident::Incident;
use crate::model::time::date;
use crate::web::site::{Names, View};
use crate::web::text::links;
use crate::web::text::markdown;

/// How many works there are at most, the newest.
const MAX_EVENTS: usize = 200;

/// Longest description, in characters.
const DESCRIPTION: usize = 2_000;

/// Octets of a line without its end.
const LINE: usize = 75;

/// Before anybody could have written anything.
const YEAR_2020: Timestamp = Timestamp::constant(1_577_836_800, 0);

/// A calendar needs something in it; this is all that one without work has.
const ZONE: [(&str, &str); 8] = [
    ("BEGIN", "VTIMEZONE"),
    ("TZID", "Etc/UTC"),
    ("BEGIN", "STANDARD"),
    ("DTSTART", "19700101T000000"),
    ("TZOFFSETFROM", "+0000"),
    ("TZOFFSETTO", "+0000"),
    ("END", "STANDARD"),
    ("END", "VTIMEZONE"),
];

/// The calendar of a view.
pub(crate) fn calendar(view: &View<'_>) -> String {
    let title = escape(&view.names.title);
    let mut out = String::new();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//critwatch//status page//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", &title),
        ("X-WR-CALNAME", &title),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT15M"),
    ] {
        line(&mut out, name, value);
    }
    for (name, value) in ZONE {
        line(&mut out, name, value);
    }
    for planned in view.board.facts.maintenance.iter().take(MAX_EVENTS) {
        if let Some(incident) = view.board.incident(&planned.id.0) {
            event(&mut out, view, planned, incident);
        }
    }
    line(&mut out, "END", "VCALENDAR");
    out
}

fn event(out: &mut String, view: &View<'_>, planned: &Planned, incident: &Incident) {
    let names = view.names;
    // Of the data, not of the clock: it changes only when something is written.
    let changed = changed(view, incident);
    let stamp = moment(changed);
    let newest = incident.updates.first();
    let text = newest.map_or(&incident.body, |update| &update.text);
    let mut put = |name: &str, value: &str| line(out, name, value);
    put("BEGIN", "VEVENT");
    put("UID", &uid(names, incident));
    put("DTSTAMP", &stamp);
    put("LAST-MODIFIED", &stamp);
    // Seconds grow with each change, whoever made it and whatever was lost since.
    let sequence = changed.as_second() - YEAR_2020.as_second();
    put("SEQUENCE", &sequence.max(0).to_string());
    times(&mut put, view, planned);
    put("SUMMARY", &escape(&planned.title));
    let description = markdown::plain(text, DESCRIPTION, names);
    if !description.is_empty() {
        put("DESCRIPTION", &escape(&description));
    }
    if names.url.is_some() {
        put("URL", &links::incident(names, incident));
    }
    if !planned.components.is_empty() {
        let components = planned.components.iter().map(|name| escape(name));
        put("CATEGORIES", &components.collect::<Vec<_>>().join(","));
    }
    let status = match planned.stage {
        WorkStage::Cancelled => "CANCELLED",
        WorkStage::Scheduled
        | WorkStage::InProgress
        | WorkStage::Overdue
        | WorkStage::Completed => "CONFIRMED",
    };
    put("STATUS", status);
    // Nobody is busy because of it.
    put("TRANSP", "TRANSPARENT");
    put("END", "VEVENT");
}

/// When an event begins and ends: at moments, or on days.
fn times(put: &mut impl FnMut(&str, &str), view: &View<'_>, planned: &Planned) {
    let Some(first) = planned.days.began else {
        put("DTSTART", &moment(planned.from));
        // Work that was called off ends before it began; so does none.
        if let Some(until) = planned.until.filter(|until| *until > planned.from) {
            put("DTEND", &moment(until));
        }
        return;
    };
    put("DTSTART;VALUE=DATE", &day(first));
    // The day after the last one; a day that is named alone ends when it begins.
    let after = match planned.days.ended {
        Some(ended) => Some(ended),
        None => planned.until.and_then(|until| {
            let last = date::day_of(until, &view.names.zone);
            last.tomorrow().ok()
        }),
    };
    if let Some(after) = after.filter(|after| *after > first) {
        put("DTEND;VALUE=DATE", &day(after));
    }
}

/// When the text about planned work changed last; undated text counts as old.
fn changed(view: &View<'_>, incident: &Incident) -> Timestamp {
    let noticed = view.board.revised.works.get(&incident.id).copied();
    let changed = noticed.or_else(|| incident.last_dated(view.now));
    changed.unwrap_or(YEAR_2020)
}

/// The same as long as the page keeps its address.
fn uid(names: &Names, incident: &Incident) -> String {
    let url = names.url.as_deref().unwrap_or_default();
    let host = url
        .split("//")
        .nth(1)
        .and_then(|rest| rest.split('/').next());
    escape(&format!("{}@{}", incident.id, host.unwrap_or("localhost")))
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A text as a value: RFC 5545, 3.3.11.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line, folded where it is too long: RFC 5545, 3.1.
fn line(out: &mut String, name: &str, value: &str) {
    let mut taken = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if taken + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            taken = 1;
        }
        let _ = out.write_char(c);
        taken += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a value back as the RFC says.
    fn read(text: &str) -> String {
        let unfolded = text.replace("\r\n ", "").replace("\r\n", "");
        let value = unfolded.split_once(':').unwrap().1;
        let mut out = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next().unwrap() {
                    'n' => out.push('\n'),
                    other => out.push(other),
                },
                c => out.push(c),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn any_text_is_folded_and_read_back(text in "[ -~äß日🎲\n,;\\\\:]{0,300}") {
            let mut out = String::new();
            line(&mut out, "SUMMARY", &escape(&text));
            prop_assert!(out.split("\r\n").all(|line| line.len() <= LINE));
            prop_assert!(out.ends_with("\r\n"));
            prop_assert_eq!(read(&out), text);
        }
    }
}
