//! What was done to the service: a release, a restart, a changed limit.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use crate::model::component::ComponentId;
use crate::model::sample::CollectorId;

/// The longest text of an event, in characters.
pub const MAX_TEXT: usize = 500;

/// What sort of thing it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Another version of the service was brought out.
    Release,
    /// A part of it ended and began anew.
    Restart,
    /// Data was thrown away by command.
    Flush,
    /// What a part may take was changed.
    Limit,
    /// It was changed in another way.
    #[default]
    Change,
    /// Something to know that changed nothing.
    Note,
    /// A provider reports trouble of its own.
    Provider,
    /// A user says that something fails.
    Report,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Release,
        Self::Restart,
        Self::Flush,
        Self::Limit,
        Self::Change,
        Self::Note,
        Self::Provider,
        Self::Report,
    ];

    /// Its word in the database, in lists and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Restart => "restart",
            Self::Flush => "flush",
            Self::Limit => "limit",
            Self::Change => "change",
            Self::Note => "note",
            Self::Provider => "provider",
            Self::Report => "report",
        }
    }

    /// Reads the word back; `None` for anything else.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether the service is another one after it: what was seen well before
    /// says nothing any more, so the hold begins anew.
    pub fn is_change(self) -> bool {
        match self {
            Self::Release | Self::Restart | Self::Flush | Self::Limit | Self::Change => true,
            Self::Note | Self::Provider | Self::Report => false,
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Who noted an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EventSource {
    /// A person, by the command.
    #[default]
    Person,
    /// A program, by the operators' API.
    Api,
    /// A user of the service, by the page.
    User,
    /// We ourselves: it was seen in what this collector brought.
    Collector(CollectorId),
}

impl EventSource {
    /// What comes before the name of a collector.
    const COLLECTOR: &str = "collector:";

    /// Its word in the database and for programs.
    pub fn word(&self) -> String {
        match self {
            Self::Person => "person".to_owned(),
            Self::Api => "api".to_owned(),
            Self::User => "user".to_owned(),
            Self::Collector(id) => format!("{}{id}", Self::COLLECTOR),
        }
    }

    /// Reads the word back; `None` for anything else.
    pub fn from_word(word: &str) -> Option<Self> {
        let plain = [Self::Person, Self::Api, Self::User];
        let collector = word.strip_prefix(Self::COLLECTOR);
        collector
            .map(|id| Self::Collector(CollectorId(id.to_owned())))
            .or_else(|| plain.into_iter().find(|source| source.word() == word))
    }
}

impl Serialize for EventSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word())
    }
}

/// One thing that was done to the service or said about it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When it was.
    pub at: Timestamp,
    /// What sort of thing it was.
    pub kind: EventKind,
    /// What it was, in one line for visitors.
    pub text: String,
    /// Whom it concerns; nobody named is everybody.
    pub components: Vec<ComponentId>,
    /// When it was written down.
    pub noted: Timestamp,
    /// Who wrote it down.
    pub source: EventSource,
}

/// A change that was seen in samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenChange {
    /// What was seen.
    pub event: Event,
    /// When it was looked last without seeing it.
    pub since: Timestamp,
}

/// Why a text is no event.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is one line of 1 to {MAX_TEXT} characters")]
pub struct EventError;

impl Event {
    /// Takes what was typed, without the blanks around it.
    pub fn new(at: Timestamp, text: &str, noted: Timestamp) -> Result<Self, EventError> {
        let text = text.trim();
        let fits = (1..=MAX_TEXT).contains(&text.chars().count());
        if !fits || text.chars().any(char::is_control) {
            return Err(EventError);
        }
        // The database counts milliseconds.
        let short = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
        Ok(Self {
            at: short(at),
            kind: EventKind::default(),
            text: text.to_owned(),
            components: Vec::new(),
            noted: short(noted),
            source: EventSource::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_word(kind.word()), Some(kind));
        }
        let collector = EventSource::Collector(CollectorId("api".into()));
        for source in [
            EventSource::Person,
            EventSource::Api,
            EventSource::User,
            collector,
        ] {
            assert_eq!(EventSource::from_word(&source.word()), Some(source));
        }
        assert_eq!(EventKind::from_word("Release"), None);
        assert_eq!(EventSource::from_word("somebody"), None);
    }

    #[test]
    fn an_event_is_one_line_that_says_something() {
        let at = Timestamp::UNIX_EPOCH;
        let new = |text: &str| Event::new(at, text, at).map(|event| event.text);
        assert_eq!(new(" Release v0.9 🎲 "), Ok("Release v0.9 🎲".to_owned()));
        assert!(new(&"ü".repeat(MAX_TEXT)).is_ok());
        for text in ["", "  ", "a\nb", "a\u{1b}[2J", &"a".repeat(MAX_TEXT + 1)] {
            assert_eq!(new(text), Err(EventError), "{text:?}");
        }
    }
}
