//! One file under examination, and what was found in it so far.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;
use serde_json::Value;

use crate::incident::file::document::Document;
use crate::incident::file::spans::{self, WrittenKey};
use crate::model::finding::{Finding, Fix, Weight};
use crate::model::incident::Incident;
use crate::model::verdict::RuleId;

/// What a file is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// Names of the components; with none, names are not compared.
    pub components: &'a [String],
    /// The rules of the settings; without, they are not looked for.
    pub rules: Option<&'a BTreeSet<RuleId>>,
    /// The moment of the check.
    pub now: Timestamp,
    /// Whether pages dated in the future are shown.
    pub build_future: bool,
}

/// A file, its meaning, and the findings so far.
#[derive(Debug)]
pub struct ExaminedFile<'a> {
    /// The file itself.
    pub document: &'a Document,
    /// Its path within the folder.
    pub name: &'a str,
    /// What it is compared with.
    pub checked: Checked<'a>,
    /// What cState reads in it.
    pub incident: Incident,
    /// The keys of its head as they are written.
    pub keys: Vec<WrittenKey>,
    /// Keys that are there under a misspelt name, and so are not missing.
    pub misnamed: Vec<&'static str>,
    /// Where each line begins.
    lines: Vec<usize>,
    found: Vec<(usize, Finding)>,
}

impl<'a> ExaminedFile<'a> {
    /// Begins to look at a file.
    pub fn new(document: &'a Document, name: &'a str, checked: Checked<'a>) -> Self {
        Self {
            document,
            name,
            checked,
            incident: document.incident(name),
            keys: spans::keys(document),
            misnamed: Vec::new(),
            lines: document
                .bytes()
                .split_inclusive(|byte| *byte == b'\n')
                .scan(0, |end, line| {
                    *end += line.len();
                    Some(*end - line.len())
                })
                .collect(),
            found: Vec::new(),
        }
    }

    /// Notes a finding at a byte; its fix may be added to what is returned.
    pub fn add(
        &mut self,
        weight: Weight,
        kind: &'static str,
        at: usize,
        message: impl Into<String>,
    ) -> &mut Option<Fix> {
        let (line, column) = self.position(at);
        let finding = Finding {
            weight,
            kind,
            file: self.name.to_owned(),
            line: Some(line),
            column: Some(column),
            message: message.into(),
            fix: None,
        };
        let place = self.found.len();
        self.found.push((at, finding));
        &mut self.found[place].1.fix
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    fn position(&self, at: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.lines.get(line))
            .copied()
            .unwrap_or_default();
        let left = self.document.bytes().get(start..at).unwrap_or_default();
        (
            line.max(1),
            String::from_utf8_lossy(left).chars().count() + 1,
        )
    }

    /// All findings, in the order of their places.
    pub fn found(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|(at, _)| *at);
        self.found.into_iter().map(|(_, finding)| finding).collect()
    }

    /// How a key is written, named in small letters; of two equal ones the last.
    pub fn key(&self, key: &str) -> Option<&WrittenKey> {
        self.keys
            .iter()
            .rfind(|written| written.name.eq_ignore_ascii_case(key))
    }

    /// Whether a key is there and says something.
    pub fn says(&self, key: &str) -> bool {
        match self.document.key(key) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        }
    }

    /// The first byte of a key, or of the head if it is not there.
    pub fn at(&self, key: &str) -> usize {
        self.key(key)
            .map_or(self.document.head().range.start, |key| key.key.start)
    }

    /// The first byte of a key's value, or of the key.
    pub fn at_value(&self, key: &str) -> usize {
        match self.key(key) {
            Some(key) if !key.value.is_empty() => key.value.start,
            _ => self.at(key),
        }
    }

    /// The bytes of a key's value, if they say no more and no less than was read.
    pub fn value(&self, key: &str) -> Option<Range<usize>> {
        let range = self.key(key)?.value.clone();
        let read = self.document.key(key);
        let sure = spans::agrees(self.document.bytes(), &range, read);
        (sure && !range.is_empty()).then_some(range)
    }

    /// A repair that puts a text in the place of a value, in the same quotes.
    pub fn instead(&self, range: Option<Range<usize>>, text: &str) -> Option<Fix> {
        let range = range?;
        let (bytes, format) = (self.document.bytes(), self.document.head().format);
        Some(Fix {
            what: format!("write `{text}`"),
            text: spans::like(bytes, &range, format, text),
            range,
        })
    }

    /// The same for what needs no quotes: a date or a boolean.
    pub fn bare(&self, range: Option<Range<usize>>, text: &str) -> Option<Fix> {
        range.map(|range| Fix {
            what: format!("write `{text}`"),
            range,
            text: text.to_owned(),
        })
    }

    /// The same for a date, which stands bare or in the quotes of the one before.
    pub fn redated(&self, range: Option<Range<usize>>, text: &str) -> Option<Fix> {
        let first = range
            .as_ref()
            .and_then(|range| self.document.bytes().get(range.start));
        if matches!(first, Some(b'"' | b'\'')) {
            self.instead(range, text)
        } else {
            self.bare(range, text)
        }
    }

    /// Whether a key is there under a misspelt name.
    pub fn is_misnamed(&self, key: &str) -> bool {
        self.misnamed.contains(&key)
    }

    /// Whether it is open, published or not.
    pub fn is_open(&self) -> bool {
        self.incident.resolved == Some(false)
    }
}

/// Texts in a row, each as code: `` `a`, `b` or `c` ``.
pub fn choice(words: &[&str]) -> String {
    let coded: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match coded.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
