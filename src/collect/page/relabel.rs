//! Rewrites the labels of what a page says, as Prometheus' metric relabeling.

use std::collections::BTreeMap;
use std::fmt;

use md5::{Digest as _, Md5};
use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

/// Compiled expressions larger than this, in bytes, are refused.
const REGEX_SIZE: usize = 1024 * 1024;

/// A `[[collector.relabel]]` table; its keys, defaults and meaning are those of
/// Prometheus' `metric_relabel_configs`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "RelabelSettings")]
#[schemars(with = "RelabelSettings")]
pub(crate) struct RelabelRule {
    keys: RelabelSettings,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RelabelSettings {
    /// Labels whose joined values `regex` must match.
    #[serde(default)]
    source_labels: Vec<String>,
    /// The separator of joined values.
    #[serde(default = "default_separator")]
    separator: String,
    /// A regular expression that must match all of the joined values.
    #[serde(default)]
    regex: Anchored,
    /// The divisor of `hashmod`.
    #[serde(default)]
    modulus: u64,
    /// The label to set.
    #[serde(default)]
    target_label: String,
    /// The new value; `$1` is the first group of `regex`.
    #[serde(default = "default_replacement")]
    replacement: String,
    /// The action.
    #[serde(default)]
    action: Action,
}

/// An action on a series or its labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// Sets a label if the expression matches.
    #[default]
    Replace,
    /// Keeps only matching series.
    Keep,
    /// Drops matching series.
    Drop,
    /// Keeps only series whose sources equal the target.
    KeepEqual,
    /// Drops series whose sources equal the target.
    DropEqual,
    /// Sets a label to a hash of the sources, modulo `modulus`.
    HashMod,
    /// Copies labels with matching names to other names.
    LabelMap,
    /// Drops labels with matching names.
    LabelDrop,
    /// Keeps only labels with matching names.
    LabelKeep,
    /// Sets a label to the sources in lower case.
    Lowercase,
    /// Sets a label to the sources in upper case.
    Uppercase,
}

/// A regular expression that fits a whole text or not at all.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(inline, with = "String")]
struct Anchored(Regex);

impl Anchored {
    fn new(text: &str) -> Result<Self, regex::Error> {
        RegexBuilder::new(&format!("^(?s:{text})$"))
            .size_limit(REGEX_SIZE)
            .build()
            .map(Self)
    }
}

impl Default for Anchored {
    #[expect(clippy::expect_used, reason = "the expression is fixed")]
    fn default() -> Self {
        Self::new("(.*)").expect("it is a regular expression")
    }
}

impl<'de> Deserialize<'de> for Anchored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(|error| {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            let why = last.trim_start_matches("error: ");
            de::Error::custom(format!("this is not a regular expression: {why}"))
        })
    }
}

fn default_separator() -> String {
    ";".to_owned()
}

fn default_replacement() -> String {
    "$1".to_owned()
}

/// What a relabeling lacks.
#[derive(Debug)]
struct Lacking(Action, &'static str);

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = format!("{:?}", self.0).to_lowercase();
        write!(f, "`action = \"{word}\"` needs `{}`", self.1)
    }
}

impl TryFrom<RelabelSettings> for RelabelRule {
    type Error = String;

    fn try_from(keys: RelabelSettings) -> Result<Self, String> {
        use Action::{DropEqual, HashMod, KeepEqual, Lowercase, Replace, Uppercase};
        let action = keys.action;
        let sets = matches!(
            action,
            Replace | HashMod | Lowercase | Uppercase | KeepEqual | DropEqual
        );
        if sets && keys.target_label.is_empty() {
            return Err(Lacking(action, "target_label").to_string());
        }
        if action == HashMod && keys.modulus == 0 {
            return Err(Lacking(action, "modulus").to_string());
        }
        Ok(Self { keys })
    }
}

/// Labels with the metric's name as `__name__`.
pub(crate) type LabelMap = BTreeMap<String, String>;

impl RelabelRule {
    /// Rewrites the labels; false if the series is dropped.
    pub(crate) fn apply(&self, labels: &mut LabelMap) -> bool {
        let RelabelSettings {
            regex: Anchored(regex),
            target_label: target,
            replacement,
            ..
        } = &self.keys;
        let joined = self.joined(labels);
        let current = |labels: &LabelMap| labels.get(target).cloned().unwrap_or_default();
        match self.keys.action {
            Action::Replace => {
                if let Some(found) = regex.captures(&joined) {
                    let (mut name, mut value) = (String::new(), String::new());
                    found.expand(target, &mut name);
                    found.expand(replacement, &mut value);
                    if !name.is_empty() {
                        set(labels, name, value);
                    }
                }
            }
            Action::Keep => return regex.is_match(&joined),
            Action::Drop => return !regex.is_match(&joined),
            Action::KeepEqual => return current(labels) == joined,
            Action::DropEqual => return current(labels) != joined,
            Action::HashMod => {
                let value = hash(&joined) % self.keys.modulus;
                set(labels, target.clone(), value.to_string());
            }
            Action::LabelMap => {
                let copies: Vec<_> = labels
                    .iter()
                    .filter(|(name, _)| regex.is_match(name))
                    .map(|(name, value)| {
                        let name = regex.replace_all(name, replacement.as_str());
                        (name.into_owned(), value.clone())
                    })
                    .collect();
                for (name, value) in copies {
                    set(labels, name, value);
                }
            }
            Action::LabelDrop => labels.retain(|name, _| !regex.is_match(name)),
            Action::LabelKeep => labels.retain(|name, _| regex.is_match(name)),
            Action::Lowercase => {
                set(labels, target.clone(), each(&joined, char::to_lowercase));
            }
            Action::Uppercase => {
                set(labels, target.clone(), each(&joined, char::to_uppercase));
            }
        }
        true
    }

    fn joined(&self, labels: &LabelMap) -> String {
        let values = self.keys.source_labels.iter();
        let values: Vec<_> = values
            .map(|name| labels.get(name).map_or("", String::as_str))
            .collect();
        values.join(&self.keys.separator)
    }
}

/// Changes letter by letter, as Go does: what has no single other form stays.
fn each<I: ExactSizeIterator<Item = char>>(text: &str, change: fn(char) -> I) -> String {
    let changed = text.chars().map(|own| {
        let mut forms = change(own);
        match (forms.next(), forms.len()) {
            (Some(form), 0) => form,
            _ => own,
        }
    });
    changed.collect()
}

/// A label without a value is no label.
fn set(labels: &mut LabelMap, name: String, value: String) {
    if value.is_empty() {
        labels.remove(&name);
    } else {
        labels.insert(name, value);
    }
}

/// The last eight bytes of the MD5 sum, as Prometheus' hash of a text.
fn hash(text: &str) -> u64 {
    let sum = Md5::digest(text.as_bytes());
    sum.iter()
        .skip(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}
