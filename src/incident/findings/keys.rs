//! Keys that are misspelt, repeated or missing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::incident::findings::page::ExaminedFile;
use crate::model::finding::Fix;
use crate::model::finding::Weight::{Fault, Hint, Warning};
use crate::model::text::nearest::nearest;
use crate::model::time::date;

/// The keys that cState reads, and our own.
const KNOWN: [&str; 11] = [
    "title",
    "date",
    "resolved",
    "resolvedWhen",
    "severity",
    "affected",
    "section",
    "informational",
    "pin",
    "draft",
    "critwatch",
];

/// Keys of Hugo and of other tools that resemble one of cState's.
const OTHERS: [&str; 9] = [
    "data",
    "rate",
    "pinned",
    "tile",
    "resolution",
    "update",
    "dated",
    "affects",
    "spin",
];

/// Checks the keys; returns whether the file is an incident at all.
pub fn check(page: &mut ExaminedFile<'_>) -> bool {
    repeated(page);
    misspelt(page);
    if !section(page) {
        return false;
    }
    let top = page.document.head().range.start;
    if !page.says("title") && !page.is_misnamed("title") {
        let message = "the incident has no title; add `title: \"...\"`";
        let at = page.at("title");
        page.add(Fault, "missing-title", at, message);
    }
    if !page.says("date") && !page.is_misnamed("date") {
        let at = page.key("date").map_or(top, |key| key.key.start);
        let message = "the incident does not say when it began; \
            add `date:` with a time as in `2026-03-01T12:00:00Z`";
        page.add(Fault, "missing-date", at, message);
    }
    true
}

/// Checks the kind of page; returns whether it is an incident.
fn section(page: &mut ExaminedFile<'_>) -> bool {
    let at = page.at_value("section");
    match page.document.string("section") {
        Some(section) if section == "issue" => true,
        Some(section) if nearest(&section, ["issue"]).is_some() => {
            let fix = page.instead(page.value("section"), "issue");
            let message = format!("unknown section `{section}`; an incident has `section: issue`");
            *page.add(Fault, "unknown-section", at, message) = fix;
            true
        }
        Some(section) if !section.is_empty() => {
            let message = format!(
                "a page of section `{section}` is not an incident to cState; \
                write `section: issue` if it is one"
            );
            page.add(Hint, "other-section", at, message);
            false
        }
        _ if page.is_misnamed("section") => true,
        _ => {
            let own = ["severity", "resolved", "resolvedwhen", "affected"];
            let alike = own.iter().any(|key| page.document.key(key).is_some());
            let message = "without `section: issue` cState does not count this file; add that line";
            let weight = if alike { Fault } else { Warning };
            page.add(weight, "missing-section", at, message);
            alike
        }
    }
}

fn repeated(page: &mut ExaminedFile<'_>) {
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for key in &page.keys {
        if !seen.insert(key.name.to_lowercase()) {
            twice.push((key.key.start, key.name.clone()));
        }
    }
    for (at, name) in twice {
        let message = format!(
            "the key `{name}` appears twice; the last one counts, and newer versions of Hugo reject the file; \
            keep one"
        );
        page.add(Fault, "repeated-key", at, message);
    }
}

fn misspelt(page: &mut ExaminedFile<'_>) {
    let mut found = Vec::new();
    for key in &page.keys {
        let small = key.name.to_lowercase();
        let known = KNOWN.iter().any(|known| known.to_lowercase() == small);
        if known || OTHERS.contains(&&*small) {
            continue;
        }
        if let Some(meant) = nearest(&small, KNOWN) {
            found.push((key.clone(), meant));
        }
    }
    for (key, meant) in found {
        let there = page.document.key(&meant.to_lowercase()).is_some();
        let value = page.document.key(&key.name.to_lowercase());
        let sure = !there && fits(page, meant, value);
        let bytes = page.document.bytes();
        let written = String::from_utf8_lossy(&bytes[key.key.clone()]);
        let fix = sure.then(|| Fix {
            what: format!("name the key `{meant}`"),
            range: key.key.clone(),
            text: written.replace(&key.name, meant),
        });
        let message = format!("unknown key `{}`; did you mean `{meant}`?", key.name);
        let weight = if sure { Fault } else { Warning };
        if sure {
            page.misnamed.push(meant);
        }
        *page.add(weight, "misspelt-key", key.key.start, message) = fix;
    }
}

/// Whether a value has the type that its key expects.
fn fits(page: &ExaminedFile<'_>, key: &str, value: Option<&Value>) -> bool {
    match (key, value) {
        ("affected", Some(Value::Array(_)))
        | ("critwatch", Some(Value::Object(_)))
        | ("resolved" | "informational" | "pin" | "draft", Some(Value::Bool(_))) => true,
        ("date" | "resolvedWhen", Some(Value::String(text))) => {
            date::parse(text, page.document.zone()).is_some()
        }
        ("section", Some(Value::String(text))) => text == "issue",
        ("severity", Some(Value::String(text))) => {
            ["down", "disrupted", "notice"].contains(&text.as_str())
        }
        ("title", Some(Value::String(text))) => !text.is_empty(),
        _ => false,
    }
}
