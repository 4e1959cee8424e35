//! One message, without the manner of any channel.

use jiff::Timestamp;
use jiff::civil::Date;
use pulldown_cmark::Options;
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::model::component::Severity;
use crate::model::incident::{Author, Incident, Phase, Update};
use crate::model::text::language::Language;
use crate::model::text::plain::plain_text;
use crate::model::text::truncate::truncate;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::{Kind, Source, Topic};
use crate::notify::texts::text::{one_line, visible};

/// Updates that a message holds at most; the page has all.
const MAX_UPDATES: usize = 10;

/// Characters of one update.
const MAX_TEXT: usize = 2_000;

/// Bytes of a mark, which is enough to tell two contents of one message apart.
const MARK_BYTES: usize = 8;

/// One dated word of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// When it was written.
    pub at: Option<Timestamp>,
    /// The day alone, where no time is written.
    pub day: Option<Date>,
    /// Where the work stood then.
    pub phase: Option<Phase>,
    /// The word that opens it: `Investigating`.
    pub word: String,
    /// What it says, as plain text.
    pub text: String,
    /// Whether a person wrote it.
    pub by_team: bool,
}

impl Entry {
    fn new(update: &Update, text: &str) -> Self {
        Self {
            at: update.at,
            day: update.day,
            phase: update.phase,
            word: one_line(&update.word),
            text: plain(text),
            by_team: update.author == Author::Person,
        }
    }
}

/// A moment, or a day without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TimeOrDay {
    /// The moment; the beginning of the day, if only that is known.
    pub at: Timestamp,
    /// The day, if no time is known.
    pub day: Option<Date>,
}

/// One message, without the manner of any channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Announcement {
    /// What kind of topic it is about.
    pub kind: Kind,
    /// The topic's name: for incidents and planned work that of the page when it was
    /// announced.
    pub name: String,
    /// Why it is sent.
    pub occasion: Occasion,
    /// How far the topic has come.
    pub stage: Stage,
    /// How bad it is, or was.
    pub severity: Severity,
    /// Whether it never was, or its page is gone.
    pub withdrawn: bool,
    /// The topic's title.
    pub title: String,
    /// Names of the components concerned.
    pub affected: Vec<String>,
    /// What there is to say, newest first.
    pub updates: Vec<Entry>,
    /// First bad sample, or the beginning of planned work.
    pub began: Option<TimeOrDay>,
    /// When it was well again, or the end of planned work.
    pub ended: Option<TimeOrDay>,
    /// The topic's page; `None` if the site has no public address.
    pub url: Option<String>,
    /// Whether it is only a test of the receiver.
    #[serde(skip)]
    pub test: bool,
    /// The language of our words.
    #[serde(skip)]
    pub language: Language,
    /// The operator's own words, where there are templates.
    #[serde(skip)]
    pub own: OwnWords,
}

/// Words that stand for ours, from the operator's templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnWords {
    /// In place of the headline.
    pub title: Option<String>,
    /// In place of the newest words.
    pub text: Option<String>,
}

impl Announcement {
    /// What to say about a topic; `site` is the public address of the page.
    pub(crate) fn new(topic: &Topic<'_>, occasion: Occasion, site: Option<&str>) -> Self {
        let page =
            |name: &str| site.map(|site| format!("{}/issues/{name}/", site.trim_end_matches('/')));
        let empty = Self {
            kind: topic.id.kind(),
            name: topic.id.name().to_owned(),
            occasion,
            stage: topic.stage,
            severity: topic.severity,
            withdrawn: topic.withdrawn,
            title: String::new(),
            affected: topic.components.iter().map(|name| one_line(name)).collect(),
            updates: Vec::new(),
            began: None,
            ended: None,
            url: None,
            test: false,
            language: Language::default(),
            own: OwnWords::default(),
        };
        match topic.source {
            Source::File(incident) => Self {
                title: one_line(&incident.title),
                updates: entries(incident),
                began: when(incident.date, incident.days.began),
                ended: when(
                    topic
                        .window
                        .map_or(incident.resolved_when, |(_, until)| until),
                    incident.days.ended,
                ),
                url: page(&incident.id.0),
                ..empty
            },
            Source::Operation(operation) => Self {
                title: one_line(&operation.title),
                updates: vec![Entry {
                    at: None,
                    day: None,
                    phase: None,
                    word: String::new(),
                    text: operation.text.clone(),
                    by_team: false,
                }],
                began: when(operation.since, None),
                url: operation.incident.as_deref().and_then(page),
                ..empty
            },
            Source::Receipt(receipt) => Self {
                title: one_line(&receipt.title),
                ..empty
            },
        }
    }

    /// The same in a language.
    pub(crate) fn spoken(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Tells two contents of one message apart, whatever the occasion was.
    pub(crate) fn mark(&self) -> String {
        let content = Self {
            occasion: Occasion::Edited,
            ..self.clone()
        };
        let text = serde_json::to_vec(&content).unwrap_or_default();
        let hash = digest::digest(&digest::SHA256, &text);
        let bytes = hash.as_ref().iter().take(MARK_BYTES);
        bytes.fold(String::new(), |mark, byte| format!("{mark}{byte:02x}"))
    }

    /// Whether it is for those who know nothing of the topic.
    pub(crate) fn begins(&self) -> bool {
        matches!(
            self.occasion,
            Occasion::Opened | Occasion::Missed | Occasion::Announced | Occasion::Begun
        )
    }

    /// Whether the topic is over, done or called off.
    pub(crate) fn is_over(&self) -> bool {
        match self.stage {
            Stage::Over | Stage::Completed | Stage::Cancelled => true,
            Stage::Open | Stage::Scheduled | Stage::Begun => self.withdrawn,
        }
    }
}

fn when(at: Option<Timestamp>, day: Option<Date>) -> Option<TimeOrDay> {
    at.map(|at| TimeOrDay { at, day })
}

/// The newest updates; of a hand-written body without any, its first paragraph.
fn entries(incident: &Incident) -> Vec<Entry> {
    let entries: Vec<_> = incident
        .updates
        .iter()
        .take(MAX_UPDATES)
        .enumerate()
        .map(|(place, update)| Entry::new(update, &incident.update_text(place)))
        .collect();
    if !entries.is_empty() {
        return entries;
    }
    let lines = incident
        .body
        .lines()
        .skip_while(|line| line.trim().is_empty());
    let paragraph: Vec<_> = lines.take_while(|line| !line.trim().is_empty()).collect();
    let text = plain(&paragraph.join("\n"));
    let entry = Entry {
        at: None,
        day: None,
        phase: None,
        word: String::new(),
        text,
        by_team: true,
    };
    (!entry.text.is_empty())
        .then_some(entry)
        .into_iter()
        .collect()
}

fn plain(markdown: &str) -> String {
    let text = visible(&plain_text(markdown, Options::empty(), MAX_TEXT));
    truncate(text.trim(), MAX_TEXT)
}
