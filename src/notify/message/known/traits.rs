//! What an incident is known by, whatever the name of its file is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::incident::{Incident, Update};
use crate::notify::fingerprint::fingerprint;

/// Updates that are kept in mind of each file, the newest.
const MAX_WORDS: usize = 8;

/// What an incident is known by, whatever the name of its file is.
///
/// Two incidents may begin on one day. So what began together is one only if it also
/// says the same: an announcement too many is better than one that never comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileTraits {
    /// The heading.
    title: String,
    /// When it began.
    began: Option<Timestamp>,
    /// Whether that is a moment, rather than a day.
    exact: bool,
    /// The rule that opened it.
    rule: Option<String>,
    /// Names of the components concerned.
    affected: Vec<String>,
    /// Short names of its newest updates.
    words: Vec<String>,
}

impl FileTraits {
    /// What a file is known by.
    pub(crate) fn of(file: &Incident) -> Self {
        let exact = file.date.is_some() && file.days.began.is_none();
        let updates = file.updates.iter();
        let mut words: Vec<_> = updates.filter_map(|update| words(update, exact)).collect();
        words.truncate(MAX_WORDS);
        if file.updates.is_empty() && exact && !file.body.trim().is_empty() {
            words.push(fingerprint(file.body.trim().as_bytes()));
        }
        let rule = file.managed.rules.first();
        Self {
            title: file.title.clone(),
            began: file.date,
            exact,
            rule: rule.map(|rule| rule.0.clone()),
            affected: file.affected.clone(),
            words,
        }
    }

    /// When it began.
    pub(crate) fn began(&self) -> Option<Timestamp> {
        self.began
    }

    /// Whether a file of any name is about the same incident: it began then, by the same
    /// rule or with the same title or words. Where that is not enough to tell two
    /// incidents apart, it is at the same place as well.
    pub(crate) fn are_of(&self, file: &Incident) -> bool {
        let other = Self::of(file);
        let rules = self.rule.as_ref().zip(other.rule.as_ref());
        let is_ruled = rules.is_some_and(|(one, other)| one == other);
        let is_ruled_otherwise = rules.is_some() && !is_ruled;
        let is_titled = self.title == other.title;
        let is_worded = self.words.iter().any(|word| other.words.contains(word));
        let mut places = self.affected.iter();
        let is_placed =
            self.affected == other.affected || places.any(|place| other.affected.contains(place));
        let is_exact = self.exact && other.exact;
        self.began == other.began
            && !is_ruled_otherwise
            && (is_exact && (is_ruled || is_titled) || is_placed && (is_titled || is_worded))
    }
}

/// A short name of the words of an update. Where neither the incident nor the update has
/// a time, many may say the same: "We are looking into it."
fn words(update: &Update, exact: bool) -> Option<String> {
    let at = update.at.filter(|_| update.day.is_none());
    let text = update.text.trim();
    let is_telling = exact || at.is_some();
    (is_telling && !text.is_empty()).then(|| fingerprint(format!("{at:?} {text}").as_bytes()))
}
