//! The four ways to write a `[[rule]]`, as one table.

use serde_json::{Value, json};

use crate::config::schema::tables::{TYPES, add, of};

/// What only some ways have.
const WAYS: [(&str, &[&str]); 4] = [
    ("expr", &["severity"]),
    ("alert", &["severity"]),
    ("value", &[]),
    ("objective", &["severity"]),
];

/// What all ways have.
const ALWAYS: [&str; 3] = ["components", "title", "text"];

/// Joins the ways; which keys a rule needs is known from the whole file, because a rule
/// that overrides one of a preset may leave out everything but its id.
pub(super) fn joined(schema: &mut Value) {
    let mut rule = json!({
        "type": "object",
        "description": "A condition, and the text for visitors.",
        "properties": {},
        "additionalProperties": false,
    });
    for part in ["Objective", "LeveledRule", "RuleSettings"] {
        add(&mut rule, &of(schema, part).clone());
    }
    rule["required"] = json!(["id"]);
    *of(schema, "RuleSettings") = rule;
    let one_way = WAYS.map(|(key, more)| {
        let others = WAYS.iter().filter(|(other, _)| *other != key);
        let others: Vec<_> = others
            .map(|(other, _)| json!({ "required": [other] }))
            .collect();
        let needed = [&[key], more].concat();
        json!({ "required": needed, "not": { "anyOf": others } })
    });
    schema["if"] = json!({ "not": { "required": ["use"] } });
    schema["then"] = json!({
        "properties": { "rule": { "items": { "$ref": format!("#/{TYPES}/WholeRule") } } }
    });
    *of(schema, "WholeRule") = json!({
        "description": "A rule that overrides no rule of a preset.",
        "required": ALWAYS,
        "oneOf": one_way,
    });
}
