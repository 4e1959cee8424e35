//! What is wrong with a file that people write, where, and the way out.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// How much a finding matters, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The file cannot be used, or says something else than its author meant.
    Fault,
    /// Probably not what its author meant.
    Warning,
    /// Works, but could be better, or is not supported here.
    Hint,
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fault => "fault",
            Self::Warning => "warning",
            Self::Hint => "hint",
        })
    }
}

/// A change that certainly repairs what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, in the imperative.
    pub what: String,
    /// Bytes of the file that are replaced; empty where something is put in.
    #[serde(skip)]
    pub range: Range<usize>,
    /// What takes their place.
    #[serde(skip)]
    pub text: String,
}

/// One thing that was found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// Its kind, in kebab case, for those who filter: `unknown-component`.
    pub kind: &'static str,
    /// The file as the operator knows it.
    pub file: String,
    /// Line, counted from 1, where known.
    pub line: Option<usize>,
    /// Column, counted from 1 in characters, where known.
    pub column: Option<usize>,
    /// What is wrong and what to do about it.
    pub message: String,
    /// How it can be repaired by itself, where that is certain.
    pub fix: Option<Fix>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for place in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{place}")?;
        }
        write!(f, ": {}: {} [{}]", self.weight, self.message, self.kind)
    }
}
