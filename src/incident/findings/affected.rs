//! The components in `affected`.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use crate::incident::file::edit;
use crate::incident::file::head::HeadFormat;
use crate::incident::file::spans;
use crate::incident::findings::near;
use crate::incident::findings::page::{ExaminedFile, choice};
use crate::model::finding::Fix;
use crate::model::finding::Weight::{Fault, Hint, Warning};
use crate::model::text::nearest::nearest;

/// Checks the list of names.
pub fn check(page: &mut ExaminedFile<'_>) {
    match page.document.key("affected") {
        Some(Value::Array(items)) if !items.is_empty() => list(page, &items.clone()),
        None | Some(Value::Null | Value::Array(_)) => {
            if !page.incident.informational
                && !page.is_misnamed("affected")
                && !page.checked.components.is_empty()
            {
                let at = page.at("affected");
                let message = "the incident names no component, so none of them shows it; \
                    add `affected:` with a list of names";
                page.add(Warning, "no-component", at, message);
            }
        }
        Some(_) => scalar(page),
    }
}

/// A single name instead of a list.
fn scalar(page: &mut ExaminedFile<'_>) {
    let at = page.at_value("affected");
    let named = page.document.string("affected");
    let name = named.as_deref().and_then(|name| same(page, name));
    let range = page.value("affected");
    let fix = name.zip(range).map(|(name, range)| Fix {
        what: "make it a list".to_owned(),
        range,
        text: match page.document.head().format {
            HeadFormat::Yaml => format!("[{}]", edit::scalar(&name)),
            HeadFormat::Toml | HeadFormat::Json | HeadFormat::None => {
                format!("[{}]", edit::quoted(&name))
            }
        },
    });
    let message = "`affected` must be a list; cState cannot build a site with anything else; \
        write each name on a line of its own after `- `";
    *page.add(Fault, "affected-no-list", at, message) = fix;
}

fn list(page: &mut ExaminedFile<'_>, items: &[Value]) {
    let places = page
        .key("affected")
        .map(|key| key.items.clone())
        .filter(|places| places.len() == items.len());
    let mut seen = BTreeSet::new();
    for (number, item) in items.iter().enumerate() {
        let place = places.as_ref().map(|places| places[number].clone());
        let at = place
            .as_ref()
            .map_or_else(|| page.at("affected"), |place| place.start);
        let line = place
            .clone()
            .filter(|_| items.len() > 1)
            .and_then(|place| whole_line(page, &place));
        match item {
            Value::String(name) if !name.trim().is_empty() => {
                if seen.insert(same(page, name).unwrap_or_else(|| name.clone())) {
                    let sure = place
                        .filter(|place| spans::agrees(page.document.bytes(), place, Some(item)));
                    compare(page, name, at, sure);
                } else {
                    let message = format!("`{name}` appears twice; remove one");
                    *page.add(Warning, "repeated-component", at, message) = removed(line);
                }
            }
            Value::Null | Value::String(_) => {
                let message = "an empty item in `affected`; remove it, or write a name";
                *page.add(Warning, "empty-component", at, message) = removed(line);
            }
            Value::Number(_) | Value::Bool(_) => {
                let message = format!("`{item}` is not taken as a name; put it in quotes");
                page.add(Fault, "unknown-component", at, message);
            }
            Value::Array(_) | Value::Object(_) => {
                let message =
                    "an item of `affected` is one name; put a name with a colon in quotes";
                page.add(Fault, "unknown-component", at, message);
            }
        }
    }
}

/// Compares a name with those of the components.
fn compare(page: &mut ExaminedFile<'_>, name: &str, at: usize, place: Option<Range<usize>>) {
    let components = page.checked.components;
    if components.is_empty() || components.iter().any(|component| component == name) {
        return;
    }
    let kind = "unknown-component";
    if let Some(meant) = same(page, name) {
        let fix = page.instead(place, &meant);
        let message = format!(
            "there is no component `{name}`, but `{meant}`; cState compares case and blanks"
        );
        *page.add(Fault, kind, at, message) = fix;
        return;
    }
    let parts: Vec<_> = name.split(',').collect();
    if parts.len() > 1 && parts.iter().all(|part| same(page, part).is_some()) {
        let message = format!("`{name}` is one name to cState; write each on a line of its own");
        page.add(Fault, "joined-components", at, message);
        return;
    }
    let alike: Vec<_> = components
        .iter()
        .map(String::as_str)
        .filter(|component| is_like(name, component))
        .take(3)
        .collect();
    let weight = match (page.is_open(), alike.is_empty()) {
        (true, _) => Fault,
        (false, false) => Warning,
        (false, true) => Hint,
    };
    let ask = if alike.is_empty() {
        "write its present name if it was renamed".to_owned()
    } else {
        format!("did you mean {}?", choice(&alike))
    };
    page.add(
        weight,
        kind,
        at,
        format!("there is no component `{name}`; {ask}"),
    );
}

/// The only component with a name that looks the same.
fn same(page: &ExaminedFile<'_>, name: &str) -> Option<String> {
    let names: BTreeSet<_> = page
        .checked
        .components
        .iter()
        .filter(|component| near::plain(component) == near::plain(name))
        .collect();
    let mut names = names.into_iter();
    let first = names.next()?;
    names.next().is_none().then(|| first.clone())
}

/// Whether one name is a typo of the other, or differs only in dashes and plural.
fn is_like(name: &str, component: &str) -> bool {
    let letters = |text: &str| -> String {
        let text = text.to_lowercase();
        let text = text.trim_end_matches('s');
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (one, other) = (letters(name), letters(component));
    // Names that differ in a digit mean different hosts.
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    !one.is_empty()
        && digits(&one) == digits(&other)
        && one.chars().next() == other.chars().next()
        && (one == other || one.len() > 3 && nearest(&one, [&*other]).is_some())
}

/// The line of an item that stands alone on it.
fn whole_line(page: &ExaminedFile<'_>, item: &Range<usize>) -> Option<Range<usize>> {
    let bytes = page.document.bytes();
    let start = bytes[..item.start]
        .iter()
        .rposition(|byte| *byte == b'\n')?
        + 1;
    let length = bytes[item.start..].iter().position(|byte| *byte == b'\n')?;
    let end = item.start + length + 1;
    let alone = bytes[start..item.start].trim_ascii() == b"-"
        && bytes[item.end..end].trim_ascii().is_empty();
    (alone && page.document.head().format == HeadFormat::Yaml).then_some(start..end)
}

fn removed(line: Option<Range<usize>>) -> Option<Fix> {
    line.map(|range| Fix {
        what: "remove the line".to_owned(),
        range,
        text: String::new(),
    })
}
