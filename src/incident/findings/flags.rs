//! Booleans: `resolved`, `draft`, `pin` and `informational`.

use jiff::SignedDuration;
use serde_json::Value;

use crate::incident::file::head::HeadFormat;
use crate::incident::file::spans;
use crate::incident::findings::page::ExaminedFile;
use crate::model::finding::Weight::{Fault, Warning};
use crate::model::text::nearest::nearest;

const FLAGS: [&str; 4] = ["resolved", "informational", "pin", "draft"];

/// Checks every boolean, and their consequences.
pub fn check(page: &mut ExaminedFile<'_>) {
    for key in FLAGS {
        flag(page, key);
    }
    draft(page);
    if !page.says("resolved") && !page.incident.informational && !page.is_misnamed("resolved") {
        let at = page.at("resolved");
        let message = "the file does not say whether it is over, so cState does not count it; \
            add `resolved: false` or `resolved: true`, or `informational: true` for a post";
        page.add(Fault, "missing-resolved", at, message);
    }
}

fn flag(page: &mut ExaminedFile<'_>, key: &'static str) {
    let at = page.at_value(key);
    let value = page.document.key(key);
    let range = page.value(key);
    let written = range
        .clone()
        .and_then(|range| spans::text(page.document.bytes(), &range));
    match value {
        Some(Value::Bool(truth)) => {
            let Some(written) = written.filter(|_| page.document.head().format == HeadFormat::Yaml)
            else {
                return;
            };
            if ["true", "false"].contains(&&*written.to_lowercase()) {
                return;
            }
            let fix = page.bare(range, &truth.to_string());
            let message =
                format!("newer Hugo takes `{written}` for a text; write `{key}: {truth}`");
            *page.add(Warning, "old-boolean", at, message) = fix;
        }
        None | Some(Value::Null) => {}
        Some(value) => {
            let text = match value {
                Value::String(text) if text.trim().is_empty() && key != "resolved" => return,
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            let meant = nearest(&text, ["true", "false"]);
            let meant = meant.filter(|_| text.len() > 3);
            let fix = meant.and_then(|word| page.bare(range, word));
            let taken = match (key, page.document.boolean(key)) {
                ("draft", _) if text.eq_ignore_ascii_case("true") => "works here by chance",
                ("resolved", _) => "leaves the incident neither open nor over",
                _ => "is taken as a text",
            };
            let message = format!("`{key}` is `true` or `false` without quotes; `{text}` {taken}");
            *page.add(Fault, "not-a-boolean", at, message) = fix;
        }
    }
}

fn draft(page: &mut ExaminedFile<'_>) {
    if page.document.boolean("published").is_some() && page.says("draft") {
        let at = page.at("published");
        let message = "both `draft` and `published` are there, and `draft` wins; keep one";
        page.add(Warning, "draft-and-published", at, message);
    }
    let now = page.checked.now;
    let old = page
        .incident
        .date
        .is_some_and(|date| now.duration_since(date) > SignedDuration::from_hours(24));
    if page.incident.draft && old {
        let key = if page.says("draft") {
            "draft"
        } else {
            "published"
        };
        let at = page.at(key);
        let message = "a draft that began more than a day ago and is still hidden: \
            publish it with `draft: false`, or delete it";
        page.add(Warning, "old-draft", at, message);
    }
}
