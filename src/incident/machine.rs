//! The map `critwatch:` of a head, read and written.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::incident::edit;
use crate::incident::value;
use crate::model::date;
use crate::model::incident::Machine;
use crate::model::verdict::RuleId;

/// Reads the map; what is missing or of another kind is as if never noted.
pub fn read(map: Option<&Value>) -> Machine {
    let value = |key: &str| map.and_then(|map| map.get(key));
    let rules = |key| value::texts(value(key)).into_iter().map(RuleId).collect();
    let word = |key| value(key).and_then(Value::as_str);
    let severity = word("severity").and_then(value::severity);
    Machine {
        rules: rules("rules"),
        severity,
        affected: value::texts(value("affected")),
        good_since: word("good_since").and_then(|text| date::parse(text, &TimeZone::UTC)),
        muted: rules("muted"),
        worst: word("worst").and_then(value::severity).or(severity),
        recurrences: value("recurrences")
            .and_then(Value::as_u64)
            .and_then(|count| count.try_into().ok())
            .unwrap_or_default(),
        withdrawn: value("withdrawn").and_then(Value::as_bool) == Some(true),
    }
}

/// The map as it is to become; keys that are not ours stay.
pub fn write(map: Option<&Value>, machine: &Machine) -> Map<String, Value> {
    let mut map = map.and_then(Value::as_object).cloned().unwrap_or_default();
    let rules = |rules: &[RuleId]| rules.iter().map(|rule| rule.0.clone()).collect::<Value>();
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
        ("withdrawn", machine.withdrawn.then(|| true.into())),
    ];
    for (key, value) in entries {
        match value.filter(|value| value.as_array().is_none_or(|items| !items.is_empty())) {
            Some(value) => map.insert(key.to_owned(), value),
            None => map.remove(key),
        };
    }
    map
}
