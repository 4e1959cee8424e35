//! Reads a moment as queue systems write it, and nothing else of a job.

use serde_json::value::RawValue;

/// Before 2001-09-09 nothing here was queued: such a number is no moment.
const EARLIEST_S: f64 = 1e9;

/// Numbers from here on count milliseconds, those below seconds.
const MILLIS_FROM: f64 = 1e11;

/// After the year 2286 nothing was queued either.
const LATEST_S: f64 = 1e10;

/// How JavaScript and Ruby print a moment unless they are told otherwise; the
/// first is followed by the name of the zone in parentheses.
const PRINTED: [&str; 2] = ["%a %b %d %Y %H:%M:%S GMT%z", "%Y-%m-%d %H:%M:%S %z"];

/// A moment in milliseconds since 1970, of a number of seconds (with or
/// without a fraction) or milliseconds, of a date in ISO 8601, or of one as
/// JavaScript or Ruby prints it.
///
/// ```
/// # use critwatch::collect::queue::reading::timestamp::read;
/// assert_eq!(read("1700000000"), Some(1_700_000_000_000));
/// assert_eq!(read("1700000000.25"), Some(1_700_000_000_250));
/// assert_eq!(read("1700000000250"), Some(1_700_000_000_250));
/// assert_eq!(read("2023-11-14T22:13:20Z"), Some(1_700_000_000_000));
/// let javascript = "Tue Nov 14 2023 23:13:20 GMT+0100 (Central European Standard Time)";
/// assert_eq!(read(javascript), Some(1_700_000_000_000));
/// assert_eq!(read("5"), None);
/// ```
pub fn read(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(number) => of(number),
        Err(_) => date(text).map(jiff::Timestamp::as_millisecond),
    }
}

fn date(text: &str) -> Option<jiff::Timestamp> {
    let printed = text
        .split(" (")
        .next()
        .unwrap_or(text)
        .replace(" UTC", " +0000");
    let mut printed = PRINTED.iter().filter_map(|form| {
        jiff::fmt::strtime::parse(form, &printed)
            .ok()?
            .to_timestamp()
            .ok()
    });
    text.parse().ok().or_else(|| printed.next())
}

/// The same of bytes.
pub(crate) fn read_bytes(bytes: &[u8]) -> Option<i64> {
    std::str::from_utf8(bytes).ok().and_then(read)
}

/// The same of a number.
pub(crate) fn of(number: f64) -> Option<i64> {
    let seconds = if is_millis(number) {
        number / 1000.0
    } else {
        number
    };
    (EARLIEST_S..LATEST_S)
        .contains(&seconds)
        .then(|| millis(seconds))
}

/// Whether a number of seconds would be so late that it must count milliseconds.
pub(crate) fn is_millis(number: f64) -> bool {
    number >= MILLIS_FROM
}

/// Seconds in whole milliseconds.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "it saturates, and such numbers are sorted out by those who ask"
)]
pub(crate) fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// The moment in a value of a JSON object, written as a number or a text.
pub(crate) fn of_json(value: Option<&RawValue>) -> Option<i64> {
    read(value?.get().trim_matches('"'))
}

/// The moment in a field at the top of a JSON object.
///
/// The rest is skipped unread, however much of it there is.
pub(crate) fn of_field(payload: &[u8], field: &str) -> Option<i64> {
    let mut reader = serde_json::Deserializer::from_slice(payload);
    let found = serde::Deserializer::deserialize_map(&mut reader, Field(field));
    of_json(found.ok()?.as_deref())
}

/// Looks for one field of an object.
struct Field<'f>(&'f str);

impl<'de> serde::de::Visitor<'de> for Field<'_> {
    type Value = Option<Box<RawValue>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if name == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_field_is_found_in_any_form_and_garbage_is_no_moment() {
        for (payload, moment) in [
            (r#"{"at":1700000000}"#, Some(1_700_000_000_000)),
            (r#"{"at":"1700000000.5"}"#, Some(1_700_000_000_500)),
            (
                r#"{"x":{"at":1},"at":1700000000123}"#,
                Some(1_700_000_000_123),
            ),
            (
                r#"{"at":"2023-11-14T22:13:20.5+00:00"}"#,
                Some(1_700_000_000_500),
            ),
            (
                r#"{"at":"Tue Nov 14 2023 17:13:20 GMT-0500 (EST)"}"#,
                Some(1_700_000_000_000),
            ),
            (
                r#"{"at":"2023-11-14 23:13:20 +0100"}"#,
                Some(1_700_000_000_000),
            ),
            (
                r#"{"at":"2023-11-14 22:13:20 UTC"}"#,
                Some(1_700_000_000_000),
            ),
            (r#"{"at":"2023-11-14 22:13:20"}"#, None),
            (r#"{"at":null}"#, None),
            (r#"{"at":[1700000000]}"#, None),
            (r#"{"at":-1700000000}"#, None),
            (r#"{"at":NaN}"#, None),
            (r#"{"other":1700000000}"#, None),
            (r#"{"at":1700000000"#, None),
            ("[1700000000]", None),
            ("O:8:\"stdClass\":0:{}", None),
            ("", None),
        ] {
            assert_eq!(of_field(payload.as_bytes(), "at"), moment, "{payload}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_is_read_back(millis in 1_000_000_000_000_i64..9_000_000_000_000) {
            prop_assert_eq!(read(&millis.to_string()), Some(millis));
            let date = jiff::Timestamp::from_millisecond(millis).unwrap();
            prop_assert_eq!(read(&date.to_string()), Some(millis));
            let seconds = format!("{}.{:03}", millis / 1000, millis % 1000);
            prop_assert_eq!(read(&seconds), Some(millis));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (read_bytes(&bytes), of_field(&bytes, "at"));
        }
    }
}
