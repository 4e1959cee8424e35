//! Rules with levels, read and checked.

use std::collections::BTreeSet;

use toml::de::DeValue;

use crate::config::reading::places::{Table, place, span, texts};
use crate::config::reading::reader::TableReader;
use crate::config::rules::names;
use crate::config::rules::source::{RuleSource, Sources};
use crate::evaluate::promql::Expression;
use crate::evaluate::rules::levels::LeveledRule;
use crate::evaluate::rules::rule::Rule;

/// What makes a rule one with levels.
const KEYS: [&str; 4] = ["value", "notice", "disrupted", "down"];

/// Keys of a plain rule, and what stands for them here.
const PLAIN: [(&str, &str); 3] = [
    (
        "expr",
        "a rule with levels has `value`, without a comparison; take `expr` away",
    ),
    (
        "severity",
        "the levels name the severity; take this away, or write `expr` instead of levels",
    ),
    (
        "clear",
        "each level clears at its own value; write it there, as in `down = { above = 60, clear = 30 }`",
    ),
];

/// Whether a `[[rule]]` means to have levels.
pub(crate) fn is_leveled(table: &Table<'_>) -> bool {
    KEYS.iter().any(|key| table.get_ref().get(key).is_some())
}

/// Reads a rule with levels: a rule for each of them.
pub(crate) fn rules(
    reader: &mut TableReader,
    seen: &mut BTreeSet<String>,
    table: &Table<'_>,
    sources: &mut Sources,
) -> Vec<Rule> {
    let before = reader.faults.len();
    let mut table = table.clone();
    for (key, message) in PLAIN {
        let Some(at) = table.get_ref().get(key).map(|_| span(&table, key)) else {
            continue;
        };
        reader.fault(at, message);
        if let DeValue::Table(table) = table.get_mut() {
            table.remove(key);
        }
    }
    for level in KEYS.iter().skip(1) {
        if let Some(level) = table.get_ref().get(level) {
            names::check(reader, level);
        }
    }
    let source = sources.source(reader, &table);
    let value = source
        .as_ref()
        .and_then(|source| value(reader, &table, source));
    let Some(levels) = reader.read::<LeveledRule>(&table) else {
        return Vec::new();
    };
    for error in levels.check() {
        reader.fault(place(&table, &error.key), error.message);
    }
    let settings = levels.rules();
    // The mildest has the id of the table, which was looked at already.
    for rule in settings.iter().skip(1) {
        if !seen.insert(rule.id.0.clone()) {
            let message = format!(
                "one of its levels would be the rule `{}`, which is there already",
                rule.id
            );
            reader.fault(span(&table, "id"), message);
        }
    }
    if let Some(RuleSource::Alerts(_)) = source {
        let message = "alerts bring no values; write a rule for each alert, without levels";
        reader.fault(span(&table, "value"), message);
    }
    let Some(source) = source.filter(|_| reader.faults.len() == before) else {
        return Vec::new();
    };
    let at = span(&table, "value");
    if let Some(value) = value.filter(|_| source == RuleSource::Ours) {
        sources.strangers(reader, &value, &at);
    }
    let rules = settings.into_iter().filter_map(|settings| {
        let placed = |text: &String| (text.clone(), at.clone());
        let (expr, clear) = (placed(&settings.expr), settings.clear.as_ref().map(placed));
        let id = Some(settings.id.0.as_str());
        let read = sources.judged(reader, &source, id, &expr, clear.as_ref())?;
        Some(read.rule(settings))
    });
    rules.collect()
}

/// The value, if we are to evaluate it; a server is asked with the thresholds.
fn value(reader: &mut TableReader, table: &Table<'_>, source: &RuleSource) -> Option<Expression> {
    let (text, at) = texts(table, "value").pop()?;
    match Expression::parse(&text) {
        Ok(read) if read.is_condition() => {
            let message =
                "this compares already; write the value alone, the levels are its thresholds";
            reader.fault(at, message);
            None
        }
        Ok(read) => Some(read),
        Err(error) => {
            if *source == RuleSource::Ours {
                reader.fault(at, error.to_string());
            }
            None
        }
    }
}
