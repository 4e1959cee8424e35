//! Reads tables of the settings into values and goes on after a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use crate::config::reading::blank::Blanked;
use crate::config::reading::fault::{ConfigError, Fault, position};
use crate::config::reading::places::{Table, leave_out, texts};
use crate::model::finding::{Finding, Weight};
use crate::model::text::nearest::hint;

/// What serde says of a value of another type, and how such a value is written.
const EXPECTED: [(&str, &str); 2] = [
    ("expected a sequence", "a list: `[\"api\"]`"),
    ("expected a boolean", "`true` or `false`, without quotes"),
];

/// The environment, as names and values.
pub type Environment = BTreeMap<String, String>;

/// Gathers faults while tables are read.
pub struct TableReader {
    pub(super) environment: Environment,
    /// Whether variables and files of secrets may be missing.
    lenient: bool,
    /// Values that lack a variable or a file; whatever else is wrong with them
    /// says nothing of the settings.
    unset: Vec<Range<usize>>,
    /// What the environment and files put into values; no message may show it.
    pub(super) filled: Vec<String>,
    /// What was found so far.
    pub(crate) faults: Vec<Fault>,
    /// What is no fault, but worth a look.
    remarks: Vec<(Weight, &'static str, Fault)>,
}

impl TableReader {
    /// Starts without a fault.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            lenient: false,
            unset: Vec::new(),
            filled: Vec::new(),
            faults: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Takes it for no fault that variables and files of secrets are missing.
    #[must_use]
    pub(crate) fn without_secrets(self) -> Self {
        Self {
            lenient: true,
            ..self
        }
    }

    /// Whether a value anywhere in a table lacks its variable or its file.
    pub(crate) fn lacks(&self, table: &Table<'_>) -> bool {
        match table.get_ref() {
            DeValue::Table(table) => table.iter().any(|(_, value)| self.lacks(value)),
            DeValue::Array(items) => items.iter().any(|item| self.lacks(item)),
            _ => self.unset.contains(&table.span()),
        }
    }

    /// Notes what is no fault, with its kind.
    pub(crate) fn remark(
        &mut self,
        weight: Weight,
        kind: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) {
        let message = message.into();
        self.remarks.push((weight, kind, Fault { span, message }));
    }

    /// The remarks, each with its place in the file.
    pub(crate) fn findings(self, file: &str, text: &str) -> Vec<Finding> {
        let shown = Blanked::new(text, self.filled);
        let remarks = self.remarks.into_iter();
        remarks
            .map(|(weight, kind, fault)| {
                let (line, column) = position(text, fault.span.start);
                Finding {
                    weight,
                    kind,
                    file: file.to_owned(),
                    line: Some(line),
                    column: Some(column),
                    message: shown.message(&fault.message),
                    fix: None,
                }
            })
            .collect()
    }

    /// The faults, as they may be told.
    pub(crate) fn failed(self, file: &str, text: &str) -> ConfigError {
        let shown = Blanked::new(text, self.filled);
        ConfigError::new(file, text, shown, self.faults)
    }

    /// Notes a fault, unless it is about a value that lacks its variable: that
    /// is one fault, and noted already.
    pub(crate) fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        if !self.unset.contains(&span) {
            let message = message.into();
            self.faults.push(Fault { span, message });
        }
    }

    /// Notes that a value lacks its variable or its file, which may be excused.
    pub(super) fn lack(&mut self, span: &Range<usize>, message: String, may_be_absent: bool) {
        if !(self.lenient && may_be_absent) {
            self.faults.push(Fault {
                span: span.clone(),
                message,
            });
        }
        self.unset.push(span.clone());
    }

    /// Reads the file's syntax; what cannot be read becomes faults.
    pub(crate) fn parse<'t>(&mut self, text: &'t str) -> DeTable<'t> {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            self.error(&error, &table.span());
        }
        table.into_inner()
    }

    /// Takes the tables `[[name]]` out of the file.
    pub(crate) fn tables<'t>(&mut self, file: &mut DeTable<'t>, name: &str) -> Vec<Table<'t>> {
        let Some(value) = file.remove(name) else {
            return Vec::new();
        };
        let span = value.span();
        let part = lone_part(&value);
        if let DeValue::Array(tables) = value.into_inner() {
            tables
                .into_iter()
                .filter(|table| {
                    let good = table.get_ref().is_table();
                    if !good {
                        self.fault(table.span(), format!("write this as a table `[[{name}]]`"));
                    }
                    good
                })
                .collect()
        } else {
            let message = if let Some(part) = part {
                format!(
                    "`[[{name}.{part}]]` is a part of the `[[{name}]]` above it, and there is \
                    none; write it below its `[[{name}]]`"
                )
            } else {
                format!("write `[[{name}]]`, with two brackets: there may be several")
            };
            self.fault(span, message);
            Vec::new()
        }
    }

    /// Reads a table; each key that is at fault is noted and left out, so that
    /// the next one is found as well.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, table: &Table<'_>) -> Option<T> {
        let mut table = table.clone();
        let before = self.faults.len();
        let mut is_excused = false;
        loop {
            match T::deserialize(ValueDeserializer::from(table.clone())) {
                Ok(_) if self.faults.len() > before => return None,
                Ok(value) => return Some(value),
                Err(error) => {
                    let missing = ["missing field", "wanted exactly", "set either"]
                        .iter()
                        .any(|words| error.message().starts_with(words));
                    // A key that was left out for its fault is not missing.
                    if !(missing && (is_excused || self.faults.len() > before)) {
                        self.error(&error, &table.span());
                    }
                    let at = error.span().unwrap_or_else(|| table.span());
                    is_excused |= self.unset.contains(&at);
                    if !leave_out(table.get_mut(), &at) {
                        return None;
                    }
                }
            }
        }
    }

    fn error(&mut self, error: &Error, place: &Range<usize>) {
        let span = error.span().unwrap_or_else(|| place.clone());
        // A whole table as the place would underline the page: its head will do.
        let span = if span == *place {
            span.start..span.start + 1
        } else {
            span
        };
        let message = error.message().trim_end().replace('\n', "; ");
        let message = message
            .replace("unknown field", "unknown key")
            .replace("unknown variant", "unknown value")
            .replace("missing field", "missing key");
        let message = match EXPECTED.iter().find(|(said, _)| message.ends_with(said)) {
            Some((_, example)) => format!("{message}; write {example}"),
            None => message,
        };
        self.fault(span, with_nearest(message));
    }
}

/// The name of `[[table.part]]`, if such parts are all that a table has.
fn lone_part(table: &Table<'_>) -> Option<String> {
    let parts = table.get_ref().as_table()?;
    let is_part = |value: &Table<'_>| {
        let items = value.get_ref().as_array();
        items.is_some_and(|items| items.iter().any(|item| item.get_ref().is_table()))
    };
    let mut parts = parts.iter();
    let (name, first) = parts.next()?;
    let all = is_part(first) && parts.all(|(_, value)| is_part(value));
    all.then(|| name.get_ref().to_string())
}

/// A message about an unknown word or key, with the one that was probably meant.
fn with_nearest(message: String) -> String {
    let Some((unknown, known)) = message
        .strip_prefix("unknown ")
        .and_then(|rest| rest.split_once(", expected "))
    else {
        return message;
    };
    let quoted = |text: &str| -> Vec<String> {
        let parts = text.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    };
    let (written, known) = (quoted(unknown), quoted(known));
    let written = written.first().map(String::as_str).unwrap_or_default();
    message + hint(written, known.iter().map(String::as_str)).as_str()
}

/// Checks that an id is well written and not used yet.
pub(crate) fn unique(reader: &mut TableReader, seen: &mut BTreeSet<String>, table: &Table<'_>) {
    for (id, span) in texts(table, "id") {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || !id.bytes().all(kebab) {
            reader.fault(
                span,
                "write ids in lower-case letters, digits and dashes: `roll-queue`",
            );
        } else if !seen.insert(id.clone()) {
            reader.fault(span, format!("`{id}` appears twice; ids must be unique"));
        }
    }
}

/// Whether a text is an address that can be asked over HTTP.
pub(crate) fn is_web(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
