//! Silences in Alertmanager's shape, as `/api/v1/silences` takes and shows them.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::web::ops::refused::{Refused, object, text};

/// What may stand in a body; the first three are what amtool sends besides.
const FIELDS: [&str; 8] = [
    "id",
    "status",
    "updatedAt",
    "matchers",
    "startsAt",
    "endsAt",
    "createdBy",
    "comment",
];

/// What may stand in a matcher.
const MATCHER_FIELDS: [&str; 4] = ["name", "value", "isRegex", "isEqual"];

/// One matcher, in the words of Alertmanager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatcherJson {
    /// The label that is looked at.
    pub name: String,
    /// What it is compared with.
    pub value: String,
    /// Whether the value is a regular expression.
    pub is_regex: bool,
    /// Whether it must match, or must not.
    pub is_equal: bool,
}

impl fmt::Display for MatcherJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = match (self.is_equal, self.is_regex) {
            (true, false) => "=",
            (false, false) => "!=",
            (true, true) => "=~",
            (false, true) => "!~",
        };
        let value = self.value.replace('\\', r"\\").replace('"', "\\\"");
        write!(
            f,
            "{}{operator}\"{}\"",
            self.name,
            value.replace('\n', "\\n")
        )
    }
}

impl MatcherJson {
    /// Its JSON.
    pub fn value(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "isRegex": self.is_regex,
            "isEqual": self.is_equal,
        })
    }
}

/// A silence that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilenceAsked {
    /// The one that it is to replace, if any.
    pub id: Option<String>,
    /// All of them must match.
    pub matchers: Vec<MatcherJson>,
    /// From when on.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// Who asks.
    pub created_by: String,
    /// Why.
    pub comment: String,
}

/// Reads the body of a `POST`; without `startsAt` it begins now.
pub fn read(body: &[u8], now: Timestamp) -> Result<SilenceAsked, Refused> {
    let object = object(body, &FIELDS)?;
    let needed = |field: &str, way: &str| {
        let found = text(&object, field)?.map(str::trim);
        let found = found.filter(|found| !found.is_empty());
        found.ok_or_else(|| Refused::field(field, way))
    };
    let starts = match text(&object, "startsAt")? {
        Some(at) => moment("startsAt", at)?.max(now),
        None => now,
    };
    let ends = needed("endsAt", "say when it ends, as in `2026-03-01T12:30:00Z`")?;
    let ends = moment("endsAt", ends)?;
    if ends <= starts {
        let message = format!("{ends} has passed, or is before the beginning {starts}");
        return Err(Refused::field("endsAt", message));
    }
    Ok(SilenceAsked {
        id: text(&object, "id")?
            .filter(|id| !id.is_empty())
            .map(str::to_owned),
        matchers: matchers(&object)?,
        starts,
        ends,
        created_by: needed("createdBy", "say who asks for it")?.to_owned(),
        comment: needed("comment", "say why it is silent")?.to_owned(),
    })
}

fn moment(field: &str, text: &str) -> Result<Timestamp, Refused> {
    let way = "write the moment as in `2026-03-01T12:30:00Z`";
    text.parse().map_err(|_| Refused::field(field, way))
}

fn matchers(object: &Map<String, Value>) -> Result<Vec<MatcherJson>, Refused> {
    let way = "write a list of matchers, each as in \
        `{\"name\": \"rule\", \"value\": \"queue-stuck\", \"isRegex\": false}`";
    match object.get("matchers") {
        Some(Value::Array(all)) if !all.is_empty() => all.iter().enumerate().map(matcher).collect(),
        _ => Err(Refused::field("matchers", way)),
    }
}

fn matcher((at, value): (usize, &Value)) -> Result<MatcherJson, Refused> {
    let field = |name: &str| format!("matchers[{at}].{name}");
    let Some(object) = value.as_object() else {
        return Err(Refused::field(
            &format!("matchers[{at}]"),
            "write this as an object",
        ));
    };
    if let Some(key) = object
        .keys()
        .find(|key| !MATCHER_FIELDS.contains(&key.as_str()))
    {
        let known = MATCHER_FIELDS.join(", ");
        let message = format!("this field is not known; there are {known}");
        return Err(Refused::field(&field(key), message));
    }
    let word = |name: &str| {
        let found = object.get(name).and_then(Value::as_str);
        found.ok_or_else(|| Refused::field(&field(name), "write this as a text"))
    };
    let flag = |name: &str, usual| match object.get(name) {
        None => Ok(usual),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refused::field(&field(name), "write `true` or `false`")),
    };
    Ok(MatcherJson {
        name: word("name")?.to_owned(),
        value: word("value")?.to_owned(),
        is_regex: flag("isRegex", false)?,
        is_equal: flag("isEqual", true)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> Result<SilenceAsked, Refused> {
        read(body.as_bytes(), "2026-03-01T12:00:00Z".parse().unwrap())
    }

    /// What amtool 0.25 sends, shortened to what a test needs.
    const AMTOOL: &str = r#"{"comment": "Move", "createdBy": "Ann",
        "endsAt": "2026-03-01T13:00:00Z", "startsAt": "2026-03-01T11:59:59Z",
        "matchers": [{"isEqual": true, "isRegex": true, "name": "rule", "value": "a|b"}]}"#;

    #[test]
    fn a_silence_is_read_as_alertmanager_reads_it() {
        let asked = check(AMTOOL).unwrap();
        assert_eq!(asked.starts.to_string(), "2026-03-01T12:00:00Z");
        assert_eq!((&*asked.created_by, &*asked.comment), ("Ann", "Move"));
        assert_eq!(asked.matchers[0].to_string(), r#"rule=~"a|b""#);
        assert_eq!(asked.matchers[0].value()["isRegex"], true);
        let shown = |matcher: &str| {
            let body = AMTOOL.replace(
                r#"{"isEqual": true, "isRegex": true, "name": "rule", "value": "a|b"}"#,
                matcher,
            );
            check(&body).unwrap().matchers[0].to_string()
        };
        for (matcher, expected) in [
            (r#"{"name": "rule", "value": "a"}"#, r#"rule="a""#),
            (
                r#"{"name": "rule", "value": "a\"\\b\n", "isEqual": false}"#,
                r#"rule!="a\"\\b\n""#,
            ),
            (
                r#"{"name": "x", "value": "a.*", "isRegex": true, "isEqual": false}"#,
                r#"x!~"a.*""#,
            ),
        ] {
            assert_eq!(shown(matcher), expected);
        }
    }

    #[test]
    fn what_is_wrong_with_a_silence_is_named_with_its_field() {
        for (from, to, field) in [
            (r#""comment": "Move""#, r#""comment": " ""#, "comment"),
            (r#""createdBy": "Ann","#, "", "createdBy"),
            ("2026-03-01T13:00:00Z", "2026-03-01T12:00:00Z", "endsAt"),
            ("2026-03-01T13:00:00Z", "tomorrow", "endsAt"),
            ("2026-03-01T11:59:59Z", "now", "startsAt"),
            (r#""name": "rule", "#, "", "matchers[0].name"),
            (
                r#""isRegex": true"#,
                r#""isRegex": "yes""#,
                "matchers[0].isRegex",
            ),
            (
                r#""isRegex": true"#,
                r#""isRegexp": true"#,
                "matchers[0].isRegexp",
            ),
            ("matchers", "matcher", "matcher"),
        ] {
            assert!(AMTOOL.contains(from), "{from}");
            let refused = check(&AMTOOL.replacen(from, to, 1)).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(field), "{to}: {refused:?}");
        }
        let none = AMTOOL.split(r#""matchers""#).next().unwrap().to_owned() + r#""matchers": []}"#;
        assert_eq!(check(&none).unwrap_err().field.as_deref(), Some("matchers"));
    }
}
