//! The severity, which must be one of cState's three words.

use crate::incident::findings::page::{ExaminedFile, choice};
use crate::model::finding::Weight::{Fault, Warning};
use crate::model::text::nearest::nearest;

const WORDS: [&str; 3] = ["down", "disrupted", "notice"];

/// Words of other monitors that describe progress, not severity.
const PHASES: [&str; 7] = [
    "resolved",
    "monitoring",
    "investigating",
    "identified",
    "observing",
    "operational",
    "ok",
];

/// Checks the severity.
pub fn check(page: &mut ExaminedFile<'_>) {
    let at = page.at_value("severity");
    let open = page.is_open();
    if !page.says("severity") {
        if page.incident.informational || page.is_misnamed("severity") {
            return;
        }
        let (weight, effect) = if open {
            (Fault, "so the status page stays green")
        } else {
            (Warning, "so cState shows it as maintenance")
        };
        let message = format!(
            "the incident does not say how bad it is, {effect}; add `severity:` with {}",
            choice(&WORDS)
        );
        page.add(weight, "missing-severity", at, message);
        return;
    }
    let Some(word) = page.document.string("severity") else {
        let message = format!("`severity` is one word: {}", choice(&WORDS));
        page.add(Fault, "unknown-severity", at, message);
        return;
    };
    if WORDS.contains(&&*word) {
        return;
    }
    let plain = word.trim().to_lowercase();
    if ["information", "informational"].contains(&&*plain) {
        let message = format!(
            "`{word}` is not a severity and has no effect; write `severity: notice`, \
            and `informational: true` for a post"
        );
        page.add(Warning, "severity-is-phase", at, message);
        return;
    }
    if PHASES.contains(&&*plain) {
        let weight = if open { Fault } else { Warning };
        let message = format!(
            "`{word}` says how far the incident is, not how bad it was, and is ignored; \
            write {} (whether it is over stands in `resolved`)",
            choice(&WORDS)
        );
        page.add(weight, "severity-is-phase", at, message);
        return;
    }
    let meant = nearest(&word, WORDS);
    let fix = meant.and_then(|meant| page.instead(page.value("severity"), meant));
    let ask = meant.map_or_else(
        || format!("write {}", choice(&WORDS)),
        |meant| format!("did you mean `{meant}`?"),
    );
    let message = format!("unknown severity `{word}` is ignored; {ask}");
    *page.add(Fault, "unknown-severity", at, message) = fix;
}
