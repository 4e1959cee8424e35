//! What a value within a JSON answer should be.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::collect::probe::expect::pattern::BytePattern;
use crate::collect::probe::expect::template::{JsonTemplate, Values};
use crate::model::text::shape::OneOrMore;

/// A place in a JSON document, as RFC 6901 writes it: `/data/state`.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "String")]
pub(crate) struct Pointer(String);

impl Pointer {
    /// Reads a pointer; the error says how to write one.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let mut after = text.split('~').skip(1);
        if !text.is_empty() && !text.starts_with('/') {
            Err(format!(
                "`{text}` is not a JSON pointer; write it as `/{text}`"
            ))
        } else if !after.all(|rest| rest.starts_with(['0', '1'])) {
            Err("in a JSON pointer write `~0` for `~` and `~1` for `/`".to_owned())
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// What is there in a document.
    pub(crate) fn find<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        document.pointer(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Conditions on the value at a JSON pointer; without any, the value must exist.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// A JSON pointer to the value.
    pub(crate) pointer: Pointer,
    /// The expected value.
    pub(crate) equals: Option<JsonTemplate>,
    /// A regular expression that its text must match.
    pub(crate) matches: Option<BytePattern>,
    /// A number that it must exceed.
    pub(crate) above: Option<f64>,
    /// A number that it must stay below.
    pub(crate) below: Option<f64>,
    /// An inclusive range.
    pub(crate) between: Option<(f64, f64)>,
}

impl Expectation {
    /// The number at the place, also one that is written as a text.
    pub(crate) fn number(&self, document: &Value) -> Option<f64> {
        number(self.pointer.find(document)?)
    }

    /// Whether the document is as expected; the words never quote it.
    pub(crate) fn judge(&self, document: &Value, values: &Values) -> Result<(), String> {
        let pointer = self.pointer.text();
        let wrong = |what: &str| Err(format!("the value at `{pointer}` is not {what}"));
        let Some(found) = self.pointer.find(document) else {
            return Err(format!("the answer has nothing at `{pointer}`"));
        };
        if let Some(wanted) = &self.equals
            && !is_same(found, &wanted.fill(values))
        {
            return wrong("the one expected");
        }
        if let Some(pattern) = &self.matches {
            let matches = match found {
                Value::String(text) => pattern.is_in(text.as_bytes()),
                other => pattern.is_in(other.to_string().as_bytes()),
            };
            if !matches {
                return wrong("what it should match");
            }
        }
        let value = number(found);
        let holds = |test: &dyn Fn(f64) -> bool| value.is_some_and(test);
        match (self.above, self.below, self.between) {
            (Some(least), _, _) if !holds(&|value| value > least) => {
                wrong(&format!("a number above {least}"))
            }
            (_, Some(most), _) if !holds(&|value| value < most) => {
                wrong(&format!("a number below {most}"))
            }
            (_, _, Some((least, most))) if !holds(&|value| (least..=most).contains(&value)) => {
                wrong(&format!("a number between {least} and {most}"))
            }
            _ => Ok(()),
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(is) => Some(f64::from(u8::from(*is))),
        _ => None,
    }
}

/// Whether two values are the same; `1` and `1.0` are.
fn is_same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Number(found), Value::Number(wanted)) => found.as_f64() == wanted.as_f64(),
        _ => found == wanted,
    }
}

/// One expectation, or a list of them.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(inline, with = "OneOrMore<Expectation>")]
pub(crate) struct Expectations(pub(crate) Vec<Expectation>);

impl<'de> Deserialize<'de> for Expectations {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ExpectationTable).map(Self)
    }
}

struct ExpectationTable;

impl<'de> Visitor<'de> for ExpectationTable {
    type Value = Vec<Expectation>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table as in `{ pointer = \"/data\", equals = 1 }`, or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(vec![Expectation::deserialize(MapAccessDeserializer::new(
            map,
        ))?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = seq.next_element()? {
            all.push(one);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(settings: &str, expected: &str) {
        let expectation: Expectation = toml::from_str(settings).unwrap();
        let answer = json!({ "state": "ready", "total": "12", "n": 3, "ok": true, "a/b": [1, 2] });
        let outcome = expectation.judge(&answer, &Values::default());
        assert_eq!(outcome.err().unwrap_or_default(), expected, "{settings}");
    }

    #[test]
    fn a_value_is_as_expected_or_it_is_said_how_not() {
        check("pointer = '/state'\nequals = 'ready'", "");
        check("pointer = '/n'\nequals = 3.0", "");
        check("pointer = '/a~1b/1'\nequals = 2", "");
        check("pointer = '/a~1b'\nequals = [1, 2]", "");
        check("pointer = '/ok'\nabove = 0", "");
        check("pointer = '/total'\nabove = 0\nbelow = 21", "");
        check("pointer = '/total'\nbetween = [1, 12]", "");
        check("pointer = '/state'\nmatches = '^r'", "");
        check("pointer = '/gone'", "the answer has nothing at `/gone`");
        check(
            "pointer = '/state'\nequals = 'gone'",
            "the value at `/state` is not the one expected",
        );
        check(
            "pointer = '/state'\nmatches = '^x'",
            "the value at `/state` is not what it should match",
        );
        check(
            "pointer = '/state'\nabove = 1",
            "the value at `/state` is not a number above 1",
        );
        check(
            "pointer = '/total'\nabove = 0\nbelow = 12",
            "the value at `/total` is not a number below 12",
        );
        check(
            "pointer = '/n'\nbetween = [4, 5]",
            "the value at `/n` is not a number between 4 and 5",
        );
    }

    #[test]
    fn a_pointer_is_written_as_its_rfc_says() {
        for (text, good) in [
            ("", true),
            ("/", true),
            ("/a~0b~1c", true),
            ("data", false),
            ("/a~2", false),
            ("/a~", false),
        ] {
            assert_eq!(Pointer::new(text).is_ok(), good, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_pointer_makes_it_panic(text in "[/~a-z0-9]{0,12}") {
            if let Ok(pointer) = Pointer::new(&text) {
                let _ = pointer.find(&json!({ "a": [1] }));
            }
        }
    }
}
