//! The schema as a document for people: every section, every key.

use std::collections::VecDeque;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::config::schema::tables::TYPES;

/// What stands above the sections.
const HEAD: &str = "# Every setting

<!-- `critwatch schema --format markdown` generates this from the types of the settings. -->

This page lists all keys of `alerts.toml`, section by section. Write durations as `30s`, `5m` or `1h30m`. \
Any text can take a value from the environment (`\"${NAME}\"`, or `\"${NAME:-word}\"`), or come from a \
file: `password_file = \"secrets/password\"` instead of `password`. critwatch never shows secrets.
";

/// A table that is still to be written.
struct DueTable<'s> {
    /// Its name in the file: `collector.queue`.
    path: String,
    is_list: bool,
    body: &'s Value,
}

/// Writes the whole document.
pub(crate) fn markdown(schema: &Value) -> String {
    let mut text = HEAD.to_owned();
    let sections = keys(schema);
    let (tables, plain): (Vec<_>, Vec<_>) = sections
        .into_iter()
        .partition(|(_, value)| nested(schema, value).is_some());
    text.push_str("\n## Above the first section\n\n");
    rows(&mut text, schema, schema, &plain);
    for (name, value) in tables {
        let Some((is_list, body)) = nested(schema, value) else {
            continue;
        };
        let mut due = VecDeque::from([DueTable {
            path: name.to_owned(),
            is_list,
            body,
        }]);
        let mut about = value["description"].as_str();
        while let Some(table) = due.pop_front() {
            let more = section(&mut text, schema, &table, about.take());
            due.extend(more);
        }
    }
    text
}

/// Writes one table, and returns those that stand in it.
fn section<'s>(
    text: &mut String,
    schema: &'s Value,
    table: &DueTable<'s>,
    about: Option<&str>,
) -> Vec<DueTable<'s>> {
    let level = if table.path.contains('.') {
        "###"
    } else {
        "##"
    };
    let _ = write!(text, "\n{level} `{}`\n\n", bracketed(table));
    if let Some(about) = about.or(table.body["description"].as_str()) {
        let _ = write!(text, "{}\n\n", sentence(about));
    }
    match table.body["oneOf"]
        .as_array()
        .filter(|_| has_kinds(table.body))
    {
        Some(kinds) => by_kind(text, schema, (table, level), kinds),
        None => plain(text, schema, table),
    }
}

/// Writes the keys of a table that is of one kind.
fn plain<'s>(text: &mut String, schema: &'s Value, table: &DueTable<'s>) -> Vec<DueTable<'s>> {
    let keys = keys(table.body);
    let inner = inner(schema, &table.path, &keys);
    if let [first, .., last] = &inner[..]
        && inner.len() == keys.len()
        && first.body == last.body
    {
        // Tables by the names of presets: all have the same keys.
        return vec![DueTable {
            path: format!("{}.NAME", table.path),
            ..*first
        }];
    }
    rows(text, schema, table.body, &keys);
    inner
}

/// Writes the keys that all kinds of a table have, and then those of each kind.
fn by_kind<'s>(
    text: &mut String,
    schema: &'s Value,
    (table, level): (&DueTable<'s>, &str),
    kinds: &'s [Value],
) -> Vec<DueTable<'s>> {
    let Some(first) = kinds.first() else {
        return Vec::new();
    };
    let is_common = |key: &str| {
        kinds
            .iter()
            .all(|kind| kind["properties"].get(key).is_some())
    };
    let (mut shared, mut word) = (Vec::new(), "type");
    for (key, value) in keys(first).into_iter().filter(|(key, _)| is_common(key)) {
        if value.get("const").is_some() {
            word = key;
        } else {
            shared.push((key, value));
        }
    }
    rows(text, schema, first, &shared);
    let mut found = inner(schema, &table.path, &shared);
    for kind in kinds {
        let name = kind["properties"][word]["const"]
            .as_str()
            .unwrap_or_default();
        let _ = write!(text, "\n{level}# `{word} = \"{name}\"`\n\n");
        if let Some(about) = kind["description"].as_str() {
            let _ = write!(text, "{}\n\n", sentence(about));
        }
        let mut own = keys(kind);
        own.retain(|(key, _)| !is_common(key));
        rows(text, schema, kind, &own);
        for table in inner(schema, &table.path, &own) {
            if !found.iter().any(|one| one.path == table.path) {
                found.push(table);
            }
        }
    }
    found
}

/// The tables that keys hold.
fn inner<'s>(schema: &'s Value, path: &str, keys: &[(&str, &'s Value)]) -> Vec<DueTable<'s>> {
    let tables = keys.iter().filter_map(|(key, value)| {
        let (is_list, body) = nested(schema, value)?;
        Some(DueTable {
            path: format!("{path}.{key}"),
            is_list,
            body,
        })
    });
    tables.collect()
}

/// Writes the rows of some keys.
fn rows(text: &mut String, schema: &Value, table: &Value, keys: &[(&str, &Value)]) {
    if keys.is_empty() {
        return;
    }
    text.push_str("| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
    for (key, value) in keys {
        let meaning = value["description"]
            .as_str()
            .map_or_else(String::new, sentence);
        let default = if is_needed(table, key) {
            "required".to_owned()
        } else {
            default(&value["default"])
        };
        let kind = kind(schema, value);
        let _ = writeln!(
            text,
            "| `{key}` | {} | {} | {} |",
            cell(&kind),
            cell(&default),
            cell(&meaning)
        );
    }
}

/// What a value looks like.
fn kind(schema: &Value, value: &Value) -> String {
    let value = resolved(schema, value);
    if let Some(ways) = value["oneOf"].as_array().or(value["anyOf"].as_array()) {
        let mut words: Vec<_> = ways.iter().flat_map(|way| way_kinds(schema, way)).collect();
        words.dedup();
        return words.join(", ");
    }
    if let Some(words) = value["enum"].as_array() {
        return words.iter().map(quoted).collect::<Vec<_>>().join(", ");
    }
    match value["type"].as_str() {
        _ if value.get("properties").is_some() => "table, see below".to_owned(),
        Some("array") if nested(schema, &value["items"]).is_some() => {
            "tables, see below".to_owned()
        }
        Some("array") => format!("list of {}", kind(schema, &value["items"])),
        Some("object") => format!("table of {}", kind(schema, &value["additionalProperties"])),
        Some("boolean") => "`true`, `false`".to_owned(),
        Some("integer" | "number") => match value["maximum"].as_u64() {
            Some(most) => format!("number, {} to {most}", value["minimum"]),
            None => "number".to_owned(),
        },
        Some("string") if value["format"] == "password" => "secret".to_owned(),
        Some("string") if is_duration(value) => "duration".to_owned(),
        Some("string") => "text".to_owned(),
        _ => "any value".to_owned(),
    }
}

fn way_kinds(schema: &Value, way: &Value) -> Vec<String> {
    if let Some(word) = way.get("const") {
        return vec![quoted(word)];
    }
    // What a variable looks like is said once, above.
    let is_variable = way["pattern"]
        .as_str()
        .is_some_and(|one| one.starts_with(r"\$"));
    if is_variable {
        return Vec::new();
    }
    vec![kind(schema, way)]
}

fn quoted(word: &Value) -> String {
    match word {
        Value::String(word) => format!("`\"{word}\"`"),
        other => format!("`{other}`"),
    }
}

fn is_duration(value: &Value) -> bool {
    let pattern = value["pattern"].as_str();
    pattern.is_some_and(|pattern| pattern.contains("([0-9]+ms)?"))
}

fn default(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.is_empty() => String::new(),
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Object(map) if map.is_empty() => String::new(),
        Value::String(text) => format!("`\"{text}\"`"),
        other => format!("`{other}`"),
    }
}

/// Whether a key, or the file that may stand for it, must be there.
fn is_needed(table: &Value, key: &str) -> bool {
    let names = |list: &Value| {
        list.as_array()
            .is_some_and(|all| all.iter().any(|one| one == key))
    };
    let mut ways = table["allOf"].as_array().into_iter().flatten();
    names(&table["required"])
        || ways.any(|way| {
            let mut either = way["anyOf"].as_array().into_iter().flatten();
            either.any(|one| names(&one["required"]))
        })
}

/// The keys of a table; files that stand for keys are told once, above.
fn keys(table: &Value) -> Vec<(&str, &Value)> {
    let all = table["properties"].as_object();
    let all: Option<&Map<_, _>> = all;
    let keys = all.into_iter().flatten();
    let has = |name: &str| all.is_some_and(|all| all.contains_key(name));
    let keys = keys.filter(|(key, _)| !key.strip_suffix("_file").is_some_and(has));
    keys.map(|(key, value)| (key.as_str(), value)).collect()
}

/// The table that a value holds, and whether there may be several.
fn nested<'s>(schema: &'s Value, value: &'s Value) -> Option<(bool, &'s Value)> {
    let body = resolved(schema, value);
    if body["type"] == "array" {
        let item = resolved(schema, &body["items"]);
        return is_table(item).then_some((true, item));
    }
    if is_table(body) {
        return Some((false, body));
    }
    // A table, or a list of it.
    let ways = body["anyOf"].as_array()?;
    ways.iter().find_map(|way| nested(schema, way))
}

fn is_table(body: &Value) -> bool {
    body.get("properties").is_some() || has_kinds(body)
}

fn has_kinds(body: &Value) -> bool {
    let mut kinds = body["oneOf"].as_array().into_iter().flatten();
    kinds.any(|kind| kind.get("properties").is_some())
}

/// What a reference stands for.
fn resolved<'s>(schema: &'s Value, value: &'s Value) -> &'s Value {
    let through = value
        .get("$ref")
        .or_else(|| value["allOf"].get(0)?.get("$ref"));
    let name = through.and_then(|path| path.as_str()?.rsplit('/').next());
    name.map_or(value, |name| &schema[TYPES][name])
}

fn bracketed(table: &DueTable<'_>) -> String {
    if table.is_list {
        format!("[[{}]]", table.path)
    } else {
        format!("[{}]", table.path)
    }
}

/// The first paragraph of a description, without links into the code.
fn sentence(text: &str) -> String {
    let text = text.split("\n\n").next().unwrap_or_default();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, behind)) = after.split_once("`]") else {
            break;
        };
        let behind = match behind
            .strip_prefix('(')
            .and_then(|link| link.split_once(')'))
        {
            Some((_, behind)) => behind,
            None => behind,
        };
        let _ = write!(plain, "{before}`{name}`");
        rest = behind;
    }
    plain + rest
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
