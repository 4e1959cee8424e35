//! From a form about an incident to the body that the API reads.
//!
//! A form shows what the file says. Of the keys only those are sent on that somebody
//! changed: what is sent belongs to a person from then on.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::component::{Component, Severity};
use crate::model::incident::Incident;
use crate::web::ops::api::edits::EditAct;
use crate::web::ops::console::form::SentForm;

/// What the name of a field begins with that says how bad one component is.
const LEVEL: &str = "level.";

/// The value of such a field for a component that is as bad as the whole.
pub(crate) const AS_THE_WHOLE: &str = "whole";

/// Fields that are sent on as they are, if they are filled in.
const TEXTS: [&str; 9] = [
    "title", "text", "phase", "severity", "date", "at", "until", "from", "to",
];

/// A component that a form can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedPart {
    /// The last part of the names of its fields.
    pub(crate) key: String,
    /// Its name, as files have it.
    pub(crate) name: String,
    /// How bad it is as a person says, if that differs from the whole.
    pub(crate) level: Option<Severity>,
}

impl NamedPart {
    /// The name of the field that says how bad it is.
    pub(crate) fn level_field(&self) -> String {
        format!("{LEVEL}{}", self.key)
    }
}

/// The components of the settings, and others that a file names.
pub(crate) fn parts<'c>(
    components: impl Iterator<Item = &'c Component>,
    incident: Option<&Incident>,
) -> Vec<NamedPart> {
    let level = |name: &str| {
        let levels = incident.map(|one| &one.managed.component_severity);
        levels.and_then(|levels| levels.get(name)).copied()
    };
    let ours = components.map(|one| (one.id.0.clone(), one.name.clone()));
    let mut parts: Vec<NamedPart> = Vec::new();
    let others = incident.into_iter().flat_map(|one| &one.affected);
    for (key, name) in ours.chain(others.map(|name| (name.clone(), name.clone()))) {
        if parts.iter().all(|part| part.name != name) {
            let level = level(&name);
            parts.push(NamedPart { key, name, level });
        }
    }
    parts
}

/// What the form of an act says, upon the file that it was made of.
pub(crate) fn edit(
    act: EditAct,
    sent: &SentForm,
    incident: &Incident,
    before: &[u8],
    parts: &[NamedPart],
) -> Value {
    let mut body = texts(sent);
    match act {
        EditAct::Update | EditAct::Change | EditAct::Correct => {
            keep_changed(&mut body, sent, incident);
            affected(&mut body, sent, Some(&incident.affected), parts);
            levels(&mut body, sent, parts);
        }
        EditAct::Replace => {
            let typed = sent.filled("text").map(|text| whole_file(text, before));
            body.insert("text".to_owned(), json!(typed));
        }
        _ => {}
    }
    Value::Object(body)
}

/// What the form of something new says.
pub(crate) fn new(sent: &SentForm, parts: &[NamedPart]) -> Value {
    let mut body = texts(sent);
    affected(&mut body, sent, None, parts);
    levels(&mut body, sent, parts);
    for flag in ["draft", "join"] {
        if sent.has(flag, "yes") {
            body.insert(flag.to_owned(), json!(true));
        }
    }
    Value::Object(body)
}

fn texts(sent: &SentForm) -> Map<String, Value> {
    let filled = TEXTS.iter().filter_map(|name| {
        let value = sent.filled(name)?;
        Some(((*name).to_owned(), json!(value)))
    });
    filled.collect()
}

/// Leaves out the title and the severity, if they are what the file says.
fn keep_changed(body: &mut Map<String, Value>, sent: &SentForm, incident: &Incident) {
    if sent.one("title") == incident.title.trim() {
        body.remove("title");
    }
    let severity = incident.severity.map_or("", Severity::word);
    if sent.one("severity") == severity {
        body.remove("severity");
    }
}

/// The parts that are ticked, unless they are those that the file names.
fn affected(
    body: &mut Map<String, Value>,
    sent: &SentForm,
    present: Option<&[String]>,
    parts: &[NamedPart],
) {
    // A form without the boxes says nothing of them.
    if present.is_some() && !sent.has("keys", "yes") {
        return;
    }
    let ticked = parts.iter().filter(|part| sent.has("affected", &part.key));
    let ticked: Vec<_> = ticked.map(|part| part.name.as_str()).collect();
    let same = present.is_some_and(|present| {
        let present: BTreeSet<_> = present.iter().map(String::as_str).collect();
        present == ticked.iter().copied().collect()
    });
    if !same {
        body.insert("affected".to_owned(), json!(ticked));
    }
}

/// How bad single parts are, where that was changed.
fn levels(body: &mut Map<String, Value>, sent: &SentForm, parts: &[NamedPart]) {
    let changed = parts.iter().filter_map(|part| {
        let asked = sent.filled(&part.level_field())?;
        let present = part.level.map_or(AS_THE_WHOLE, Severity::word);
        let level = match asked {
            AS_THE_WHOLE => Value::Null,
            word => json!(word),
        };
        (asked != present).then(|| (part.name.clone(), level))
    });
    let changed: Map<_, _> = changed.collect();
    if !changed.is_empty() {
        body.insert("severityOf".to_owned(), Value::Object(changed));
    }
}

/// The text of a whole file, which browsers send with other ends of lines, and which
/// ends as the file ended.
fn whole_file(typed: &str, before: &[u8]) -> String {
    let mut text = typed.replace("\r\n", "\n");
    text.push('\n');
    if before.windows(2).any(|pair| pair == b"\r\n") {
        text = text.replace('\n', "\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::model::fixtures::{self, component};

    use super::*;

    fn incident() -> Incident {
        let mut incident = Incident {
            title: "Rolls fail".to_owned(),
            severity: Some(Severity::Disrupted),
            affected: vec!["API".to_owned(), "Old part".to_owned()],
            ..fixtures::incident("rolls-fail")
        };
        let levels = &mut incident.managed.component_severity;
        levels.insert("API".to_owned(), Severity::Notice);
        incident
    }

    fn check<const N: usize>(act: EditAct, sent: [(&str, &str); N], expected: &Value) {
        let incident = incident();
        let components = [component("api", "API"), component("cache", "Cache")];
        let parts = parts(components.iter(), Some(&incident));
        assert_eq!(
            edit(act, &sent.into(), &incident, b"a\n", &parts),
            *expected
        );
    }

    #[test]
    fn parts_that_left_the_settings_can_still_be_named() {
        let components = [component("api", "API"), component("cache", "Cache")];
        let found = parts(components.iter(), Some(&incident()));
        let keys: Vec<_> = found.iter().map(|one| &*one.key).collect();
        assert_eq!(keys, ["api", "cache", "Old part"]);
        assert_eq!(found[0].level, Some(Severity::Notice));
    }

    #[test]
    fn what_nobody_changed_is_not_sent_on() {
        let shown = [
            ("keys", "yes"),
            ("title", "Rolls fail"),
            ("severity", "disrupted"),
            ("affected", "api"),
            ("affected", "Old part"),
            ("level.api", "notice"),
            ("level.cache", "whole"),
            ("text", " "),
        ];
        check(EditAct::Change, shown, &json!({}));
        let changed = [
            ("keys", "yes"),
            ("title", "Rolls are late"),
            ("severity", "down"),
            ("affected", "cache"),
            ("level.api", "whole"),
            ("level.cache", "disrupted"),
            ("text", "We look."),
            ("phase", "update"),
        ];
        let expected = json!({
            "title": "Rolls are late", "severity": "down", "affected": ["Cache"],
            "severityOf": { "API": null, "Cache": "disrupted" },
            "text": "We look.", "phase": "update",
        });
        check(EditAct::Update, changed, &expected);
        // A form without boxes does not take every part away.
        check(EditAct::Update, [("text", "a")], &json!({ "text": "a" }));
        check(
            EditAct::Resolve,
            [("text", ""), ("at", "10m ago")],
            &json!({ "at": "10m ago" }),
        );
    }

    #[test]
    fn a_whole_file_keeps_the_ends_of_its_lines() {
        assert_eq!(whole_file("a\r\nb", b"a\nb\n"), "a\nb\n");
        assert_eq!(whole_file("a\r\nb", b"a\r\nb\r\n"), "a\r\nb\r\n");
    }
}
