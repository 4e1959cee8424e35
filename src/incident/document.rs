//! Incident files: a cState head and a body, changed line by line.
//!
//! The text itself is kept. Changing a key replaces the lines of that key and
//! no other byte (law 6), and what comes out is read again before it counts.

use std::ops::Range;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::incident::body;
use crate::model::component::Severity;
use crate::model::date;
use crate::model::incident::{FileFault, Incident, IncidentId, Update};
use crate::model::verdict::RuleId;

/// Why a text is not an incident file, or cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    /// Line, counted from 1, where known.
    pub line: Option<usize>,
    /// Column, counted from 1, where known.
    pub column: Option<usize>,
    message: String,
}

impl DocumentError {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            column: None,
            message: message.into(),
        }
    }

    /// Names the file that it is about.
    pub fn in_file(self, file: &str) -> FileFault {
        FileFault {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            message: self.message,
        }
    }
}

/// The text of an incident file and where its parts are.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    text: String,
    /// The lines between the delimiters.
    head: Range<usize>,
    /// What follows the line of the closing delimiter.
    body: usize,
    /// Keys in lower case, as Hugo has them.
    keys: Map<String, Value>,
}

/// A key's new value, as the lines of the head that carry it.
#[derive(Clone, Debug, PartialEq)]
pub enum Set<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A moment, written in UTC with seconds.
    Moment(Timestamp),
    /// A plain word that needs no quotes.
    Word(&'a str),
    /// A block list of strings.
    List(&'a [String]),
    /// The map of machine keys.
    Rules(&'a [RuleId]),
}

impl Document {
    /// Reads a file's text; `---` delimits a YAML head, as cState has it.
    pub fn parse(text: impl Into<String>) -> Result<Self, DocumentError> {
        let text = text.into();
        let mut head = None;
        let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut end = None;
        for (line, number) in text[at..].split_inclusive('\n').zip(1..) {
            let next = at + line.len();
            let words = line.trim_end();
            match head {
                None if words.trim_start().is_empty() => {}
                None if words == "---" => head = Some(next),
                None => {
                    return Err(DocumentError::at(
                        number,
                        "the file does not open with a line `---`; put one above its first key",
                    ));
                }
                Some(start) if words.starts_with("---") => {
                    end = Some((start..at, next));
                    break;
                }
                Some(_) => {}
            }
            at = next;
        }
        let Some((head, body)) = end else {
            return Err(DocumentError::at(
                1,
                "the head has no end; put a line `---` between the last key and the text",
            ));
        };
        let keys = read_keys(&text, &head)?;
        Ok(Self {
            text,
            head,
            body,
            keys,
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
    ) -> Result<Self, DocumentError> {
        Self::parse(format!(
            "---\nsection: issue\ntitle: {}\ndate: {}\nresolved: false\ndraft: {draft}\n\
             informational: false\nresolvedWhen:\naffected: []\nseverity: notice\n---\n{}\n",
            quoted(title),
            print_moment(date),
            body::print(update),
        ))
    }

    /// The bytes of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives a key of the head a new value, in its place or below the others.
    pub fn set(&mut self, key: &str, value: &Set<'_>) -> Result<(), DocumentError> {
        let newline = if self.text[self.head.clone()].contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let lines = print_set(key, value, newline);
        let range = self.key_lines(key).unwrap_or(self.head.end..self.head.end);
        let mut text = self.text.clone();
        text.replace_range(range, &lines);
        let changed = Self::parse(text)?;
        let kept = |keys: &Map<String, Value>| {
            let mut keys = keys.clone();
            keys.remove(&key.to_lowercase());
            keys
        };
        if kept(&changed.keys) != kept(&self.keys) || changed.body() != self.body() {
            return Err(DocumentError {
                line: None,
                column: None,
                message: format!("`{key}` cannot be changed without changing other keys"),
            });
        }
        *self = changed;
        Ok(())
    }

    /// Puts an update above the others.
    pub fn prepend(&mut self, update: &Update) {
        let newline = if self.text[..self.body].contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let mut paragraph = body::print(update).replace('\n', newline);
        paragraph.push_str(newline);
        if !self.body().trim().is_empty() {
            paragraph.push_str(newline);
        }
        self.text.insert_str(self.body, &paragraph);
    }

    fn body(&self) -> &str {
        &self.text[self.body..]
    }

    /// What the file means to cState.
    pub fn incident(&self, filename: &str) -> Incident {
        let stem = filename.rsplit_once('.').map_or(filename, |(stem, _)| stem);
        Incident {
            id: IncidentId(stem.to_lowercase().replace(' ', "-")),
            filename: filename.to_owned(),
            is_issue: self.string("section").as_deref() == Some("issue"),
            title: self.string("title").unwrap_or_default(),
            date: self.moment("date"),
            resolved: self.boolean("resolved"),
            resolved_when: self.moment("resolvedwhen"),
            severity: match self.string("severity").as_deref() {
                Some("down") => Some(Severity::Down),
                Some("disrupted") => Some(Severity::Disrupted),
                Some("notice") => Some(Severity::Notice),
                _ => None,
            },
            affected: strings(self.keys.get("affected")),
            draft: self.boolean("draft") == Some(true),
            informational: self.boolean("informational") == Some(true),
            pin: self.boolean("pin"),
            rules: strings(self.keys.get("critwatch").and_then(|map| map.get("rules")))
                .into_iter()
                .map(RuleId)
                .collect(),
            updates: body::updates(self.body()),
            body: self.body().to_owned(),
        }
    }

    /// The value as text; numbers as written, everything else is no text.
    fn string(&self, key: &str) -> Option<String> {
        match self.keys.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn moment(&self, key: &str) -> Option<Timestamp> {
        date::parse(&self.string(key)?)
    }

    /// The value as YAML 1.1 or 1.2 has booleans; other words are neither.
    fn boolean(&self, key: &str) -> Option<bool> {
        match self.keys.get(key)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The lines of a key at the left margin, with all that belongs to its value.
    fn key_lines(&self, key: &str) -> Option<Range<usize>> {
        let mut at = self.head.start;
        let mut found: Option<Range<usize>> = None;
        let mut blank = 0;
        for line in self.text[self.head.clone()].split_inclusive('\n') {
            let next = at + line.len();
            // Comments and blank lines below a value belong to what follows.
            let apart = line.trim().is_empty() || line.starts_with('#');
            let belongs = line.starts_with([' ', '\t', '-']) || apart;
            match &mut found {
                Some(range) if belongs => {
                    blank = if apart { blank + line.len() } else { 0 };
                    range.end = next;
                }
                Some(_) => break,
                None if names(line, key) => found = Some(at..next),
                None => {}
            }
            at = next;
        }
        found.map(|range| range.start..range.end - blank)
    }
}

/// Whether a line of the head opens the key, whatever its case or quotes.
fn names(line: &str, key: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        name.trim()
            .trim_matches(['"', '\''])
            .eq_ignore_ascii_case(key)
    })
}

fn read_keys(text: &str, head: &Range<usize>) -> Result<Map<String, Value>, DocumentError> {
    let options = serde_saphyr::options! {
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
    };
    let above = text[..head.start].matches('\n').count();
    let keys: Option<Map<String, Value>> =
        serde_saphyr::from_str_with_options(&text[head.clone()], options).map_err(|error| {
            let location = error.location();
            let position = |value: u64| usize::try_from(value).ok();
            DocumentError {
                line: location
                    .and_then(|at| position(at.line()))
                    .map(|line| line + above),
                column: location.and_then(|at| position(at.column())),
                message: format!("the head is not YAML: {}", error.without_snippet()),
            }
        })?;
    Ok(keys
        .unwrap_or_default()
        .into_iter()
        .map(|(key, value)| (key.to_lowercase(), value))
        .collect())
}

/// The texts of a list; what is neither text nor number is left out.
fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| match item {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect()
}

fn print_set(key: &str, value: &Set<'_>, newline: &str) -> String {
    let value = match value {
        Set::Bool(value) => format!(" {value}"),
        Set::Moment(at) => format!(" {}", print_moment(*at)),
        Set::Word(word) => format!(" {word}"),
        Set::List([]) => " []".to_owned(),
        Set::List(items) => {
            let lines: Vec<_> = items
                .iter()
                .map(|item| format!("{newline}  - {}", scalar(item)))
                .collect();
            lines.concat()
        }
        Set::Rules(rules) => {
            let rules: Vec<_> = rules.iter().map(|rule| scalar(&rule.0)).collect();
            format!("{newline}  rules: [{}]", rules.join(", "))
        }
    };
    format!("{key}:{value}{newline}")
}

/// A moment in UTC, to the second.
fn print_moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A text as it stands if YAML takes it for the same text, else in quotes.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'))
        && !text.ends_with(' ');
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    if plain && !words.contains(&text.to_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A text in double quotes. JSON's escapes are YAML's, too.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::incident::Phase;

    use super::*;

    const HAND: &str = "\u{feff}\n---\r\n# ours\r\nTitle: 'Slow: rolls'   # keep\r\nseverity: \"down\"\r\n\
        affected:\r\n- API\r\n- 'Web Sockets'\r\n\r\n# the end\r\nresolved: no\r\nextra: {a: 1}\r\n---\r\nText  \r\n";

    fn update(text: &str) -> Update {
        let at = Some("2026-03-01T12:00:00Z".parse().unwrap());
        Update {
            at,
            phase: Phase::Investigating,
            text: text.to_owned(),
        }
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
            assert_eq!(document.text(), HAND.replace(from, to), "{key}");
        };
        check(
            "resolved",
            &Set::Bool(true),
            "resolved: no\r\n",
            "resolved: true\r\n",
        );
        check(
            "severity",
            &Set::Word("notice"),
            "severity: \"down\"",
            "severity: notice",
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
            &Set::Rules(&[RuleId("a".into())]),
            "extra: {a: 1}\r\n",
            "extra: {a: 1}\r\ncritwatch:\r\n  rules: [a]\r\n",
        );
    }

    #[test]
    fn an_update_is_put_above_the_words_of_people() {
        let mut document = Document::parse(HAND).unwrap();
        document.prepend(&update("It fails."));
        let expected = "---\r\n*Investigating* - It fails. {{< track \"2026-03-01 12:00:00\" >}}\r\n\r\nText  \r\n";
        assert!(document.text().ends_with(expected), "{}", document.text());
    }

    #[test]
    fn what_is_no_incident_file_is_told_with_its_line() {
        for (text, line) in [
            ("title: a\n", Some(1)),
            ("---\ntitle: a\n", Some(1)),
            ("\n---\ntitle: a: b\n---\n", Some(3)),
            ("", Some(1)),
        ] {
            assert_eq!(Document::parse(text).unwrap_err().line, line, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_new_file_says_what_it_was_told(title in "\\PC{1,60}", name in "\\PC{1,30}") {
            let date = "2026-03-01T12:00:00Z".parse().unwrap();
            let mut document = Document::new(&title, date, false, &update("It fails.")).unwrap();
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
                let _ = document.set("severity", &Set::Word("down"));
            }
        }
    }
}
