//! Matchers in a body, in Alertmanager's shape.

use serde_json::Value;

use crate::model::series::matcher::{LabelMatcher, MAX_MATCHERS, MatchOperator};
use crate::model::silence::SilenceError;
use crate::web::ops::api::fields::BodyFields;

/// What may stand in a matcher.
const MATCHER_FIELDS: [&str; 4] = ["name", "value", "isRegex", "isEqual"];

/// The matchers, if each can be read.
pub(crate) fn matchers(fields: &mut BodyFields) -> Option<Vec<LabelMatcher>> {
    let way = "write a list of matchers, each as in \
        `{\"name\": \"rule\", \"value\": \"queue-stuck\", \"isRegex\": false}`";
    match fields.value("matchers") {
        // Before a pattern is read: thousands fit into a body.
        Some(Value::Array(all)) if all.len() > MAX_MATCHERS => {
            fields.wrong("matchers", SilenceError::Many.to_string());
            None
        }
        Some(Value::Array(all)) if !all.is_empty() => {
            let read = all.iter().enumerate().map(|(at, value)| {
                let place = format!("matchers[{at}]");
                matcher(fields, &place, value)
            });
            // All are read, so that all that is wrong is told.
            let read: Vec<_> = read.collect();
            read.into_iter().collect()
        }
        _ => {
            fields.wrong("matchers", way);
            None
        }
    }
}

fn matcher(fields: &mut BodyFields, place: &str, value: &Value) -> Option<LabelMatcher> {
    let Some(object) = value.as_object() else {
        fields.wrong(place, "write this as an object");
        return None;
    };
    let place_of = |name: &str| format!("{place}.{name}");
    let unknown = |key: &&String| !MATCHER_FIELDS.contains(&key.as_str());
    if let Some(key) = object.keys().find(unknown) {
        let known = MATCHER_FIELDS.join(", ");
        let message = format!("this field is not known; there are {known}");
        fields.wrong(&place_of(key), message);
        return None;
    }
    let mut word = |name: &str| {
        let word = object.get(name).and_then(Value::as_str);
        fields.checked(&place_of(name), word.ok_or("write this as a text"))
    };
    let (name, text) = (word("name")?, word("value")?);
    let mut flag = |name: &str, usual| {
        let flag = object.get(name).map_or(Some(usual), Value::as_bool);
        fields.checked(&place_of(name), flag.ok_or("write `true` or `false`"))
    };
    let operator = match (flag("isEqual", true)?, flag("isRegex", false)?) {
        (true, false) => MatchOperator::Equal,
        (false, false) => MatchOperator::NotEqual,
        (true, true) => MatchOperator::Fits,
        (false, true) => MatchOperator::FitsNot,
    };
    fields.checked(place, LabelMatcher::new(name, operator, text))
}
