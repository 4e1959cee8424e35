//! Incidents as people and the service write them.

use std::fmt;

use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::verdict::RuleId;

/// Names an incident, and its page: `2026-03-01-queue-stuck`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentId(pub String);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the work on an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Something is wrong and its reason is not known.
    Investigating,
    /// The reason is known, the cure is not done.
    Identified,
    /// It seems well again and is being watched.
    Monitoring,
    /// It is over.
    Resolved,
}

impl Phase {
    /// Every phase, in the order in which an incident passes them.
    pub const ALL: [Self; 4] = [
        Self::Investigating,
        Self::Identified,
        Self::Monitoring,
        Self::Resolved,
    ];

    /// The word that opens an update in cState's manner.
    pub fn word(self) -> &'static str {
        match self {
            Self::Investigating => "Investigating",
            Self::Identified => "Identified",
            Self::Monitoring => "Monitoring",
            Self::Resolved => "Resolved",
        }
    }

    /// Reads a word as people write it, whatever its case; `None` for others.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "investigating" => Some(Self::Investigating),
            "identified" | "mitigating" | "mitigated" => Some(Self::Identified),
            "monitoring" | "recovering" | "recovery" => Some(Self::Monitoring),
            "resolved" | "restored" | "complete" | "completed" => Some(Self::Resolved),
            _ => None,
        }
    }
}

/// One dated paragraph of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// When it was written; `None` when the paragraph does not say.
    pub at: Option<Timestamp>,
    /// The word that opens it, as written: `Investigating`, `Update`.
    pub word: String,
    /// The phase that the word means; `None` if it means none.
    pub phase: Option<Phase>,
    /// What it says, as markdown without the phase and the time.
    pub text: String,
}

impl Update {
    /// An update that names a phase, as the service writes them.
    pub fn new(at: Timestamp, phase: Phase, text: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            word: phase.word().to_owned(),
            phase: Some(phase),
            text: text.into(),
        }
    }
}

/// The map `critwatch:` of a head: what a restart must not forget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Rules that the incident accounts for.
    pub rules: Vec<RuleId>,
    /// The severity that the service wrote last; another one is a person's.
    pub severity: Option<Severity>,
    /// The components that the service wrote last; others are a person's.
    pub affected: Vec<String>,
    /// First good sample of the run that is being watched.
    pub good_since: Option<Timestamp>,
    /// Rules that fire although a person called the incident over.
    pub muted: Vec<RuleId>,
    /// How bad it ever was, as far as rules said; severity falls meanwhile.
    pub worst: Option<Severity>,
    /// How often it came back after it seemed well.
    pub recurrences: u32,
}

/// Values of a head as they are written, for those who show them so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verbatim {
    /// When it began.
    pub date: Option<String>,
    /// When it was well again, unless it is a date of TOML.
    pub resolved_when: Option<String>,
    /// How bad it is, be it a word that means nothing.
    pub severity: Option<String>,
    /// When the file was changed last, if it says so.
    pub changed: Option<Timestamp>,
}

/// One incident file, with cState's meaning of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The last part of its page's address.
    pub id: IncidentId,
    /// The file's path within the incidents folder.
    pub name: String,
    /// The file's name alone, as cState's JSON shows it.
    pub filename: String,
    /// Whether `section` is `issue`, without which cState counts nothing.
    pub is_issue: bool,
    /// Heading.
    pub title: String,
    /// When it began; `None` when absent or not a date.
    pub date: Option<Timestamp>,
    /// `Some(false)` is open; `None` is neither open nor over.
    pub resolved: Option<bool>,
    /// When it was well again.
    pub resolved_when: Option<Timestamp>,
    /// How bad it is or was; `None` counts for nothing.
    pub severity: Option<Severity>,
    /// Names of the components concerned, as written.
    pub affected: Vec<String>,
    /// Not to be published.
    pub draft: bool,
    /// When the page is to disappear.
    pub expires: Option<Timestamp>,
    /// A post rather than an outage.
    pub informational: bool,
    /// `Some(true)` pins a post, `Some(false)` hides an announcement.
    pub pin: Option<bool>,
    /// Pages with a weight stand before all others, the lightest first; 0 is none.
    pub weight: i64,
    /// Some of these as they are written.
    pub verbatim: Verbatim,
    /// What the service noted for itself; empty when people wrote the file.
    pub machine: Machine,
    /// Dated paragraphs with a phase word, newest first.
    pub updates: Vec<Update>,
    /// Everything below the head, as markdown.
    pub body: String,
}

impl Incident {
    /// Whether cState counts it: published, an issue, and explicitly not resolved.
    pub fn is_active(&self) -> bool {
        self.is_issue && !self.draft && self.resolved == Some(false)
    }

    /// Whether visitors may read it.
    pub fn is_public(&self) -> bool {
        self.is_issue && !self.draft
    }

    /// Whether it has a page: cState lists those that are no issues among the others.
    pub fn has_page(&self) -> bool {
        !self.draft
    }

    /// When it changed last, as far as the file says; what is still to come is
    /// no change yet.
    pub fn changed(&self, now: Timestamp) -> Option<Timestamp> {
        let told = self.updates.iter().filter_map(|update| update.at);
        let ended = self.resolved_when.filter(|_| self.resolved == Some(true));
        told.chain(ended)
            .chain(self.date)
            .chain(self.verbatim.changed)
            .filter(|at| *at <= now)
            .max()
            .or(self.date)
    }

    /// Whether its body is HTML rather than markdown; Hugo knows small letters only.
    pub fn is_html(&self) -> bool {
        std::path::Path::new(&self.filename)
            .extension()
            .is_some_and(|ending| ending == "html")
    }

    /// The phase of its newest update, or what `resolved` says.
    pub fn phase(&self) -> Phase {
        if self.resolved == Some(true) {
            return Phase::Resolved;
        }
        self.updates
            .iter()
            .find_map(|update| update.phase)
            .unwrap_or(Phase::Investigating)
    }
}
