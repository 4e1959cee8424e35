//! Times, durations and states in the words that visitors read.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::component::{Health, Severity};
use crate::model::duration::spoken;

/// A moment, for people and for machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// RFC 3339, in UTC.
    pub iso: String,
    /// The moment in the site's zone, as long as it needs to be.
    pub text: String,
}

/// A moment as said at `now`: today by its clock, else with its day.
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone) -> When {
    let (local, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let text = if local.date() == today.date() {
        local.strftime("%H:%M")
    } else if local.year() == today.year() {
        local.strftime("%-d %B, %H:%M")
    } else {
        local.strftime("%-d %B %Y, %H:%M")
    };
    When {
        iso: iso(at),
        text: text.to_string(),
    }
}

/// A moment for machines: RFC 3339, in UTC.
pub fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The time from one moment to another, never negative.
pub fn lasting(from: Timestamp, to: Timestamp) -> String {
    spoken(to.duration_since(from).try_into().unwrap_or_default())
}

/// A duration by its largest unit alone.
pub fn roughly(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// A page's path as it stands in an address.
pub fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-+~@/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    address
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// A component's health in one or two words.
pub fn health(health: Health) -> &'static str {
    match health {
        Health::Ok => "fine",
        Health::Unknown => "cannot see",
        Health::Notice => "notice",
        Health::Disrupted => "disrupted",
        Health::Down => "down",
    }
}

/// The sign that a title carries.
pub fn glyph(health: Health) -> &'static str {
    match health {
        Health::Ok => "●",
        Health::Unknown => "◌",
        Health::Notice => "◆",
        Health::Disrupted => "▲",
        Health::Down => "■",
    }
}

/// The health that a severity is drawn as; a post without one is a notice.
pub fn drawn(severity: Option<Severity>) -> Health {
    severity.map_or(Health::Notice, Health::from)
}

/// Names in a row: `API, Cache and Worker`.
pub fn row(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A share in per cent; never rounded up to 100.
pub fn percent(ratio: f64) -> String {
    let hundredths = (ratio * 10_000.0).floor() / 100.0;
    if ratio >= 1.0 {
        "100 %".to_owned()
    } else {
        format!("{hundredths:.2} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_up_to_all() {
        for (ratio, text) in [
            (1.0, "100 %"),
            (0.999_999, "99.99 %"),
            (0.5, "50.00 %"),
            (0.0, "0.00 %"),
        ] {
            assert_eq!(percent(ratio), text);
        }
    }

    #[test]
    fn a_moment_is_said_as_shortly_as_it_can_be() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        for (at, text) in [
            ("2026-03-02T00:05:09Z", "00:05"),
            ("2026-03-01T23:59:00Z", "1 March, 23:59"),
            ("2025-12-31T08:00:00Z", "31 December 2025, 08:00"),
        ] {
            assert_eq!(when(at.parse().unwrap(), now, &TimeZone::UTC).text, text);
        }
    }
}
