//! Moments, days and durations as people say them, in their language.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::language::speech::Speech;
use crate::web::text::html;

pub(crate) use crate::language::spans::{roughly, short, span, until};

/// A moment, for people and for machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct When {
    /// RFC 3339, in UTC; a day alone is only that.
    pub(crate) iso: String,
    /// The moment in the site's zone, as long as it needs to be.
    pub(crate) text: String,
    /// How the script says it in the visitor's zone: `when`, `dated`, `clock` or
    /// `seconds`;
    /// a `day` is the same in all of them.
    pub(crate) kind: &'static str,
}

impl When {
    fn new(at: Timestamp, text: String, kind: &'static str) -> Self {
        let iso = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { iso, text, kind }
    }

    /// The moment as HTML, for sentences that hold it.
    pub(crate) fn html(&self) -> String {
        let Self { iso, text, kind } = self;
        let text = html::escape(text);
        format!("<time datetime=\"{iso}\" data-at=\"{kind}\">{text}</time>")
    }
}

/// A moment as said at `now`: today by its clock, else with its day.
pub(crate) fn when(speech: &Speech, at: Timestamp, now: Timestamp, zone: &TimeZone) -> When {
    let (local, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let clock = local.strftime("%H:%M").to_string();
    let text = if local.date() == today.date() {
        clock
    } else {
        let day = day(speech, local.date(), today.date());
        speech.tell(
            "day-and-clock",
            [("day", day.into()), ("clock", clock.into())],
        )
    };
    When::new(at, text, "when")
}

/// A moment with its day, even if that is today.
pub(crate) fn dated(speech: &Speech, at: Timestamp, now: Timestamp, zone: &TimeZone) -> When {
    let (local, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let day = day(speech, local.date(), today.date());
    let clock = local.strftime("%H:%M").to_string();
    let slots = [("day", day.into()), ("clock", clock.into())];
    When::new(at, speech.tell("day-and-clock", slots), "dated")
}

/// A day of which no time is known: it is that day in every zone.
pub(crate) fn day_alone(speech: &Speech, of: Date, today: Date) -> When {
    When {
        iso: of.to_string(),
        text: day(speech, of, today),
        kind: "day",
    }
}

/// The clock alone, with its seconds where they matter.
pub(crate) fn clock(at: Timestamp, zone: &TimeZone, seconds: bool) -> When {
    let local = at.to_zoned(zone.clone());
    let (format, kind) = if seconds {
        ("%H:%M:%S", "seconds")
    } else {
        ("%H:%M", "clock")
    };
    When::new(at, local.strftime(format).to_string(), kind)
}

/// A day; with its year if that is not this one.
pub(crate) fn day(speech: &Speech, date: Date, today: Date) -> String {
    let month = speech.say(&format!("month-{}", date.month()));
    let name = if date.year() == today.year() {
        "day"
    } else {
        "day-and-year"
    };
    speech.tell(
        name,
        [
            ("day", i64::from(date.day()).into()),
            ("month", month.into()),
            ("number", i64::from(date.month()).into()),
            // As text: a year has no thousands.
            ("year", date.year().to_string().into()),
        ],
    )
}

/// Days that follow each other, by the first and the last one.
pub(crate) fn days(speech: &Speech, from: Date, to: Date, today: Date) -> String {
    if from == to {
        return day(speech, from, today);
    }
    let same = from.month() == to.month() && from.year() == to.year();
    let slots = [
        ("from", day(speech, from, today).into()),
        ("first", i64::from(from.day()).into()),
        ("to", day(speech, to, today).into()),
    ];
    speech.tell(if same { "days-of-month" } else { "days" }, slots)
}

/// A day with its weekday.
pub(crate) fn weekday(speech: &Speech, date: Date, today: Date) -> String {
    let name = format!("weekday-{}", date.weekday().to_monday_one_offset());
    let slots = [
        ("weekday", speech.say(&name).into()),
        ("day", day(speech, date, today).into()),
    ];
    speech.tell("weekday-and-day", slots)
}

/// A month with its year.
pub(crate) fn month(speech: &Speech, year: i16, month: i8) -> String {
    let slots = [
        ("month", speech.say(&format!("month-{month}")).into()),
        ("number", i64::from(month).into()),
        ("year", year.to_string().into()),
    ];
    speech.tell("month-and-year", slots)
}

#[cfg(test)]
mod tests {
    use crate::model::text::language::Language;

    use super::*;

    #[test]
    fn a_moment_is_said_as_shortly_as_it_can_be() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        for (language, at, text) in [
            (Language::En, "2026-03-02T00:05:09Z", "00:05"),
            (Language::En, "2026-03-01T23:59:00Z", "1 March, 23:59"),
            (
                Language::En,
                "2025-12-31T08:00:00Z",
                "31 December 2025, 08:00",
            ),
            (
                Language::De,
                "2025-12-31T08:00:00Z",
                "31. Dezember 2025, 08:00",
            ),
            (Language::Fr, "2026-02-01T08:00:00Z", "1er février, 08:00"),
            (Language::Es, "2026-02-01T08:00:00Z", "1 de febrero, 08:00"),
            (
                Language::Pt,
                "2025-02-01T08:00:00Z",
                "1 de fevereiro de 2025, 08:00",
            ),
            (Language::Ja, "2025-02-01T08:00:00Z", "2025年2月1日 08:00"),
        ] {
            let moment = when(
                &Speech::of(language),
                at.parse().unwrap(),
                now,
                &TimeZone::UTC,
            );
            assert_eq!(moment.text, text);
        }
    }
}
