//! Values as TOML and the reader take them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::model::time::duration;

/// A text that takes something from the environment.
const VARIABLE: &str = r"\$\{[^}]+\}";

/// Takes `null` away, which TOML lacks.
pub(super) fn without_nulls(schema: &mut Value) {
    each(schema, &mut |schema| {
        let Value::Object(map) = schema else { return };
        if map.get("default") == Some(&Value::Null) {
            map.remove("default");
        }
        if let Some(Value::Array(types)) = map.get_mut("type") {
            types.retain(|one| one != "null");
            if let [one] = &types[..] {
                let one = one.clone();
                map.insert("type".into(), one);
            }
        }
        let Some(Value::Array(ways)) = map.get_mut("anyOf") else {
            return;
        };
        ways.retain(|way| way["type"] != "null");
        if let [Value::Object(only)] = &ways[..] {
            let only = only.clone();
            map.remove("anyOf");
            // Beside a reference this draft sees nothing.
            if only.contains_key("$ref") && !map.is_empty() {
                map.insert("allOf".into(), json!([only]));
            } else {
                map.extend(only);
            }
        }
    });
}

/// Writes durations as the file does.
pub(super) fn with_durations(schema: &mut Value) {
    each(schema, &mut |schema| {
        let parts = ["secs", "nanos"].map(|part| schema["default"][part].as_u64());
        let [Some(secs), Some(nanos)] = parts else {
            return;
        };
        let nanos = Duration::from_nanos(nanos);
        schema["default"] = written(Duration::from_secs(secs) + nanos).into();
    });
}

/// A duration as people write it: `90d`, not `12w6d`.
pub(super) fn written(duration: Duration) -> String {
    let units = [("d", 24 * 3600), ("h", 3600), ("m", 60), ("s", 1)];
    let seconds = duration.as_secs();
    let is_whole = |(_, length): &(&str, u64)| seconds > 0 && seconds.is_multiple_of(*length);
    match units.into_iter().find(is_whole) {
        Some((unit, length)) if duration.subsec_nanos() == 0 => {
            format!("{}{unit}", seconds / length)
        }
        _ => duration::print(duration),
    }
}

/// Joins the lines of a description, which end where lines of the source do.
pub(super) fn with_paragraphs(schema: &mut Value) {
    each(schema, &mut |schema| {
        if let Some(text) = schema["description"].as_str() {
            let paragraphs = text.split("\n\n").map(|one| one.replace('\n', " "));
            schema["description"] = paragraphs.collect::<Vec<_>>().join("\n\n").into();
        }
    });
}

/// Lets a variable stand where a text has a form or is one of some words.
pub(super) fn with_variables(schema: &mut Value) {
    each(schema, &mut |schema| {
        let is_text = schema["type"] == "string";
        if let Some(pattern) = schema["pattern"].as_str().filter(|_| is_text) {
            schema["pattern"] = format!("{pattern}|{VARIABLE}").into();
        } else if let Some(words) = schema.get("enum").filter(|_| is_text).cloned() {
            let Value::Object(map) = schema else { return };
            map.remove("enum");
            let ways = json!([{ "enum": words }, { "pattern": VARIABLE }]);
            map.insert("anyOf".into(), ways);
        } else if let Some(Value::Array(ways)) = schema.get_mut("oneOf") {
            // The words of an enum, each with what it means.
            let are_words = ways
                .iter()
                .all(|way| way["const"].is_string() || way["enum"].is_array());
            if are_words {
                ways.push(json!({ "type": "string", "pattern": VARIABLE }));
            }
        }
    });
}

/// Changes every schema within another, innermost first; keys are no schemas.
fn each(schema: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    ("properties" | "patternProperties" | "definitions", Value::Object(keys)) => {
                        keys.values_mut().for_each(|value| each(value, change));
                    }
                    ("default" | "const" | "enum" | "required", _) => {}
                    (_, value) => each(value, change),
                }
            }
            change(schema);
        }
        _ => {}
    }
}
