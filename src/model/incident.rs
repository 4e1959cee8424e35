//! Incidents as people and the service write them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::component::Severity;
use crate::model::incidents::body_layout::BodyLayout;
use crate::model::incidents::managed::Managed;
use crate::model::verdict::RuleId;

/// Names an incident, and its page: `2026-03-01-queue-stuck`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentId(pub String);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the work on an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The cause is not known yet.
    Investigating,
    /// The cause is known, the fix is not done yet.
    Identified,
    /// It works again and is being monitored.
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
    pub const fn word(self) -> &'static str {
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

/// Who wrote an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Author {
    /// A person, or a person changed what a rule wrote.
    #[default]
    Person,
    /// The service, because a rule said so.
    Rule,
}

/// The word that opens an update which names no phase.
pub const UPDATE: &str = "Update";

/// The word that opens what was done to the service.
pub const EVENT: &str = "Event";

/// One dated paragraph of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// When it was written; `None` when the paragraph does not say.
    pub at: Option<Timestamp>,
    /// The day alone, where no time is written.
    pub day: Option<Date>,
    /// The word that opens it, as written: `Investigating`, `Update`.
    pub word: String,
    /// The phase that the word means; `None` if it means none.
    pub phase: Option<Phase>,
    /// What it says, as markdown without the phase and the time.
    pub text: String,
    /// Who wrote it.
    pub author: Author,
    /// The name of the person who wrote it through us; files do not say it otherwise.
    pub by: Option<String>,
}

impl Update {
    /// An update that names a phase, as the service writes them.
    pub fn new(at: Timestamp, phase: Phase, text: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            day: None,
            word: phase.word().to_owned(),
            phase: Some(phase),
            text: text.into(),
            author: Author::Rule,
            by: None,
        }
    }

    /// An update without a phase, as the service writes them.
    pub fn plain(at: Timestamp, word: &str, text: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            day: None,
            word: word.to_owned(),
            phase: None,
            text: text.into(),
            author: Author::Rule,
            by: None,
        }
    }
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

/// Days that a head names without a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WholeDays {
    /// That on which it began.
    pub began: Option<Date>,
    /// That on which it was well again.
    pub ended: Option<Date>,
}

/// The words of an incident in another language, from a file beside its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    /// The language, as the site's settings name it: `de`.
    pub language: String,
    /// The file's path within the incidents folder.
    pub name: String,
    /// The file's name alone.
    pub filename: String,
    /// Heading.
    pub title: String,
    /// Dated paragraphs with a phase word, newest first.
    pub updates: Vec<Update>,
    /// Everything below the head, as markdown.
    pub body: String,
    /// Where the parts of the body are.
    pub layout: BodyLayout,
    /// Whether it says that the incident is over, which only the first file decides.
    pub resolved: Option<bool>,
    /// How bad it says that it is.
    pub severity: Option<Severity>,
}

/// One incident file, with cState's meaning of its keys.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// The days alone, where no times are written; the moments are their beginnings.
    pub days: WholeDays,
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
    /// The keys whose values cannot be read, so that they mean what they meant before.
    pub kept: Vec<&'static str>,
    /// What the service noted for itself; empty when people wrote the file.
    pub managed: Managed,
    /// Dated paragraphs with a phase word, newest first.
    pub updates: Vec<Update>,
    /// Everything below the head, as markdown.
    pub body: String,
    /// Where the parts of the body are.
    pub layout: BodyLayout,
    /// The same in other languages of the site.
    pub translations: Vec<Translation>,
}

impl Incident {
    /// Whether cState counts it: published, an issue, and explicitly not resolved.
    pub fn is_active(&self) -> bool {
        self.is_issue && !self.draft && self.resolved == Some(false)
    }

    /// All paragraphs of an update, by its place; those of the oldest may be what would
    /// otherwise be a report.
    pub fn update_text(&self, place: usize) -> String {
        let Some(update) = self.updates.get(place) else {
            return String::new();
        };
        let more = self.layout.more.get(place).cloned().unwrap_or_default();
        let more = self.body.get(more).unwrap_or_default();
        let text = format!("{}\n\n{more}", update.text);
        if text.trim().is_empty() && place + 1 == self.updates.len() {
            let report = self.body.get(self.layout.report.clone());
            return report.unwrap_or_default().to_owned();
        }
        text.trim().to_owned()
    }

    /// Whether rules have to do with it: it is open, they account for it, or they
    /// are silenced by it.
    pub fn concerns_rules(&self) -> bool {
        let managed = &self.managed;
        self.resolved == Some(false) || !(managed.rules.is_empty() && managed.overruled.is_empty())
    }

    /// Whether rules opened it and none of them is in the settings any more: then
    /// nothing but a person ends it.
    pub fn has_lost_its_rules(&self, is_there: impl Fn(&RuleId) -> bool) -> bool {
        let mut rules = self.managed.rules.iter();
        self.resolved == Some(false) && rules.len() > 0 && !rules.any(is_there)
    }

    /// The file beside its own that pictures it, within the incidents folder.
    pub fn picture(&self) -> String {
        let stem = self
            .name
            .rsplit_once('.')
            .map_or(&*self.name, |(stem, _)| stem);
        format!("{stem}.svg")
    }

    /// Whether visitors may read it.
    pub fn is_public(&self) -> bool {
        self.is_issue && !self.draft
    }

    /// Whether it waits for a person to publish it.
    pub fn is_waiting_draft(&self) -> bool {
        self.is_issue && self.draft && self.resolved == Some(false)
    }

    /// Whether it has a page: cState lists those that are no issues among the others.
    pub fn has_page(&self) -> bool {
        !self.draft
    }

    /// When it changed last, as far as the file says; what is still to come is
    /// no change yet.
    pub fn changed(&self, now: Timestamp) -> Option<Timestamp> {
        let updates = self.updates.iter().filter_map(|update| update.at);
        let ended = self.resolved_when.filter(|_| self.resolved == Some(true));
        updates
            .chain(ended)
            .chain(self.date)
            .chain(self.verbatim.changed)
            .filter(|at| *at <= now)
            .max()
            .or(self.date)
    }

    /// When words in its file were dated last; what is still to come is none yet.
    pub fn last_dated(&self, now: Timestamp) -> Option<Timestamp> {
        let updates = self.updates.iter().filter_map(|update| update.at);
        let changed = updates.chain(self.verbatim.changed);
        changed.filter(|at| *at <= now).max()
    }

    /// Whether its body is HTML rather than markdown; Hugo knows small letters only.
    pub fn is_html(&self) -> bool {
        std::path::Path::new(&self.filename)
            .extension()
            .is_some_and(|ending| ending == "html")
    }

    /// Whether the service keeps it: rules account for it, or may.
    pub fn is_managed(&self) -> bool {
        !self.managed.rules.is_empty() || self.managed.join
    }

    /// The newest update that names a phase.
    pub fn newest_phase(&self) -> Option<&Update> {
        self.updates.iter().find(|update| update.phase.is_some())
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
