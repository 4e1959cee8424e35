//! One small tree for settings in YAML, TOML and JSON, with their places.

use std::rc::Rc;

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TreePlace {
    /// The file, relative to the site.
    pub(crate) file: Rc<str>,
    /// Line, counted from 1, where known.
    pub(crate) line: Option<usize>,
    /// Column, counted from 1 in characters, where known.
    pub(crate) column: Option<usize>,
}

impl TreePlace {
    /// Names a file as a whole.
    pub(crate) fn file(file: &str) -> Self {
        Self {
            file: file.into(),
            line: None,
            column: None,
        }
    }

    /// Names a line and a column of the file.
    #[must_use]
    pub(crate) fn at(&self, line: usize, column: usize) -> Self {
        Self {
            file: Rc::clone(&self.file),
            line: Some(line),
            column: Some(column),
        }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct TreeNode {
    /// The value.
    pub(crate) value: TreeValue,
    /// Where it begins.
    pub(crate) place: TreePlace,
}

/// What a value can be.
#[derive(Clone, Debug)]
pub(crate) enum TreeValue {
    /// Nothing was written.
    Null,
    /// A boolean, in any way that YAML 1.1 knows, as Hugo does.
    Flag(bool),
    /// A number or a date as it was written: `008000` keeps its zeros.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<TreeNode>),
    /// Keys with values.
    Map(TreeMap),
}

impl TreeValue {
    /// The keys of a map.
    pub(crate) fn as_map(&self) -> Option<&TreeMap> {
        match self {
            Self::Map(map) => Some(map),
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The items of a list.
    pub(crate) fn as_list(&self) -> Option<&[TreeNode]> {
        match self {
            Self::List(items) => Some(items),
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::Map(_) => None,
        }
    }
}

/// Keys with values; a key may stand there twice, and then the last counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct TreeMap(pub(crate) Vec<TreeEntry>);

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct TreeEntry {
    /// The key in lower case, as Hugo compares it.
    pub(crate) key: String,
    /// The key as its author wrote it.
    pub(crate) written: String,
    /// Where the key stands.
    pub(crate) place: TreePlace,
    /// Its value.
    pub(crate) value: TreeValue,
}

impl TreeEntry {
    /// Makes a key with its value.
    pub(crate) fn new(written: String, place: TreePlace, value: TreeValue) -> Self {
        Self {
            key: written.to_lowercase(),
            written,
            place,
            value,
        }
    }
}

impl TreeMap {
    /// Finds a key, whatever its case.
    pub(crate) fn get(&self, key: &str) -> Option<&TreeEntry> {
        let key = key.to_lowercase();
        self.0.iter().rev().find(|entry| entry.key == key)
    }

    /// Finds the keys below a key.
    pub(crate) fn map(&self, key: &str) -> Option<&Self> {
        self.get(key)?.value.as_map()
    }

    /// Lays other keys over these, at all depths.
    pub(crate) fn merge(&mut self, over: Self) {
        for entry in over.0 {
            match self.0.iter_mut().rev().find(|own| own.key == entry.key) {
                None => self.0.push(entry),
                Some(own) => match (&mut own.value, entry.value) {
                    (TreeValue::Map(own), TreeValue::Map(over)) => own.merge(over),
                    (_, value) => *own = TreeEntry { value, ..entry },
                },
            }
        }
    }

    /// A single key with keys below it.
    pub(crate) fn under(key: &str, place: &TreePlace, map: Self) -> Self {
        Self(vec![TreeEntry::new(
            key.to_owned(),
            place.clone(),
            TreeValue::Map(map),
        )])
    }
}
