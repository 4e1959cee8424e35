//! Incident files: a cState head and a body, changed line by line.
//!
//! It keeps the bytes. Changing a key replaces the lines of that key
//! and no other byte (law 6), and what comes out is read again before it counts.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::incident::file::author;
use crate::incident::file::body::{self, ParsedBody};
use crate::incident::file::edit::{self, Edit, Set};
use crate::incident::file::head::{DocumentError, Head, HeadFormat};
use crate::incident::file::managed;
use crate::incident::file::sections;
use crate::incident::file::slug;
use crate::incident::file::value;
use crate::model::incident::WholeDays;
use crate::model::incident::{Incident, IncidentId, Update, Verbatim};
use crate::model::incidents::body_layout::BodyLayout;
use crate::model::incidents::managed::Managed;
use crate::model::time::date;

/// The bytes of an incident file and where its parts are.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub(super) bytes: Vec<u8>,
    pub(super) head: Head,
    /// Keys in small letters, as Hugo has them.
    keys: Map<String, Value>,
    /// What dates without a zone are in.
    pub(super) zone: TimeZone,
    /// Where days without a time begin; `None` is where such dates are.
    days: Option<TimeZone>,
}

impl Document {
    /// Reads a file; a head in YAML, TOML or JSON, or none at all.
    pub fn parse(bytes: impl Into<Vec<u8>>) -> Result<Self, DocumentError> {
        let bytes = bytes.into();
        let head = Head::find(&bytes)?;
        let keys = head.keys(&bytes)?;
        Ok(Self {
            bytes,
            head,
            keys,
            zone: TimeZone::UTC,
            days: None,
        })
    }

    /// The same, with dates that name no zone in this one.
    #[must_use]
    pub fn in_zone(mut self, zone: &TimeZone) -> Self {
        self.zone = zone.clone();
        self
    }

    /// The same, with days that are written without a time in this zone.
    #[must_use]
    pub fn with_days_in(mut self, zone: &TimeZone) -> Self {
        self.days = Some(zone.clone());
        self
    }

    /// The zone of dates that name none.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The same file with other bytes in it.
    pub fn with_bytes(&self, bytes: Vec<u8>) -> Result<Self, DocumentError> {
        Ok(Self {
            zone: self.zone.clone(),
            days: self.days.clone(),
            ..Self::parse(bytes)?
        })
    }

    /// Writes a new file with every key of the schema and one update.
    ///
    /// It affects nothing yet; the keys that follow from verdicts are set next.
    pub fn new(
        title: &str,
        date: Timestamp,
        draft: bool,
        update: &Update,
        zone: &TimeZone,
    ) -> Result<Self, DocumentError> {
        let text = format!(
            "---\nsection: issue\ntitle: {}\ndate: {}\nresolved: false\ndraft: {draft}\n\
             informational: false\nresolvedWhen:\naffected: []\nseverity: notice\n---\n{}\n",
            edit::quoted(title),
            edit::moment(date),
            body::print(update, zone),
        );
        Ok(Self::parse(text)?.in_zone(zone))
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where its head is.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The value of a key, named in small letters.
    pub fn key(&self, key: &str) -> Option<&Value> {
        self.keys.get(key)
    }

    /// Every key in small letters.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// Gives a key of the head a new value, in its place or below the others.
    pub fn set(&mut self, key: &str, value: &Set<'_>) -> Result<(), DocumentError> {
        if self.says(key, value) {
            return Ok(());
        }
        let edit = self.edit(key, value)?;
        *self = self.with_bytes(edit.apply(&self.bytes))?;
        Ok(())
    }

    /// The edit that [`set`](Self::set) would make, tried and found to change nothing else.
    pub fn edit(&self, key: &str, value: &Set<'_>) -> Result<Edit, DocumentError> {
        let fault = || {
            DocumentError::whole(format!(
                "`{key}` cannot be changed by itself; edit the file"
            ))
        };
        let edit = edit::set(&self.bytes, &self.head, key, value).ok_or_else(fault)?;
        let changed = Self::parse(edit.apply(&self.bytes))?;
        let others = |document: &Self| {
            let mut keys = document.keys.clone();
            keys.remove(&key.to_lowercase());
            keys
        };
        let same = others(&changed) == others(self) && changed.body_bytes() == self.body_bytes();
        if same && changed.says(key, value) {
            Ok(edit)
        } else {
            Err(fault())
        }
    }

    /// Whether a key has the value: of keys that differ in case only one counts.
    fn says(&self, key: &str, value: &Set<'_>) -> bool {
        let key = key.to_lowercase();
        match value {
            Set::Bool(value) => self.boolean(&key) == Some(*value),
            Set::Moment(at) => self.string(&key).is_some_and(|text| {
                date::parse(&text, &self.zone).map(Timestamp::as_second) == Some(at.as_second())
            }),
            Set::Text(text) => self.string(&key).as_deref() == Some(text),
            Set::List(items) => value::texts(self.keys.get(&key)) == *items,
            // A map without a key says as much as none.
            Set::Map(map) => match self.keys.get(&key) {
                Some(value) => value.as_object() == Some(map),
                None => map.is_empty(),
            },
        }
    }

    /// Everything below the head.
    pub fn body_bytes(&self) -> &[u8] {
        &self.bytes[self.head.body..]
    }

    /// The body as text; bytes that are no text are replaced.
    pub fn body(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.body_bytes())
    }

    /// What the file means to cState; `name` is its path within the folder.
    pub fn incident(&self, name: &str) -> Incident {
        let managed_keys = managed::read(self.keys.get("critwatch"));
        let body = sections::published(&self.body()).into_owned();
        let ParsedBody {
            mut updates,
            layout,
        } = body::parse(&body, &self.zone);
        author::attribute(&mut updates, &managed_keys);
        let filename = name.rsplit_once('/').map_or(name, |(_, file)| file);
        let mut incident = Incident {
            id: IncidentId(self.id(name)),
            name: name.to_owned(),
            filename: filename.to_owned(),
            is_issue: self.string("section").as_deref() == Some("issue"),
            title: self.string("title").unwrap_or_default(),
            date: self.moment("date"),
            resolved: self
                .boolean("resolved")
                .map(|over| over || managed_keys.withdrawn),
            resolved_when: self.moment("resolvedwhen"),
            days: WholeDays {
                began: self.day("date"),
                ended: self.day("resolvedwhen"),
            },
            severity: self.string("severity").as_deref().and_then(value::severity),
            affected: value::texts(self.keys.get("affected")),
            draft: self.draft(),
            expires: self.moment("expirydate"),
            informational: self.truth("informational"),
            pin: self.boolean("pin"),
            weight: self
                .keys
                .get("weight")
                .and_then(Value::as_i64)
                .unwrap_or_default(),
            managed: managed_keys,
            updates,
            verbatim: Verbatim {
                date: self.string("date"),
                resolved_when: self
                    .string("resolvedwhen")
                    .filter(|_| self.head.format != HeadFormat::Toml),
                severity: self.string("severity"),
                changed: self.moment("lastmod"),
            },
            kept: Vec::new(),
            body,
            layout,
            translations: Vec::new(),
        };
        // The paragraphs of HTML cannot be shown apart.
        if incident.is_html() {
            incident.layout = BodyLayout::report_only(incident.body.len());
        }
        incident
    }

    /// The map `critwatch:` as it is to become; keys that are not ours stay.
    pub fn managed_map(&self, keys: &Managed) -> Map<String, Value> {
        managed::write(self.keys.get("critwatch"), keys)
    }

    /// The last part of its address, as Hugo makes it of `slug` or of the name.
    fn id(&self, name: &str) -> String {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        // A folder with an index file is a page of the folder's name.
        let stem = stem.strip_suffix("/index").unwrap_or(stem);
        match (self.string("slug"), stem.rsplit_once('/')) {
            (Some(slug), Some((folder, _))) => slug::path(&format!("{folder}/{slug}")),
            (Some(slug), None) => slug::path(&slug),
            (None, _) => slug::path(stem),
        }
    }

    /// Whether Hugo would leave the page out for being unfinished.
    fn draft(&self) -> bool {
        match self.keys.get("draft") {
            Some(Value::Bool(draft)) => *draft,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => self.boolean("published") == Some(false),
        }
    }

    /// The value as text; numbers and booleans as written, else none.
    pub fn string(&self, key: &str) -> Option<String> {
        match self.keys.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The value as a date that Hugo accepts; a day is its first moment.
    pub fn moment(&self, key: &str) -> Option<Timestamp> {
        match self.day(key) {
            Some(day) => date::midnight(day, self.days.as_ref().unwrap_or(&self.zone)),
            None => date::parse(&self.string(key)?, &self.zone),
        }
    }

    /// The value as a day without a time.
    fn day(&self, key: &str) -> Option<Date> {
        date::day(&self.string(key)?)
    }

    /// The value as YAML 1.1 or 1.2 has booleans; a text is neither.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        self.keys.get(key)?.as_bool()
    }

    /// The value as a template's `if` takes it: any text but an empty one is true.
    fn truth(&self, key: &str) -> bool {
        match self.keys.get(key) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::component::Severity;
    use crate::model::incident::Phase;

    use super::*;

    const HAND: &str = "\u{feff}\n---\r\n# ours\r\nTitle: 'Slow: rolls'   # keep\r\nseverity: \"down\"\r\n\
        affected:\r\n- API\r\n- 'Web Sockets'\r\n\r\n# the end\r\nresolved: no\r\nextra: {a: 1}\r\n---\r\nText  \r\n";

    fn text(document: &Document) -> &str {
        std::str::from_utf8(document.bytes()).unwrap()
    }

    fn update(text: &str) -> Update {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        Update::new(at, Phase::Investigating, text)
    }

    #[test]
    fn a_file_of_a_person_is_read_as_cstate_reads_it() {
        let incident = Document::parse(HAND)
            .unwrap()
            .incident("2026-03-01 Slow.md");
        assert_eq!(incident.id.0, "2026-03-01-slow");
        assert_eq!(incident.title, "Slow: rolls");
        assert_eq!(incident.severity, Some(Severity::Down));
        assert_eq!(incident.affected, ["API", "Web Sockets"]);
        assert_eq!(incident.resolved, Some(false));
        assert!(!incident.is_issue && incident.date.is_none());
    }

    #[test]
    fn changing_a_key_changes_its_lines_only() {
        let check = |key: &str, value: &Set<'_>, from: &str, to: &str| {
            let mut document = Document::parse(HAND).unwrap();
            document.set(key, value).unwrap();
            assert_eq!(text(&document), HAND.replace(from, to), "{key}");
        };
        check(
            "resolved",
            &Set::Bool(true),
            "resolved: no\r\n",
            "resolved: true\r\n",
        );
        check(
            "severity",
            &Set::Text("notice"),
            "severity: \"down\"",
            "severity: notice",
        );
        // A comment behind a value is somebody's word.
        check(
            "title",
            &Set::Text("Fast"),
            "'Slow: rolls'   # keep",
            "Fast   # keep",
        );
        let names = ["API".to_owned(), "C: d".to_owned(), "no".to_owned()];
        check(
            "affected",
            &Set::List(&names),
            "- API\r\n- 'Web Sockets'\r\n",
            "  - API\r\n  - \"C: d\"\r\n  - \"no\"\r\n",
        );
        let at = "2026-03-01T12:00:00.5Z".parse().unwrap();
        check(
            "resolvedWhen",
            &Set::Moment(at),
            "extra: {a: 1}\r\n",
            "extra: {a: 1}\r\nresolvedWhen: 2026-03-01T12:00:00Z\r\n",
        );
        check(
            "critwatch",
            &Set::Map(
                &serde_json::json!({"rules": ["a"]})
                    .as_object()
                    .unwrap()
                    .clone(),
            ),
            "extra: {a: 1}\r\n",
            "extra: {a: 1}\r\ncritwatch:\r\n  rules: [a]\r\n",
        );
    }

    #[test]
    fn a_key_that_stands_there_twice_is_changed_only_if_that_counts() {
        let text = "---\naffected: [a]\nAffected: [b]\naffected: [c]\n---\n";
        let mut document = Document::parse(text).unwrap();
        let names = ["d".to_owned()];
        match document.set("affected", &Set::List(&names)) {
            Ok(()) => assert_eq!(document.incident("a.md").affected, names),
            Err(_) => assert_eq!(document.bytes(), text.as_bytes()),
        }
    }

    #[test]
    fn an_update_is_put_above_the_words_of_people() {
        let mut document = Document::parse(HAND).unwrap();
        document.prepend(&update("It fails."));
        let expected = "---\r\n*Investigating* - It fails. {{< track \"2026-03-01 12:00:00\" >}}\r\n\r\nText  \r\n";
        assert!(text(&document).ends_with(expected), "{}", text(&document));
    }

    #[test]
    fn what_is_no_incident_file_is_told_with_its_line() {
        for (text, line) in [
            ("--\ntitle: a\n--\n", Some(1)),
            ("+++\ntitle = 'a'\nb = \n+++\n", Some(3)),
            ("\n{\"a\": }\n", Some(2)),
            ("---\ntitle: a\n", Some(1)),
            ("\n---\ntitle: a: b\n---\n", Some(3)),
        ] {
            assert_eq!(Document::parse(text).unwrap_err().line, line, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_new_file_says_what_it_was_told(title in "\\PC{1,60}", name in "\\PC{1,30}") {
            let date = "2026-03-01T12:00:00Z".parse().unwrap();
            let mut document = Document::new(&title, date, false, &update("It fails."), &TimeZone::UTC).unwrap();
            document.set("affected", &Set::List(std::slice::from_ref(&name))).unwrap();
            let incident = document.incident("a.md");
            prop_assert_eq!(&incident.title, &title);
            prop_assert_eq!(&incident.affected, &[name]);
            prop_assert_eq!(incident.date, Some(date));
            prop_assert_eq!(incident.updates.len(), 1);
            prop_assert!(incident.is_active());
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-a-z:#'\"\\[\\]{}&*!|>%@ \t\r\n]{0,120}") {
            if let Ok(mut document) = Document::parse(format!("---\n{text}\n---\n")) {
                let _ = document.set("severity", &Set::Text("down"));
            }
        }
    }
}
