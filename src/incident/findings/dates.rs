//! Dates that Hugo does not accept, or that leave out their zone.

use jiff::tz::TimeZone;

use crate::incident::findings::page::ExaminedFile;
use crate::model::finding::Weight::{Fault, Hint, Warning};
use crate::model::time::date;

const DATES: [&str; 5] = [
    "date",
    "resolvedwhen",
    "publishdate",
    "expirydate",
    "lastmod",
];

/// The hint for every date that cannot be read.
pub const FORMS: &str = "write `2026-03-01T12:00:00Z` or `2026-03-01 12:00:00+01:00`, with seconds";

/// Checks every date of the head.
pub fn check(page: &mut ExaminedFile<'_>) {
    for key in DATES {
        moment(page, key);
    }
    zones(page);
}

fn moment(page: &mut ExaminedFile<'_>, key: &str) {
    if !page.says(key) || page.document.moment(key).is_some() {
        return number(page, key);
    }
    let (at, range) = (page.at_value(key), page.value(key));
    let name = spelt(key);
    let Some(text) = page.document.string(key) else {
        let message = format!("`{name}` is not a date; {FORMS}");
        page.add(Fault, "unreadable-date", at, message);
        return;
    };
    let better = repaired(&text, page.document.zone());
    let fix = better.and_then(|better| page.redated(range, &better));
    let harmless = key == "resolvedwhen" && page.incident.resolved != Some(true);
    let weight = if harmless { Warning } else { Fault };
    let message = format!("`{name}` is not a date that Hugo can read: `{text}`; {FORMS}");
    *page.add(weight, "unreadable-date", at, message) = fix;
}

/// Finds digits that were meant as a day but count seconds.
fn number(page: &mut ExaminedFile<'_>, key: &str) {
    let text = page.document.string(key).unwrap_or_default();
    let short = !text.is_empty() && text.len() < 10;
    if short && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let at = page.at_value(key);
        let message = format!("the bare number `{text}` counts seconds since 1970; {FORMS}");
        page.add(Fault, "date-is-number", at, message);
    }
}

/// Reports once that dates have no zone; most writers mean local time.
fn zones(page: &mut ExaminedFile<'_>) {
    let naked = |key: &str| {
        page.document.moment(key).is_some()
            && page
                .document
                .string(key)
                .is_some_and(|text| !has_zone(&text))
    };
    let written: Vec<_> = ["date", "resolvedwhen"]
        .into_iter()
        .filter(|key| page.document.moment(key).is_some())
        .collect();
    let zoneless: Vec<_> = written.iter().copied().filter(|key| naked(key)).collect();
    let Some(first) = zoneless.first().copied() else {
        return;
    };
    let day_only = page
        .document
        .string(first)
        .is_some_and(|text| text.len() == 10);
    if day_only && page.incident.informational {
        // A post needs only a day.
        return;
    }
    let zone = page.document.zone();
    let zone_name = zone.iana_name().unwrap_or("UTC").to_owned();
    let assumed = if *zone == TimeZone::UTC {
        "UTC"
    } else {
        &*zone_name
    };
    let name = spelt(first);
    let own_zone = *zone != TimeZone::UTC || page.incident.informational;
    let (weight, message) = if zoneless.len() < written.len() {
        let message = format!(
            "`{name}` names no zone and is read as {assumed}, but the other date names one; \
            add `Z` or an offset such as `+01:00`"
        );
        (Warning, message)
    } else if day_only {
        let message =
            format!("`{name}` is a day without a time, which counts from midnight; {FORMS}");
        (Hint, message)
    } else {
        let message = format!(
            "`{name}` names no zone and is read as {assumed}; \
            add `Z` if that is meant, or an offset such as `+01:00`"
        );
        (if own_zone { Hint } else { Warning }, message)
    };
    let at = page.at_value(first);
    page.add(weight, "date-without-zone", at, message);
}

fn has_zone(text: &str) -> bool {
    let time = text.get(10..).unwrap_or_default();
    text.parse::<i64>().is_ok()
        || !text.starts_with(|c: char| c.is_ascii_digit())
        || time.contains(['Z', '+', '-'])
}

/// The same date in a form that Hugo accepts, if that needs no guess.
pub fn repaired(text: &str, zone: &TimeZone) -> Option<String> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10)?;
    let separator = match rest.chars().next() {
        None => return date::parse(day, zone).map(|_| day.to_owned()),
        Some('T' | 't') => 'T',
        Some(' ') => ' ',
        Some(_) => return None,
    };
    let rest = rest[1..].trim_start();
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
        .unwrap_or(rest.len());
    let (time, offset) = rest.split_at(end);
    let time = if time.matches(':').count() == 1 && !time.contains('.') {
        format!("{time}:00")
    } else {
        time.to_owned()
    };
    let offset = match offset.trim() {
        "z" | "Z" | "UTC" | "utc" | "GMT" => "Z",
        offset => offset,
    };
    let better = format!("{day}{separator}{time}{offset}");
    date::parse(&better, zone).map(|_| better)
}

/// A key spelled as in cState's documentation.
pub fn spelt(key: &str) -> &str {
    match key {
        "resolvedwhen" => "resolvedWhen",
        "publishdate" => "publishDate",
        "expirydate" => "expiryDate",
        key => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_repaired_where_nothing_is_guessed() {
        for (text, expected) in [
            ("2026-03-01 12:00", Some("2026-03-01 12:00:00")),
            ("2026-03-01T12:00+02:00", Some("2026-03-01T12:00:00+02:00")),
            ("2026-03-01 12:00:00 UTC", Some("2026-03-01 12:00:00Z")),
            ("2026-03-01t12:00:00z ", Some("2026-03-01T12:00:00Z")),
            (
                "2026-03-01T12:00:00 +02:00",
                Some("2026-03-01T12:00:00+02:00"),
            ),
            ("2026-03-01 12:00:00 CET", None),
            ("2026-03-01 12:00:00 14:00:00", None),
            ("2026-03-01 12:00 GMT+1", None),
            ("01.03.2026", None),
            ("soon", None),
        ] {
            assert_eq!(
                repaired(text, &TimeZone::UTC).as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
