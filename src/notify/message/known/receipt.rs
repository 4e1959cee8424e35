//! What a receiver was told about a topic.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::notify::message::known::traits::FileTraits;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;

/// Messages of one conversation that are kept in mind to be edited at its end.
const MAX_POSTS: usize = 5;

/// A message at the remote side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemoteMessage {
    /// What the remote side calls it.
    pub id: String,
    /// The mark of what it says; `None` if that is not known, and then it is not edited.
    #[serde(default)]
    pub mark: Option<String>,
}

/// A message that may not have arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Doubt {
    /// When it was sent.
    pub since: Timestamp,
    /// What it announced.
    pub occasion: Occasion,
    /// The mark of what it said.
    pub mark: String,
    /// The name by which the remote side may recognize it.
    pub key: String,
    /// How often it was sent so; `None` if it was refused and is not sent again.
    pub times: Option<u32>,
    /// Whether an earlier try of it may have arrived.
    #[serde(default)]
    pub unsure: bool,
    /// Whether it is sent again at once.
    #[serde(default)]
    pub at_once: bool,
}

/// What a receiver was told about a topic: the conversation, as the database keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// How far it had come.
    pub stage: Stage,
    /// The severity of which it was told last.
    pub severity: Severity,
    /// Whether any message certainly arrived since it began, or recurred.
    #[serde(default = "yes")]
    pub certain: bool,
    /// Whether it was told that it never was.
    #[serde(default)]
    pub withdrawn: bool,
    /// Its title, for a correction when its file is gone.
    #[serde(default)]
    pub title: String,
    /// The last name of its page, if its file was renamed.
    #[serde(default)]
    pub file: Option<String>,
    /// Whether there was no file of it last.
    #[serde(default)]
    pub away: bool,
    /// When its file says that it began.
    #[serde(default)]
    pub began: Option<Timestamp>,
    /// What its file is known by if it is renamed; `None` in what an old version wrote.
    #[serde(default)]
    pub traits: Option<FileTraits>,
    /// The planned beginning and end of which it was told.
    #[serde(default)]
    pub window: Option<(Timestamp, Option<Timestamp>)>,
    /// Seconds before the beginning at which the last reminder was due.
    #[serde(default)]
    pub lead: Option<u64>,
    /// When the newest update was written of which it was told.
    #[serde(default)]
    pub update: Option<Timestamp>,
    /// How many updates its file had then: two may be of one second.
    #[serde(default)]
    pub updates: usize,
    /// When the last message was posted; `None` in what an old version wrote.
    #[serde(default)]
    pub posted: Option<Timestamp>,
    /// When the last message was edited.
    #[serde(default)]
    pub edited: Option<Timestamp>,
    /// The thread in which the messages stand.
    #[serde(default)]
    pub thread: Option<String>,
    /// Messages at the remote side, newest last.
    #[serde(default)]
    pub messages: Vec<RemoteMessage>,
    /// The last message, if it may not have arrived.
    #[serde(default)]
    pub doubt: Option<Doubt>,
    /// Where it was told; `None` in what an old version wrote.
    #[serde(default)]
    pub target: Option<String>,
}

impl Receipt {
    /// A conversation that begins.
    pub(crate) fn new(stage: Stage, severity: Severity) -> Self {
        Self {
            stage,
            severity,
            certain: false,
            withdrawn: false,
            title: String::new(),
            file: None,
            away: false,
            began: None,
            traits: None,
            window: None,
            lead: None,
            update: None,
            updates: 0,
            posted: None,
            edited: None,
            thread: None,
            messages: Vec::new(),
            doubt: None,
            target: None,
        }
    }

    /// Remembers what a message says since it was edited.
    pub(crate) fn marked(&mut self, old: &str, id: String, mark: String) {
        let mut messages = self.messages.iter_mut();
        if let Some(message) = messages.find(|message| message.id == old) {
            let mark = Some(mark);
            *message = RemoteMessage { id, mark };
        }
    }

    /// Whether a file of any name is about the same incident.
    pub(crate) fn is_of(&self, file: &Incident) -> bool {
        match &self.traits {
            Some(traits) => traits.are_of(file),
            None => self.began == file.date && self.title == file.title,
        }
    }

    /// When its file said last that it began.
    pub(crate) fn known_began(&self) -> Option<Timestamp> {
        let traits = self.traits.as_ref();
        traits.map_or(self.began, FileTraits::began)
    }

    /// When the last message was posted or edited.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.posted.max(self.edited)
    }

    /// Whether it was written after another one of the same topic.
    pub(crate) fn knows_more(&self, other: &Self) -> bool {
        let newest = |receipt: &Self| (receipt.newest(), receipt.doubt.is_none());
        newest(self) > newest(other)
    }

    /// Whether more is to be said even if the topic stays as it is, or only the receipt
    /// knows which file it is about.
    pub(crate) fn is_watched(&self) -> bool {
        self.stage.is_open() || self.doubt.is_some() || self.file.is_some()
    }

    /// Whether the last message may not have arrived, and was not given up.
    pub(crate) fn is_sent_again(&self) -> bool {
        let doubt = self.doubt.as_ref();
        doubt.is_some_and(|doubt| doubt.times.is_some())
    }

    /// Remembers a message; only the newest are.
    pub(crate) fn add(&mut self, id: String, mark: String) {
        self.messages.retain(|message| message.id != id);
        let mark = Some(mark);
        self.messages.push(RemoteMessage { id, mark });
        let surplus = self.messages.len().saturating_sub(MAX_POSTS);
        self.messages.drain(..surplus);
    }

    /// Forgets what a message says: it is about to be edited.
    pub(crate) fn doubted(&mut self, id: &str) {
        self.marked(id, id.to_owned(), String::new());
    }

    /// Forgets a message that can no longer be edited.
    pub(crate) fn forget(&mut self, id: &str) {
        self.messages.retain(|message| message.id != id);
    }
}

/// Receipts of old versions are of what certainly arrived.
fn yes() -> bool {
    true
}
