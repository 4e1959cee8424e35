//! Texts with places for values of earlier steps: `Bearer {{ key }}`.
//!
//! Two braces never meet outside of a text in JSON, and `${NAME}` is replaced
//! before. What is filled in is a secret as a rule, and never shown.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::text::shape::SecretText;

/// What earlier steps saved, by name; it has no Debug of its values (law 11).
#[derive(Clone, Default)]
pub(crate) struct Values(BTreeMap<String, Value>);

impl Values {
    /// Keeps a value, in the place of an older one.
    pub(crate) fn keep(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        }
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A text with placeholders; its own words may be secret, too.
#[derive(Clone, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "SecretText")]
pub(crate) struct ProbeTemplate(Vec<TemplatePart>);

#[derive(Clone, PartialEq, Eq)]
enum TemplatePart {
    Text(String),
    Place(String),
}

/// Whether a word can name a value.
pub(crate) fn is_name(word: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit();
    !word.is_empty() && word.chars().all(letter)
}

impl ProbeTemplate {
    /// Reads a text; braces that hold no name stay what they are.
    pub(crate) fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let behind = &rest[start + 2..];
            let name = behind.find("}}").map(|end| (behind[..end].trim(), end));
            plain.push_str(&rest[..start]);
            if let Some((name, end)) = name.filter(|(name, _)| is_name(name)) {
                parts.push(TemplatePart::Text(std::mem::take(&mut plain)));
                parts.push(TemplatePart::Place(name.to_owned()));
                rest = &behind[end + 2..];
            } else {
                // Only one brace is passed: the next may begin a place.
                plain.push('{');
                rest = &rest[start + 1..];
            }
        }
        plain.push_str(rest);
        parts.push(TemplatePart::Text(plain));
        parts.retain(|part| *part != TemplatePart::Text(String::new()));
        Self(parts)
    }

    /// The values that it asks for.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Place(name) => Some(name.as_str()),
            TemplatePart::Text(_) => None,
        })
    }

    /// The text with its values, each written by `escape`.
    pub(crate) fn fill(&self, values: &Values, escape: impl Fn(&str) -> String) -> String {
        let parts = self.0.iter().map(|part| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Place(name) => escape(&values.text(name)),
        });
        parts.collect()
    }

    /// The text with its values as they are.
    pub(crate) fn plain(&self, values: &Values) -> String {
        self.fill(values, str::to_owned)
    }

    /// As JSON: a place alone is the value as it was saved, a number a number.
    fn json(&self, values: &Values) -> Value {
        match self.0.as_slice() {
            [TemplatePart::Place(name)] => values.0.get(name).cloned().unwrap_or_default(),
            _ => Value::String(self.plain(values)),
        }
    }
}

impl fmt::Debug for ProbeTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template(…)")
    }
}

impl<'de> Deserialize<'de> for ProbeTemplate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(from)?))
    }
}

/// JSON whose texts are templates; not shown, as it may hold a password.
#[derive(Clone, Deserialize, PartialEq, JsonSchema)]
#[schemars(inline, with = "Value")]
pub(crate) struct JsonTemplate(Value);

impl JsonTemplate {
    /// The values that it asks for.
    pub(crate) fn names(&self) -> Vec<String> {
        fn gather(value: &Value, names: &mut Vec<String>) {
            match value {
                Value::String(text) => {
                    names.extend(ProbeTemplate::new(text).names().map(str::to_owned));
                }
                Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
                Value::Object(map) => map.values().for_each(|item| gather(item, names)),
                _ => {}
            }
        }
        let mut names = Vec::new();
        gather(&self.0, &mut names);
        names
    }

    /// The same with its values.
    pub(crate) fn fill(&self, values: &Values) -> Value {
        fn filled(value: &Value, values: &Values) -> Value {
            match value {
                Value::String(text) => ProbeTemplate::new(text).json(values),
                Value::Array(items) => items.iter().map(|item| filled(item, values)).collect(),
                Value::Object(map) => {
                    let pairs = map.iter();
                    pairs
                        .map(|(name, item)| (name.clone(), filled(item, values)))
                        .collect()
                }
                other => other.clone(),
            }
        }
        filled(&self.0, values)
    }
}

impl fmt::Debug for JsonTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Document(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn values() -> Values {
        let mut values = Values::default();
        values.keep("key", json!("k"));
        values.keep("id", json!(7));
        values
    }

    #[test]
    fn places_are_filled_and_other_braces_stay() {
        for (text, expected) in [
            ("", ""),
            ("Bearer {{ key }}", "Bearer k"),
            ("{{key}}/{{ id }}", "k/7"),
            (r#"{"a": {"b": 1}}"#, r#"{"a": {"b": 1}}"#),
            ("{{{{ key }}", "{{k"),
            ("{{ Key }} {{", "{{ Key }} {{"),
            ("{{ }}", "{{ }}"),
        ] {
            assert_eq!(
                ProbeTemplate::new(text).plain(&values()),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn a_place_alone_keeps_its_kind_in_json() {
        let document =
            JsonTemplate(json!({ "a": ["{{ id }}", "n{{ id }}", true], "b": "{{ key }}" }));
        let filled = json!({ "a": [7, "n7", true], "b": "k" });
        assert_eq!(document.fill(&values()), filled);
        assert_eq!(document.names(), ["id", "id", "key"]);
    }

    #[test]
    fn nothing_of_it_is_shown() {
        let mut values = Values::default();
        values.keep("key", json!("hidden"));
        let document = JsonTemplate(json!("hidden"));
        let shown = format!("{values:?} {:?} {document:?}", ProbeTemplate::new("hidden"));
        assert!(!shown.contains("hidden"), "{shown}");
    }

    proptest! {
        #[test]
        fn a_text_without_names_is_itself(text in "[{}A-Z \\PC]{0,40}") {
            let template = ProbeTemplate::new(&text);
            if template.names().next().is_none() {
                prop_assert_eq!(template.plain(&Values::default()), text);
            }
        }
    }
}
