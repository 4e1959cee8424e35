//! Components of the watched service, their health and the severity of faults.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Names a component within the settings, in kebab case: `roll-queue`.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct ComponentId(pub String);

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One part of the service that visitors know by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// Key used by rules and `needs`.
    pub id: ComponentId,
    /// Name shown to visitors and written into `affected` of incident files.
    pub name: String,
    /// One sentence that tells visitors what it is for.
    pub description: Option<String>,
    /// Heading it stands under on the page; `None` stands under no heading.
    pub category: Option<String>,
    /// Components without which this one cannot work.
    pub needs: Vec<ComponentId>,
}

/// The severity of a fault, in cState's three words, least severe first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something to know; the service works.
    Notice,
    /// Slow or partly failing.
    Disrupted,
    /// Not working.
    Down,
}

impl Severity {
    /// The word written into incident files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Disrupted => "disrupted",
            Self::Down => "down",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How a component is, best first; `Unknown` means that we cannot see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Works, and we saw it work.
    Ok,
    /// We cannot see it; never drawn or counted as ok.
    Unknown,
    /// Works, with something to know.
    Notice,
    /// Slow or partly failing.
    Disrupted,
    /// Not working.
    Down,
}

impl Health {
    /// Every health, best first.
    pub const ALL: [Self; 5] = [
        Self::Ok,
        Self::Unknown,
        Self::Notice,
        Self::Disrupted,
        Self::Down,
    ];

    /// The word used in metrics, the database and machine-readable pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Notice => "notice",
            Self::Disrupted => "disrupted",
            Self::Down => "down",
        }
    }

    /// Reads the word back; `None` for anything else.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.word() == word)
    }
}

impl From<Severity> for Health {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Notice => Self::Notice,
            Severity::Disrupted => Self::Disrupted,
            Severity::Down => Self::Down,
        }
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
