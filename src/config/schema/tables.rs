//! Joins the parts of a table as the reader does.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::collect::provider;
use crate::collect::push::samples;
use crate::config::schema::values;
use crate::model::text::shape::SECRET;

/// Where the types are.
pub(super) const TYPES: &str = "definitions";

/// Tables whose kind a word says: the type, that word's key, the types of the keys that
/// all kinds have, and the kind that needs no word.
const KINDS: [(&str, &str, &[&str], Option<&str>); 3] = [
    ("Target", "type", &["Schedule"], None),
    (
        "ChannelSettings",
        "type",
        &["NotifierId", "ReceiverRules"],
        None,
    ),
    ("QueueSettings", "system", &[], Some("stream")),
];

/// Types of collectors that are asked at other times than most.
const UNUSUAL: [(&str, Duration, Duration); 2] = [
    ("provider", provider::INTERVAL, provider::TIMEOUT),
    ("push", samples::INTERVAL, samples::TIMEOUT),
];

/// Keys whose value says what a table is; nobody keeps them in a file of their own.
const PLAIN: [&str; 4] = ["id", "name", "title", "text"];

/// A type by its name.
pub(super) fn of<'s>(schema: &'s mut Value, name: &str) -> &'s mut Value {
    &mut schema[TYPES][name]
}

/// Puts the keys of a table beside the word that says its kind.
pub(super) fn by_kind(schema: &mut Value) {
    for (name, tag, common, usual) in KINDS {
        let kinds = of(schema, name)["oneOf"].take();
        let kinds = kinds.as_array().into_iter().flatten();
        let mut words = Vec::new();
        let mut joined = Vec::new();
        for kind in kinds {
            let Some((word, body)) = kind["properties"]
                .as_object()
                .and_then(|one| one.iter().next())
            else {
                continue;
            };
            let mut table = json!({
                "type": "object",
                "description": kind["description"],
                "properties": { tag: { "const": word } },
                "required": [],
                "additionalProperties": false,
            });
            if usual != Some(word) {
                table["required"] = json!([tag]);
            }
            for part in common.iter().map(|part| of(schema, part).clone()) {
                add(&mut table, &part);
            }
            add(&mut table, &resolved(schema, body));
            for (_, interval, timeout) in UNUSUAL.iter().filter(|(kind, ..)| kind == word) {
                for (key, usual) in [("interval", interval), ("timeout", timeout)] {
                    table["properties"][key]["default"] = values::written(*usual).into();
                }
            }
            words.push(word.clone());
            joined.push(table);
        }
        let table = of(schema, name);
        table["properties"] = json!({ tag: { "enum": words } });
        table["oneOf"] = joined.into();
    }
}

/// The type that a schema refers to, or the schema itself.
fn resolved(schema: &Value, body: &Value) -> Value {
    let name = body["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next());
    name.map_or_else(|| body.clone(), |name| schema[TYPES][name].clone())
}

/// Adds the keys of a part to a table.
pub(super) fn add(table: &mut Value, part: &Value) {
    for (key, value) in part["properties"].as_object().into_iter().flatten() {
        table["properties"][key] = value.clone();
    }
    if let (Some(all), Some(more)) = (
        table["required"].as_array_mut(),
        part["required"].as_array(),
    ) {
        all.extend(more.iter().cloned());
    }
}

/// Lets `x_file` stand for every text `x`.
pub(super) fn with_files(schema: &mut Value) {
    each_table(schema, &mut |table| {
        let Some(keys) = table["properties"].as_object() else {
            return;
        };
        let texts: Vec<_> = keys
            .iter()
            .filter(|(key, value)| value["type"] == "string" && !PLAIN.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value["format"] == SECRET))
            .collect();
        if texts.is_empty() {
            return;
        }
        for (key, _) in texts.iter().filter(|(_, is_secret)| *is_secret) {
            table["properties"][format!("{key}_file")] = json!({
                "type": "string",
                "description": format!("A file that holds `{key}`."),
            });
        }
        let others = texts.iter().filter(|(_, is_secret)| !is_secret);
        let others: Vec<_> = others.map(|(key, _)| key.as_str()).collect();
        if !others.is_empty() {
            let pattern = format!("^({})_file$", others.join("|"));
            table["patternProperties"] = json!({ pattern: { "type": "string" } });
        }
        let mut either = Vec::new();
        if let Some(Value::Array(required)) = table.get_mut("required") {
            required.retain(|key| {
                let is_text = texts.iter().any(|(text, _)| key == text);
                if is_text {
                    let file = format!("{}_file", key.as_str().unwrap_or_default());
                    either
                        .push(json!({ "anyOf": [{ "required": [key] }, { "required": [file] }] }));
                }
                !is_text
            });
        }
        if !either.is_empty() {
            table["allOf"] = either.into();
        }
    });
}

/// Changes every table that has keys of its own.
fn each_table(schema: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| each_table(item, change)),
        Value::Object(map) => {
            for value in map.values_mut() {
                each_table(value, change);
            }
            if schema["additionalProperties"] == false {
                change(schema);
            }
        }
        _ => {}
    }
}

/// Removes types that nothing refers to any more.
pub(super) fn prune(schema: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        references(schema, &mut used);
        let Some(types) = schema[TYPES].as_object_mut() else {
            return;
        };
        let before = types.len();
        let kept = std::mem::take(types).into_iter();
        *types = kept
            .filter(|(name, _)| used.contains(name))
            .collect::<Map<_, _>>();
        if types.len() == before {
            return;
        }
    }
}

/// The types that a schema refers to.
fn references(schema: &Value, used: &mut BTreeSet<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| references(item, used)),
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str().and_then(|path| path.rsplit('/').next()) {
                    Some(name) if key == "$ref" => {
                        used.insert(name.to_owned());
                    }
                    _ => references(value, used),
                }
            }
        }
        _ => {}
    }
}
