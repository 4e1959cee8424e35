//! The statuses that an answer may have: `200`, `"2xx"`, or a list of both.

use std::fmt;
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::model::text::shape::StatusShape;

/// Every status there is.
const ALL: RangeInclusive<u16> = 100..=999;

/// Statuses that are expected; by default any of 200 to 299.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "StatusShape")]
pub(crate) struct Statuses(Vec<RangeInclusive<u16>>);

impl Statuses {
    /// Whether a status is one of them.
    pub(crate) fn have(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }
}

impl Default for Statuses {
    fn default() -> Self {
        Self(vec![200..=299])
    }
}

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StatusTable).map(Self)
    }
}

/// One word of a list.
struct One(RangeInclusive<u16>);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut ranges = from.deserialize_any(StatusTable)?;
        match (ranges.pop(), ranges.pop()) {
            (Some(range), None) => Ok(Self(range)),
            _ => Err(Error::custom("write one list, not a list of lists")),
        }
    }
}

struct StatusTable;

impl<'de> Visitor<'de> for StatusTable {
    type Value = Vec<RangeInclusive<u16>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a status as in `200`, a class as in \"2xx\", or a list of them")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        match u16::try_from(number) {
            Ok(status) if ALL.contains(&status) => Ok(vec![status..=status]),
            _ => Err(E::custom(format!(
                "`{number}` is not a status; there are 100 to 999"
            ))),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let class = text.strip_suffix("xx").filter(|class| class.len() == 1);
        let class: Option<u16> = class.and_then(|class| class.parse().ok());
        match class {
            Some(class @ 1..=9) => Ok(vec![class * 100..=class * 100 + 99]),
            _ => match text.parse() {
                Ok(number) => self.visit_i64(number),
                Err(_) => Err(E::custom(format!(
                    "`{text}` is not a status; write `200` or \"2xx\""
                ))),
            },
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut ranges = Vec::new();
        while let Some(One(range)) = seq.next_element()? {
            ranges.push(range);
        }
        if ranges.is_empty() {
            return Err(A::Error::custom("name at least one status"));
        }
        Ok(ranges)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Statuses, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn statuses_are_numbers_classes_and_lists() {
        for (text, good, bad) in [
            ("200", vec![200], vec![201, 404]),
            (r#""2xx""#, vec![200, 299], vec![300, 199]),
            (r#"[200, "4xx"]"#, vec![200, 404, 499], vec![201, 500]),
            (r#""301""#, vec![301], vec![302]),
        ] {
            let statuses = read(text).unwrap();
            assert!(
                good.into_iter().all(|status| statuses.have(status)),
                "{text}"
            );
            assert!(
                !bad.into_iter().any(|status| statuses.have(status)),
                "{text}"
            );
        }
        for text in [
            "7", "1000", "-1", "[]", r#""0xx""#, r#""20x""#, "[[200]]x", "true",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,8}") {
            let _ = StatusTable.visit_str::<serde_json::Error>(&text);
        }
    }
}
