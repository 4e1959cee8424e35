//! Merges heads, key by key.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::incident::file::document::Document;
use crate::incident::file::edit::{self, Edit, Set};
use crate::incident::file::head::HeadFormat;
use crate::incident::file::value;
use crate::incident::merge::service::managed;
use crate::model::time::date;

/// Keys of which the map says what the service wrote last, by their names there.
const WRITTEN: [(&str, &str); 5] = [
    ("title", "title"),
    ("date", "date"),
    ("severity", "severity"),
    ("affected", "affected"),
    ("ended", "resolvedwhen"),
];

/// Keys that mean something only together.
const TOGETHER: [&str; 2] = ["resolved", "resolvedwhen"];

/// Their document with our values of the keys that they did not change, and the names
/// of our keys that gave way.
pub(super) fn merge(
    base: Option<&Document>,
    ours: &Document,
    theirs: &Document,
) -> (Document, Vec<String>) {
    let before = |key: &str| base.and_then(|base| base.key(key));
    let changed = |document: &Document, key: &str| document.key(key) != before(key);
    let names: BTreeSet<&str> = ours.keys().chain(theirs.keys()).collect();
    let (mut merged, mut lost) = (theirs.clone(), Vec::new());
    for key in names.into_iter().filter(|key| *key != "critwatch") {
        if ours.key(key) == theirs.key(key) || !changed(ours, key) {
            continue;
        }
        let group = if TOGETHER.contains(&key) {
            &TOGETHER[..]
        } else {
            &[key][..]
        };
        let is_theirs = group.iter().any(|key| changed(theirs, key));
        if is_theirs || take(&mut merged, ours, key).is_none() {
            lost.push(key.to_owned());
        }
    }
    if let Some(map) = map(base, ours, theirs) {
        // A head that cannot be changed keeps the map that it has.
        let _ = merged.set("critwatch", &Set::Map(&map));
    }
    (merged, lost)
}

/// Gives a key the value that it has in another document, in its author's spelling
/// where both heads are YAML; `None` if that is impossible.
fn take(merged: &mut Document, from: &Document, key: &str) -> Option<()> {
    let copied = copied(merged, from, key);
    let written = copied.or_else(|| set(merged, from, key))?;
    let is_right = written.key(key) == from.key(key) && written.body_bytes() == merged.body_bytes();
    let others = |document: &Document| {
        let keys = document.keys().filter(|name| *name != key);
        let keys = keys.map(|name| (name.to_owned(), document.key(name).cloned()));
        keys.collect::<Vec<_>>()
    };
    (is_right && others(&written) == others(merged)).then(|| *merged = written)
}

/// The document with the lines of a key as they stand in another one.
fn copied(merged: &Document, from: &Document, key: &str) -> Option<Document> {
    let formats = [merged.head().format, from.head().format];
    if formats != [HeadFormat::Yaml; 2] {
        return None;
    }
    let lines = edit::yaml_lines(from.bytes(), from.head(), key);
    let text = lines.map(|lines| String::from_utf8_lossy(&from.bytes()[lines]));
    let end = merged.head().range.end;
    let range = edit::yaml_lines(merged.bytes(), merged.head(), key).unwrap_or(end..end);
    let text = text.unwrap_or_default().into_owned();
    merged
        .with_bytes(Edit { range, text }.apply(merged.bytes()))
        .ok()
}

/// The document with the value of another one, as the service writes it.
fn set(merged: &Document, from: &Document, key: &str) -> Option<Document> {
    let list;
    let value = match from.key(key)? {
        Value::Bool(value) => Set::Bool(*value),
        Value::String(text) => match date::parse(text, from.zone()) {
            Some(at) if text.contains('T') => Set::Moment(at),
            _ => Set::Text(text),
        },
        Value::Object(map) => Set::Map(map),
        values @ Value::Array(_) => {
            list = value::texts(Some(values));
            Set::List(&list)
        }
        Value::Null | Value::Number(_) => return None,
    };
    let mut written = merged.clone();
    written.set(key, &value).ok()?;
    Some(written)
}

/// The map `critwatch:` of the merged head; `None` if theirs stays as it is.
///
/// Where both changed it, it says what we wrote last, so that what stands in the head
/// and differs is a person's. Unless the other side is a monitor, too, and its value
/// is what it wrote.
fn map(base: Option<&Document>, ours: &Document, theirs: &Document) -> Option<Map<String, Value>> {
    let before = base.and_then(managed);
    let our = managed(ours)?;
    let Some(their) = managed(theirs) else {
        // Who took the map out of a file took the file from the service.
        return before.is_none().then(|| our.clone());
    };
    let names: BTreeSet<&String> = our.keys().chain(their.keys()).collect();
    let mut map = their.clone();
    for name in names {
        let values = [
            before.and_then(|map| map.get(name)),
            our.get(name),
            their.get(name),
        ];
        let is_written = || {
            let key = WRITTEN.iter().find(|(written, _)| written == name);
            key.is_some_and(|(_, key)| their.get(name) == theirs.key(key))
        };
        let merged = match values {
            [base, our, their] if our == base || our == their => their.cloned(),
            [base, our, their] if their == base => our.cloned(),
            [_, _, their @ Some(_)] if is_written() => their.cloned(),
            [_, Some(Value::Array(our)), Some(Value::Array(their))] => Some(union(their, our)),
            [_, Some(Value::Object(our)), Some(Value::Object(their))] => {
                let all = their.clone().into_iter().chain(our.clone());
                Some(all.collect::<Map<_, _>>().into())
            }
            [_, our, _] => our.cloned(),
        };
        match merged {
            Some(value) => map.insert(name.clone(), value),
            None => map.shift_remove(name),
        };
    }
    (&map != their).then_some(map)
}

/// All items of both lists, each once.
fn union(first: &[Value], second: &[Value]) -> Value {
    let mut items = first.to_vec();
    let more = second.iter().filter(|item| !first.contains(item));
    items.extend(more.cloned());
    items.into()
}
