//! The map `critwatch:` of a head, read and written.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::incident::edit;
use crate::incident::value;
use crate::model::date;
use crate::model::incident::{Afterwards, Machine};
use crate::model::verdict::RuleId;

/// Reads the map; what is missing or of another kind is as if never noted.
pub fn read(map: Option<&Value>) -> Machine {
    let value = |key: &str| map.and_then(|map| map.get(key));
    let rules = |key| value::texts(value(key)).into_iter().map(RuleId).collect();
    let word = |key| value(key).and_then(Value::as_str);
    let severity = word("severity").and_then(value::severity);
    let moment = |key| word(key).and_then(|text| date::parse(text, &TimeZone::UTC));
    let count = |key| {
        let count = value(key).and_then(Value::as_u64);
        count
            .and_then(|count| count.try_into().ok())
            .unwrap_or_default()
    };
    let told = value("afterwards").and_then(Value::as_bool) == Some(true);
    Machine {
        rules: rules("rules"),
        severity,
        affected: value::texts(value("affected")),
        good_since: moment("good_since"),
        muted: rules("muted"),
        worst: word("worst").and_then(value::severity).or(severity),
        recurrences: count("recurrences"),
        noted: moment("noted"),
        afterwards: told.then(|| Afterwards {
            recurrences: count("timeline_recurrences"),
            timeline: word("timeline").map(str::to_owned),
            from: moment("timeline_from"),
            until: moment("timeline_until"),
        }),
    }
}

/// The map as it is to become; keys that are not ours stay.
pub fn write(map: Option<&Value>, machine: &Machine) -> Map<String, Value> {
    let mut map = map.and_then(Value::as_object).cloned().unwrap_or_default();
    let rules = |rules: &[RuleId]| rules.iter().map(|rule| rule.0.clone()).collect::<Value>();
    let moment = |at: Option<Timestamp>| at.map(|at| Value::from(edit::moment(at)));
    let told = machine.afterwards.as_ref();
    let entries = [
        ("rules", Some(rules(&machine.rules))),
        (
            "severity",
            machine.severity.map(|severity| severity.word().into()),
        ),
        ("affected", Some(machine.affected.iter().cloned().collect())),
        (
            "good_since",
            machine.good_since.map(|at| edit::moment(at).into()),
        ),
        ("muted", Some(rules(&machine.muted))),
        // Said only once it differs: while nothing fell, `severity` says it.
        (
            "worst",
            machine
                .worst
                .filter(|worst| machine.severity != Some(*worst))
                .map(|worst| worst.word().into()),
        ),
        (
            "recurrences",
            (machine.recurrences > 0).then(|| machine.recurrences.into()),
        ),
        ("noted", moment(machine.noted)),
        ("afterwards", told.map(|_| true.into())),
        (
            "timeline",
            told.and_then(|told| told.timeline.as_deref().map(Value::from)),
        ),
        ("timeline_from", moment(told.and_then(|told| told.from))),
        ("timeline_until", moment(told.and_then(|told| told.until))),
        (
            "timeline_recurrences",
            told.map(|told| told.recurrences)
                .filter(|count| *count > 0)
                .map(Value::from),
        ),
    ];
    for (key, value) in entries {
        match value.filter(|value| value.as_array().is_none_or(|items| !items.is_empty())) {
            Some(value) => map.insert(key.to_owned(), value),
            None => map.remove(key),
        };
    }
    map
}
