//! Sentences that the monitor writes by itself.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::board::Wait;
use crate::model::component::Severity;
use crate::model::event::{Event, EventKind};
use crate::model::time::duration::{elapsed, in_words};
use crate::model::time::moment;

/// Says that an incident seems well, until when it is watched at least, and what
/// else is waited for.
pub fn watching(
    good_since: Timestamp,
    until: Timestamp,
    waits: &[Wait],
    zone: &TimeZone,
) -> String {
    let since = good_since.to_zoned(zone.clone());
    let since = format!("Working again since {}.", since.strftime("%H:%M"));
    let others = obstacles(waits);
    if others.is_empty() {
        let end = clock(moment::next_minute(until), zone);
        format!(
            "{since} We are monitoring and will mark this resolved at about {end} \
            if it stays healthy."
        )
    } else {
        let end = clock(moment::next_minute(until), zone);
        format!("{since} We will not mark this resolved before {end}. {others}")
    }
}

/// What else than time keeps an incident open, in sentences.
fn obstacles(waits: &[Wait]) -> String {
    let sentences: Vec<_> = waits.iter().filter_map(obstacle).collect();
    sentences.join(" ")
}

/// One of them.
fn obstacle(wait: &Wait) -> Option<String> {
    match wait {
        Wait::Backlog { what, count } => Some(format!(
            "The backlog of {} {what} is not shrinking.",
            thousands(&count.to_string())
        )),
        Wait::Capacity => Some("A known capacity risk has not been addressed yet.".to_owned()),
        Wait::Person => Some("Waiting for our team to confirm.".to_owned()),
        Wait::Failing(names) => Some(format!("There may still be failures in {}.", list(names))),
        Wait::Unseen(names) => Some(format!("We have no current data for {}.", list(names))),
        Wait::Changed(_) | Wait::Hold => None,
    }
}

/// Says that nothing fails since a change, though not everything can be seen.
pub fn quiet_but_unseen(at: Timestamp, waits: &[Wait], zone: &TimeZone) -> String {
    format!(
        "There have been no failures since the change at {}, but we cannot mark this resolved \
        yet. {}",
        clock(at, zone),
        obstacles(waits)
    )
}

/// Says that nothing has changed, with fresh values.
pub fn still_failing(text: &str) -> String {
    format!("This incident is ongoing. {text}")
}

/// Says what is waited for where nothing can be said of its end; nothing where
/// only a person can say it.
pub fn still_waiting(waits: &[Wait]) -> Option<String> {
    if waits == [Wait::Person] {
        return None;
    }
    let others = obstacles(waits);
    Some(format!("We cannot mark this resolved yet. {others}"))
}

/// Says that a limit was changed and what it concerns works since.
pub fn partly_cured(names: &[String], at: Timestamp, firing: &str, zone: &TimeZone) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!(
        "Since the change at {}, {} {verb} working again. {firing}",
        clock(at, zone),
        list(names),
    )
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M %Z").to_string()
}

/// Names in a row: `A`, `A and B`, `A, B and C`.
fn list(names: &[String]) -> String {
    match names {
        [] => "our systems".to_owned(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A number with its thousands apart: `1,240`.
pub(crate) fn thousands(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Says that an incident is no longer as bad as it was, and why.
pub fn eased(from: Severity, quiet_for: Duration, text: &str) -> String {
    let clear_for = in_words(quiet_for);
    format!(
        "Downgraded from {}: the failing checks have been clear for {clear_for}. {text}",
        from.word()
    )
}

/// Says that what was being watched, or was over, fails again.
pub fn failing_again(text: &str) -> String {
    format!("Failing again. {text}")
}

/// Says when an incident was over and how long it lasted.
pub fn over(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let lasted = elapsed(date, end);
    format!(
        "Working since {}. The incident lasted {}.",
        end.to_zoned(zone.clone()).strftime("%H:%M %Z on %-d %B %Y"),
        in_words(lasted),
    )
}

/// Says from when until when planned work goes on.
pub fn planned(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let (date, end) = (date.to_zoned(zone.clone()), end.to_zoned(zone.clone()));
    let from = if date.date() == end.date() {
        date.strftime("%H:%M")
    } else {
        date.strftime("%H:%M on %-d %B %Y")
    };
    format!(
        "Maintenance window: {from} to {}.",
        end.strftime("%H:%M %Z on %-d %B %Y")
    )
}

/// Says that planned work has begun, and until when it goes on.
pub fn begun(date: Timestamp, end: Option<Timestamp>, zone: &TimeZone) -> String {
    match end {
        Some(end) => format!(
            "Maintenance has started. It is scheduled to end at {}.",
            end_of(date, end, zone)
        ),
        None => "Maintenance has started.".to_owned(),
    }
}

/// Says that planned work lasts longer or shorter than planned.
pub fn extended(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    format!(
        "The schedule has changed. Maintenance is now scheduled to end at {}.",
        end_of(date, end, zone)
    )
}

/// Says that planned work is done.
pub const DONE: &str = "Maintenance is complete.";

/// An end, with its day if the work does not begin on that.
fn end_of(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let (date, end) = (date.to_zoned(zone.clone()), end.to_zoned(zone.clone()));
    let end = if date.date() == end.date() {
        end.strftime("%H:%M %Z")
    } else {
        end.strftime("%H:%M %Z on %-d %B %Y")
    };
    end.to_string()
}

/// Says that planned work does not take place, or was broken off.
pub fn called_off(date: Option<Timestamp>, now: Timestamp) -> &'static str {
    if date.is_some_and(|date| date > now) {
        "This maintenance has been cancelled."
    } else {
        "This maintenance was stopped early."
    }
}

/// Comes before what a user reports first in an incident, and what others do later.
const FIRST_REPORT: &str = "first user report: ";
const LATER_REPORT: &str = "user report: ";

/// What older versions wrote before the first one.
const OLD_FIRST_REPORT: &str = "first report by a user: ";

/// Whether the text of an update says what a user reported first.
pub fn is_first_report(text: &str) -> bool {
    [FIRST_REPORT, OLD_FIRST_REPORT]
        .iter()
        .any(|words| text.contains(words))
}

/// Says what was done and when, as one line of a timeline; with its day if it
/// was noted on another one. What users report is told as theirs.
pub fn event(event: &Event, first: bool, zone: &TimeZone) -> String {
    let (at, noted) = (
        event.at.to_zoned(zone.clone()),
        event.noted.to_zoned(zone.clone()),
    );
    let moment = if at.date() == noted.date() {
        at.strftime("%H:%M %Z")
    } else {
        at.strftime("%H:%M %Z on %-d %B %Y")
    };
    let end = if event.text.ends_with(['.', '!', '?', '…', '。']) {
        ""
    } else {
        "."
    };
    let whose = match event.kind {
        EventKind::Report if first => FIRST_REPORT,
        EventKind::Report => LATER_REPORT,
        EventKind::Release
        | EventKind::Restart
        | EventKind::Flush
        | EventKind::Limit
        | EventKind::Change
        | EventKind::Note
        | EventKind::Provider => "",
    };
    format!("At {moment}: {whose}{}{end}", plain(&event.text))
}

/// A text whose signs mean nothing in markdown, and nothing to Hugo.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut before = None;
    for sign in text.chars() {
        let opens = sign == '{' && before == Some('{');
        if opens || r"\`*_[]<>#|~&".contains(sign) {
            plain.push('\\');
        }
        plain.push(sign);
        before = Some(sign);
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::incident::manual::amend;

    use super::*;

    fn worded(at: &str, noted: &str, text: &str) -> String {
        let zone = TimeZone::get("America/New_York").unwrap();
        let noted = noted.parse().unwrap();
        event(
            &Event::new(at.parse().unwrap(), text, noted).unwrap(),
            false,
            &zone,
        )
    }

    #[test]
    fn what_seems_well_is_told_with_its_likely_end_or_what_else_it_waits_for() {
        let at = |text: &str| text.parse().unwrap();
        let (since, until) = (at("2026-03-01T08:30:39Z"), at("2026-03-01T08:45:39Z"));
        let worded = |waits: &[Wait]| watching(since, until, waits, &TimeZone::UTC);
        assert_eq!(
            worded(&[Wait::Hold]),
            "Working again since 08:30. We are monitoring and will mark this resolved at about \
            08:46 UTC if it stays healthy."
        );
        let backlog = Wait::Backlog {
            what: "rolls".to_owned(),
            count: 1_240,
        };
        assert_eq!(
            worded(&[backlog, Wait::Person, Wait::Hold]),
            "Working again since 08:30. We will not mark this resolved before 08:46 UTC. \
            The backlog of 1,240 rolls is not shrinking. Waiting for our team to confirm."
        );
        let unseen = [Wait::Unseen(vec!["API".to_owned(), "Cache".to_owned()])];
        assert_eq!(
            quiet_but_unseen(since, &unseen, &TimeZone::UTC),
            "There have been no failures since the change at 08:30 UTC, but we cannot mark this \
            resolved yet. We have no current data for API and Cache."
        );
        assert_eq!(
            over(
                at("2026-03-01T13:53:00Z"),
                at("2026-03-01T14:05:00Z"),
                &TimeZone::UTC
            ),
            "Working since 14:05 UTC on 1 March 2026. The incident lasted 12 minutes."
        );
    }

    #[test]
    fn planned_work_is_told_with_its_times() {
        let at = |text: &str| text.parse().unwrap();
        let (from, until) = (at("2026-03-01T22:00:00Z"), at("2026-03-01T23:30:00Z"));
        let late = at("2026-03-02T01:00:00Z");
        for (text, expected) in [
            (
                planned(from, until, &TimeZone::UTC),
                "Maintenance window: 22:00 to 23:30 UTC on 1 March 2026.",
            ),
            (
                planned(from, late, &TimeZone::UTC),
                "Maintenance window: 22:00 on 1 March 2026 to 01:00 UTC on 2 March 2026.",
            ),
            (
                begun(from, Some(until), &TimeZone::UTC),
                "Maintenance has started. It is scheduled to end at 23:30 UTC.",
            ),
            (
                extended(from, late, &TimeZone::UTC),
                "The schedule has changed. Maintenance is now scheduled to end at 01:00 UTC on \
                2 March 2026.",
            ),
        ] {
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn an_event_is_one_line_with_its_time_in_the_zone_of_the_site() {
        let noted = "2023-01-19T12:24:00Z";
        for (at, text, expected) in [
            (
                "2023-01-19T12:23:40Z",
                "Release v0.9.9-255 started",
                "At 07:23 EST: Release v0.9.9-255 started.",
            ),
            (
                "2023-01-19T12:23:40Z",
                "Cache was restarted.",
                "At 07:23 EST: Cache was restarted.",
            ),
            (
                "2023-01-19T12:23:40Z",
                "Is it resolved?",
                "At 07:23 EST: Is it resolved?",
            ),
            // Yesterday, where the site is.
            (
                "2023-01-19T04:50:00Z",
                "Release 254",
                "At 23:50 EST on 18 January 2023: Release 254.",
            ),
            (
                "2022-07-19T12:00:00Z",
                "Release 1",
                "At 08:00 EDT on 19 July 2022: Release 1.",
            ),
            // What a provider writes is text, whatever its signs mean elsewhere.
            (
                "2023-01-19T12:23:40Z",
                "A reports: *down* [here](http://x) {{< track >}} <b>",
                r"At 07:23 EST: A reports: \*down\* \[here\](http://x) {\{\< track \>}} \<b\>.",
            ),
        ] {
            assert_eq!(worded(at, noted, text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_of_an_event_can_stop_hugo_or_begin_a_line(text in "[{<%}>* `\\\\a/0-]{1,40}") {
            let at = "2023-01-19T12:23:40Z";
            if Event::new(at.parse().unwrap(), &text, at.parse().unwrap()).is_ok() {
                let line = worded(at, at, &text);
                prop_assert!(!line.contains('\n') && amend::text(&line).is_ok(), "{line}");
            }
        }
    }
}
