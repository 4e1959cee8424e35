//! Sentences that the monitor writes by itself.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::board::Wait;
use crate::model::component::Severity;
use crate::model::event::{Event, EventKind};
use crate::model::time::duration::spoken;

/// Says that an incident seems well, until when it is watched at least, and what
/// else is waited for.
pub fn watching(
    good_since: Timestamp,
    until: Timestamp,
    waits: &[Wait],
    zone: &TimeZone,
) -> String {
    let (since, end) = (
        good_since.to_zoned(zone.clone()),
        until.to_zoned(zone.clone()),
    );
    // A watch of minutes needs no seconds; that of a demo does.
    let short = until.duration_since(good_since).as_secs() < 300;
    let clock = if short { "%H:%M:%S" } else { "%H:%M" };
    let since = format!("Working again since {}.", since.strftime(clock));
    let end = format!("{} {}", end.strftime(clock), end.strftime("%Z"));
    let others: Vec<_> = waits.iter().filter_map(obstacle).collect();
    if others.is_empty() {
        format!("{since} We watch it until {end} before we call it over.")
    } else {
        format!(
            "{since} It is not over before {end}, nor while {}.",
            others.join(", or ")
        )
    }
}

/// What else than time keeps an incident open.
fn obstacle(wait: &Wait) -> Option<String> {
    match wait {
        Wait::Backlog { what, count } => Some(format!(
            "{} {what} wait and get no fewer",
            thousands(*count)
        )),
        Wait::Capacity => Some("more memory may be asked for than the machine has".to_owned()),
        Wait::Person => Some("nobody of us has confirmed it".to_owned()),
        Wait::Failing(names) => Some(format!("{} may fail", list(names))),
        Wait::Unseen(names) => Some(format!("we cannot see {}", list(names))),
        Wait::Changed(_) | Wait::Hold => None,
    }
}

/// Says that nothing fails since a change, though not everything can be seen.
pub fn quiet_but_unseen(at: Timestamp, waits: &[Wait], zone: &TimeZone) -> String {
    let others: Vec<_> = waits.iter().filter_map(obstacle).collect();
    format!(
        "Since the change at {} nothing fails any more. It is not over while {}.",
        clock(at, zone),
        others.join(", or ")
    )
}

/// Says that nothing has changed, with fresh values.
pub fn still_failing(text: &str) -> String {
    format!("It still fails. {text}")
}

/// Says what is waited for where nothing can be said of its end; nothing where
/// only a person can say it.
pub fn still_waiting(waits: &[Wait]) -> Option<String> {
    if waits == [Wait::Person] {
        return None;
    }
    let others: Vec<_> = waits.iter().filter_map(obstacle).collect();
    Some(format!("It is not over while {}.", others.join(", or ")))
}

/// Says that a limit was changed and what it concerns works since.
pub fn partly_cured(names: &[String], at: Timestamp, firing: &str, zone: &TimeZone) -> String {
    let verb = if names.len() == 1 { "works" } else { "work" };
    format!(
        "Since the change at {} {} {verb} again. {firing}",
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
        [] => "everything".to_owned(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A number with its thousands apart: `1,240`.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
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
    let quiet_for = spoken(quiet_for);
    format!(
        "No longer {}: what made it so has been quiet for {quiet_for}. {text}",
        from.word()
    )
}

/// Says that what was being watched, or was over, fails again.
pub fn failing_again(text: &str) -> String {
    format!("Failing again. {text}")
}

/// Says when an incident was over and how long it lasted.
pub fn over(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let lasted = end.duration_since(date).try_into().unwrap_or_default();
    format!(
        "Over: working since {}. It lasted {}.",
        end.to_zoned(zone.clone()).strftime("%H:%M %Z on %-d %B %Y"),
        spoken(lasted),
    )
}

/// Says from when until when planned work goes on.
pub fn planned(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let (date, end) = (date.to_zoned(zone.clone()), end.to_zoned(zone.clone()));
    let until = if date.date() == end.date() {
        end.strftime("%H:%M %Z")
    } else {
        end.strftime("%H:%M %Z on %-d %B %Y")
    };
    format!(
        "Planned from {} until {until}.",
        date.strftime("%H:%M on %-d %B %Y")
    )
}

/// Says that planned work has begun, and until when it goes on.
pub fn begun(date: Timestamp, end: Option<Timestamp>, zone: &TimeZone) -> String {
    match end {
        Some(end) => format!("The work has begun. {}", until(date, end, zone)),
        None => "The work has begun.".to_owned(),
    }
}

/// Says that planned work lasts longer or shorter than planned.
pub fn extended(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    format!("The plan has changed. {}", until(date, end, zone))
}

/// Says that planned work is done.
pub const DONE: &str = "The work is done.";

fn until(date: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let (date, end) = (date.to_zoned(zone.clone()), end.to_zoned(zone.clone()));
    let end = if date.date() == end.date() {
        end.strftime("%H:%M %Z")
    } else {
        end.strftime("%H:%M %Z on %-d %B %Y")
    };
    format!("It is planned to end at {end}.")
}

/// Says that planned work does not take place, or was broken off.
pub fn called_off(date: Option<Timestamp>, now: Timestamp) -> &'static str {
    if date.is_some_and(|date| date > now) {
        "This maintenance does not take place."
    } else {
        "This maintenance was broken off."
    }
}

/// Comes before what a user reports first in an incident, and what others do later.
pub const FIRST_REPORT: &str = "first report by a user: ";
const LATER_REPORT: &str = "reported by a user: ";

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
    let whose = match (event.kind, first) {
        (EventKind::Report, true) => FIRST_REPORT,
        (EventKind::Report, false) => LATER_REPORT,
        _ => "",
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

    fn told(at: &str, noted: &str, text: &str) -> String {
        let zone = TimeZone::get("America/New_York").unwrap();
        let noted = noted.parse().unwrap();
        event(
            &Event::new(at.parse().unwrap(), text, noted).unwrap(),
            false,
            &zone,
        )
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
                "Is it over?",
                "At 07:23 EST: Is it over?",
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
            assert_eq!(told(at, noted, text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_of_an_event_can_stop_hugo_or_begin_a_line(text in "[{<%}>* `\\\\a/0-]{1,40}") {
            let at = "2023-01-19T12:23:40Z";
            if Event::new(at.parse().unwrap(), &text, at.parse().unwrap()).is_ok() {
                let line = told(at, at, &text);
                prop_assert!(!line.contains('\n') && amend::text(&line).is_ok(), "{line}");
            }
        }
    }
}
