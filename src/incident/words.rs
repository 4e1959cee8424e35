//! Sentences that the monitor writes by itself.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::gate::Watch;
use crate::model::component::Severity;
use crate::model::duration::spoken;

/// Says that an incident seems well and until when it is watched.
pub fn watching(watch: Watch, zone: &TimeZone) -> String {
    let (since, until) = (
        watch.good_since.to_zoned(zone.clone()),
        watch.until.to_zoned(zone.clone()),
    );
    // A watch of minutes needs no seconds; that of a demo does.
    let short = watch.until.duration_since(watch.good_since).as_secs() < 300;
    let clock = if short { "%H:%M:%S" } else { "%H:%M" };
    format!(
        "Working again since {}. We watch it until {} before we call it over.",
        since.strftime(clock),
        until.strftime(&format!("{clock} %Z")),
    )
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
