//! The map `critwatch:` of a head, read and written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::incident::file::edit;
use crate::incident::file::value;
use crate::model::component::{ComponentId, Severity};
use crate::model::incidents::managed::{Afterwards, Managed, WorkRecord};
use crate::model::time::date;
use crate::model::verdict::RuleId;

/// Reads the map; what is missing or of another kind is as if never noted.
pub fn read(map: Option<&Value>) -> Managed {
    let value = |key: &str| map.and_then(|map| map.get(key));
    let rules = |key| value::texts(value(key)).into_iter().map(RuleId).collect();
    let word = |key| value(key).and_then(Value::as_str);
    let moment = |key| word(key).and_then(|text| date::parse(text, &TimeZone::UTC));
    let count = |key| {
        let count = value(key).and_then(Value::as_u64);
        count
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or_default()
    };
    let severity = word("severity").and_then(value::severity);
    let written = value("afterwards").and_then(Value::as_bool) == Some(true);
    Managed {
        rules: rules("rules"),
        title: word("title").map(str::to_owned),
        date: moment("date"),
        severity,
        affected: value::texts(value("affected")),
        ended: moment("ended"),
        levels: texts(value("levels"))
            .filter_map(|(name, word)| Some((name, value::severity(&word)?)))
            .collect(),
        component_severity: texts(value("component_severity"))
            .filter_map(|(name, word)| Some((name, value::severity(&word)?)))
            .collect(),
        evidence: named(value("evidence")),
        good_since: moment("good_since"),
        changed: moment("changed"),
        last_event: moment("heard"),
        overruled: rules("muted"),
        accepted: named(value("accepted")),
        worst: word("worst").and_then(value::severity).or(severity),
        recurrences: count("recurrences"),
        false_ends: count("false_ends"),
        join: value("join").and_then(Value::as_bool).unwrap_or_default(),
        wrote: value::texts(value("wrote")),
        authors: texts(value("authors")).collect(),
        state_of: word("state_of").map(|id| ComponentId(id.to_owned())),
        work: WorkRecord {
            plan: word("maintenance").map(str::to_owned),
            occurrence: moment("occurrence"),
            started: moment("started"),
            completed: moment("completed"),
        },
        withdrawn: value("withdrawn").and_then(Value::as_bool) == Some(true),
        noted: moment("noted"),
        afterwards: written.then(|| Afterwards {
            recurrences: count("timeline_recurrences"),
            timeline: word("timeline").map(str::to_owned),
            from: moment("timeline_from"),
            until: moment("timeline_until"),
        }),
    }
}

/// The pairs of a map whose values are texts.
fn texts(map: Option<&Value>) -> impl Iterator<Item = (String, String)> {
    let pairs = map.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
}

fn named(map: Option<&Value>) -> BTreeMap<RuleId, String> {
    texts(map).map(|(key, text)| (RuleId(key), text)).collect()
}

/// The map as it is to become; keys that are not ours stay.
pub fn write(map: Option<&Value>, managed: &Managed) -> Map<String, Value> {
    let mut map = map.and_then(Value::as_object).cloned().unwrap_or_default();
    let work = &managed.work;
    let entries = [
        ("rules", rules(&managed.rules)),
        ("title", managed.title.clone().map(Value::from)),
        ("date", moment(managed.date)),
        ("severity", severity(managed.severity)),
        ("affected", list(managed.affected.iter().cloned())),
        ("ended", moment(managed.ended)),
        ("levels", severities(&managed.levels)),
        (
            "component_severity",
            severities(&managed.component_severity),
        ),
        ("evidence", sayings(&managed.evidence)),
        ("good_since", moment(managed.good_since)),
        ("changed", moment(managed.changed)),
        // Events are told apart by less than a second.
        ("heard", managed.last_event.map(|at| at.to_string().into())),
        ("muted", rules(&managed.overruled)),
        ("accepted", sayings(&managed.accepted)),
        // Said only once it differs: while nothing fell, `severity` says it.
        (
            "worst",
            severity(
                managed
                    .worst
                    .filter(|worst| managed.severity != Some(*worst)),
            ),
        ),
        ("recurrences", count(managed.recurrences)),
        ("false_ends", count(managed.false_ends)),
        ("join", managed.join.then(|| true.into())),
        ("wrote", list(managed.wrote.iter().cloned())),
        ("authors", authors(&managed.authors)),
        (
            "state_of",
            managed.state_of.as_ref().map(|id| id.0.clone().into()),
        ),
        ("maintenance", work.plan.clone().map(Value::from)),
        ("occurrence", moment(work.occurrence)),
        ("started", moment(work.started)),
        ("completed", moment(work.completed)),
        ("withdrawn", managed.withdrawn.then(|| true.into())),
        ("noted", moment(managed.noted)),
    ];
    for (key, value) in entries.into_iter().chain(afterwards(managed)) {
        match value {
            Some(value) => map.insert(key.to_owned(), value),
            None => map.remove(key),
        };
    }
    map
}

fn severities(levels: &BTreeMap<String, Severity>) -> Option<Value> {
    pairs(levels.iter().map(|(name, level)| (&**name, level.word())))
}

fn authors(authors: &BTreeMap<String, String>) -> Option<Value> {
    pairs(authors.iter().map(|(mark, name)| (&**mark, &**name)))
}

/// The keys of the post-mortem.
fn afterwards(managed: &Managed) -> [(&'static str, Option<Value>); 5] {
    let written = managed.afterwards.as_ref();
    [
        ("afterwards", written.map(|_| true.into())),
        (
            "timeline",
            written.and_then(|written| written.timeline.as_deref().map(Value::from)),
        ),
        (
            "timeline_from",
            moment(written.and_then(|written| written.from)),
        ),
        (
            "timeline_until",
            moment(written.and_then(|written| written.until)),
        ),
        (
            "timeline_recurrences",
            written
                .map(|written| written.recurrences)
                .filter(|count| *count > 0)
                .map(Value::from),
        ),
    ]
}

fn moment(at: Option<Timestamp>) -> Option<Value> {
    at.map(|at| edit::moment(at).into())
}

fn severity(severity: Option<Severity>) -> Option<Value> {
    severity.map(|severity| severity.word().into())
}

fn count(count: u32) -> Option<Value> {
    (count > 0).then(|| count.into())
}

fn rules(rules: &[RuleId]) -> Option<Value> {
    list(rules.iter().map(|rule| rule.0.clone()))
}

fn list(items: impl ExactSizeIterator<Item = String>) -> Option<Value> {
    (items.len() > 0).then(|| items.collect())
}

fn sayings(sayings: &BTreeMap<RuleId, String>) -> Option<Value> {
    pairs(sayings.iter().map(|(rule, text)| (&*rule.0, &**text)))
}

fn pairs<'a>(pairs: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> Option<Value> {
    let some = pairs.len() > 0;
    some.then(|| {
        pairs
            .map(|(key, text)| (key.to_owned(), Value::from(text)))
            .collect::<Map<_, _>>()
            .into()
    })
}
