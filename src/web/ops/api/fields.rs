//! Reads a body that is one JSON object, and collects all that is wrong with it.

use std::fmt;

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::model::component::Severity;
use crate::model::request::incidents::incident_change::{AskedLevels, Opener};
use crate::model::text::nearest::hint;
use crate::model::time::moment;
use crate::web::ops::access::error::{BodyFault, OpsError};

/// The fields of a body, and what is wrong with those that were read.
#[derive(Debug)]
pub(crate) struct BodyFields {
    object: Map<String, Value>,
    faults: Vec<BodyFault>,
}

impl BodyFields {
    /// Reads an object of known fields; nothing at all is an empty one.
    pub(crate) fn read(body: &[u8], known: &[&str]) -> Result<Self, OpsError> {
        let bad = |message: String| OpsError::whole(StatusCode::BAD_REQUEST, message);
        let object = if body.trim_ascii().is_empty() {
            Map::new()
        } else {
            match serde_json::from_slice(body) {
                Ok(Value::Object(object)) => object,
                Ok(_) => return Err(bad("send one JSON object".to_owned())),
                Err(error) => return Err(bad(format!("the body is not JSON: {error}"))),
            }
        };
        let unknown = object.keys().filter(|key| !known.contains(&key.as_str()));
        let faults = unknown.map(|key| {
            let mut hint = hint(key, known.iter().copied());
            if hint.is_empty() {
                hint = format!("; there are {}", known.join(", "));
            }
            BodyFault {
                pointer: format!("/{}", escaped(key)),
                message: format!("this field is not known{hint}"),
            }
        });
        let faults = faults.collect();
        Ok(Self { object, faults })
    }

    /// Whether something is wrong with a field.
    pub(crate) fn is_faulty(&self, field: &str) -> bool {
        let pointer = format!("/{field}");
        self.faults
            .iter()
            .any(|fault| fault.pointer.starts_with(&pointer))
    }

    /// Says what is wrong with a field.
    pub(crate) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.faults.push(BodyFault::new(field, message));
    }

    /// What is left once all fields are read: nothing, or everything that is wrong.
    pub(crate) fn done(self) -> Result<(), OpsError> {
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(OpsError::faulty(self.faults))
        }
    }

    /// What was read of a field, unless it was refused.
    pub(crate) fn checked<T>(
        &mut self,
        field: &str,
        read: Result<T, impl fmt::Display>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(field, error.to_string());
                None
            }
        }
    }

    /// The value of a field; none if it is null.
    pub(crate) fn value(&self, field: &str) -> Option<Value> {
        self.object
            .get(field)
            .filter(|value| !value.is_null())
            .cloned()
    }

    /// A text.
    pub(crate) fn text(&mut self, field: &str) -> Option<String> {
        if let Value::String(text) = self.value(field)? {
            return Some(text);
        }
        self.wrong(field, "write this as a text");
        None
    }

    /// A text that must be there; `way` says what it is.
    pub(crate) fn needed(&mut self, field: &str, way: &str) -> String {
        if self.value(field).is_none() {
            self.wrong(field, way);
        }
        self.text(field).unwrap_or_default()
    }

    /// Yes or no; no, if it is not there.
    pub(crate) fn flag(&mut self, field: &str) -> bool {
        self.flag_or(field, false)
    }

    /// Yes or no, and what is usual if it is not there.
    pub(crate) fn flag_or(&mut self, field: &str, usual: bool) -> bool {
        match self.value(field) {
            None => usual,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.wrong(field, "write `true` or `false`");
                usual
            }
        }
    }

    /// One of some words.
    pub(crate) fn word<T>(
        &mut self,
        field: &str,
        read: impl Fn(&str) -> Option<T>,
        words: &str,
    ) -> Option<T> {
        let text = self.text(field)?;
        let found = read(&text);
        if found.is_none() {
            self.wrong(field, format!("write one of {words}"));
        }
        found
    }

    /// How bad something is.
    pub(crate) fn severity(&mut self, field: &str) -> Option<Severity> {
        self.word(field, severity, SEVERITIES)
    }

    /// The word that opens an update.
    pub(crate) fn opener(&mut self, usual: Opener) -> Opener {
        let words = Opener::ALL.map(Opener::name).join(", ");
        self.word("phase", Opener::from_name, &words)
            .unwrap_or(usual)
    }

    /// A moment, in any form that commands take.
    pub(crate) fn moment(
        &mut self,
        field: &str,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let text = self.text(field)?;
        self.checked(field, moment::parse(&text, zone, now))
    }

    /// Names or ids of components.
    pub(crate) fn names(&mut self, field: &str) -> Option<Vec<String>> {
        let Value::Array(values) = self.value(field)? else {
            self.wrong(field, "write a list of names or ids of components");
            return None;
        };
        let mut names = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            match value {
                Value::String(name) if !name.trim().is_empty() => names.push(name),
                _ => self.wrong(
                    &format!("{field}[{at}]"),
                    "write the name or id of a component",
                ),
            }
        }
        Some(names)
    }

    /// How bad single components are, by their names or ids.
    pub(crate) fn levels(&mut self, field: &str) -> AskedLevels {
        let Some(value) = self.value(field) else {
            return AskedLevels::new();
        };
        let Value::Object(levels) = value else {
            self.wrong(field, "write an object of components with their severities");
            return AskedLevels::new();
        };
        let mut asked = AskedLevels::new();
        for (name, level) in levels {
            let read = match &level {
                Value::Null => Some(None),
                Value::String(word) => severity(word).map(Some),
                _ => None,
            };
            match read {
                Some(severity) => {
                    asked.insert(name, severity);
                }
                None => self.faults.push(BodyFault {
                    pointer: format!("/{field}/{}", escaped(&name)),
                    message: format!("write null, or one of {SEVERITIES}"),
                }),
            }
        }
        asked
    }
}

/// The words for how bad something is.
const SEVERITIES: &str = "down, disrupted, notice";

/// Reads one of them.
pub(crate) fn severity(word: &str) -> Option<Severity> {
    let all = [Severity::Down, Severity::Disrupted, Severity::Notice];
    all.into_iter().find(|one| one.word() == word)
}

/// A name as a part of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn faults(body: &str) -> Vec<(String, String)> {
        let now = Timestamp::UNIX_EPOCH;
        let known = [
            "title",
            "text",
            "affected",
            "severity",
            "severityOf",
            "date",
            "draft",
        ];
        let mut fields = match BodyFields::read(body.as_bytes(), &known) {
            Ok(fields) => fields,
            Err(error) => return vec![(String::new(), error.message)],
        };
        fields.needed("title", "say what it is");
        fields.text("text");
        fields.names("affected");
        fields.severity("severity");
        fields.levels("severityOf");
        fields.moment("date", &TimeZone::UTC, now);
        fields.flag("draft");
        match fields.done() {
            Ok(()) => Vec::new(),
            Err(error) => {
                let faults = error.faults.into_iter();
                faults.map(|one| (one.pointer, one.message)).collect()
            }
        }
    }

    #[test]
    fn every_field_that_is_wrong_is_named_at_once() {
        let body = r#"{"titel": "x", "text": 5, "affected": ["a", 1, " "], "severity": "bad",
            "severityOf": {"a/b": "worse", "c": null}, "date": "soon", "draft": "yes"}"#;
        let found = faults(body);
        let pointers: Vec<_> = found.iter().map(|(pointer, _)| &**pointer).collect();
        assert_eq!(
            pointers,
            [
                "/titel",
                "/title",
                "/text",
                "/affected/1",
                "/affected/2",
                "/severity",
                "/severityOf/a~1b",
                "/date",
                "/draft"
            ]
        );
        assert!(found[0].1.contains("did you mean `title`?"), "{found:?}");
        assert_eq!(faults(r#"{"title": "x"}"#), []);
        for (body, message) in [
            ("[1]", "one JSON object"),
            ("{", "not JSON"),
            (&"[".repeat(10_000), "recursion limit"),
        ] {
            assert!(faults(body)[0].1.contains(message), "{:?}", faults(body));
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_a_panic(body in "\\PC{0,100}") {
            let _ = faults(&body);
        }
    }
}
