//! A message in the words of the site, for channels that know neither the language
//! nor the clock of a reader.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::speech::Speech;
use crate::language::{moments, phases};
use crate::notify::fingerprint::fingerprint;
use crate::notify::message::announcement::{Announcement, Entry, TimeOrDay};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::Kind;
use crate::notify::texts::markup::Markup;
use crate::notify::texts::text::{cut, fitting};

/// Parts of the room of a message that its headline, and the names of components,
/// take at most: one eighth each. The newest update takes half of it.
const SMALL_PART: usize = 8;

/// Characters of a headline, however much room there is.
const MAX_HEADLINE: usize = 300;

/// The words and the clock of the site.
#[derive(Clone, Debug)]
pub(crate) struct SiteWording {
    /// The language of the site.
    pub speech: Arc<Speech>,
    /// Whose clock is written.
    pub zone: TimeZone,
}

/// A message in words: plain text, which each channel escapes by its own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// One line that says it all.
    pub headline: String,
    /// Whom it concerns; empty if nobody by name.
    pub affected: String,
    /// When it began, and when it ended; empty if that is unknown.
    pub times: String,
    /// The newest update.
    pub newest: String,
    /// Updates before it, newest first, each in one line.
    pub earlier: Vec<String>,
}

impl SiteWording {
    /// A message in words.
    pub(crate) fn words(&self, message: &Announcement) -> Words {
        let speech = &self.speech;
        let names = speech.row(&message.affected);
        let known = message.began.map(|began| began.at);
        let own = message.own.text.clone();
        let newest = own.or_else(|| self.newest(message));
        let earlier = message.updates.iter().skip(1);
        Words {
            headline: cut(&message.headline(), MAX_HEADLINE, |_| 1),
            affected: if names.is_empty() {
                names
            } else {
                speech.with("affects", "names", names)
            },
            times: self.times(message, |_, written| written),
            newest: newest.unwrap_or_default(),
            earlier: earlier.map(|entry| self.line(entry, known)).collect(),
        }
    }

    /// The newest update; the headline of an update opens with its word.
    fn newest(&self, message: &Announcement) -> Option<String> {
        let entry = message.updates.first()?;
        Some(
            if entry.word.is_empty() || message.occasion == Occasion::Update {
                entry.text.clone()
            } else {
                phases::line(&self.speech, &entry.word, &entry.text)
            },
        )
    }

    /// When it began, and when it ended or will; `shown` turns a moment, and how the
    /// site writes it, into what the remote side shows.
    pub(crate) fn times(
        &self,
        message: &Announcement,
        shown: impl Fn(Timestamp, String) -> String,
    ) -> String {
        let Some(began) = message.began else {
            return String::new();
        };
        let written = |when: TimeOrDay, known: Option<Timestamp>| {
            when.day.map_or_else(
                || shown(when.at, self.moment(when.at, known)),
                |day| day.to_string(),
            )
        };
        let from = written(began, None);
        let is_planned = message.kind == Kind::Maintenance;
        let ended = message.ended.filter(|_| is_planned || message.is_over());
        match ended {
            Some(ended) => {
                let until = written(ended, Some(began.at));
                let slots = [("from", from.into()), ("until", until.into())];
                self.speech.tell("from-until", slots)
            }
            None if is_planned => self.speech.with("from", "from", from),
            None => self.speech.with("started", "since", from),
        }
    }

    /// A moment by the clock of the site: without its day close to a known one.
    fn moment(&self, at: Timestamp, known: Option<Timestamp>) -> String {
        match known {
            Some(known) => moments::written(at, known, &self.zone),
            None => moments::dated(&at.to_zoned(self.zone.clone())),
        }
    }

    /// An earlier update in one line.
    fn line(&self, entry: &Entry, known: Option<Timestamp>) -> String {
        let text = entry.text.replace('\n', " ");
        let text = if entry.word.is_empty() {
            text
        } else {
            phases::line(&self.speech, &entry.word, &text)
        };
        match (entry.day, entry.at) {
            (Some(day), _) => format!("{day} {text}"),
            (None, Some(at)) => format!("{} {text}", self.moment(at, known)),
            (None, None) => text,
        }
    }
}

impl Words {
    /// As much of the words as fits: first the headline, then the newest update, then
    /// as many of the earlier ones as there is room for, whole.
    ///
    /// `size` is what the remote side counts of a character, escaped.
    pub(crate) fn within(self, most: usize, size: impl Fn(char) -> usize) -> Self {
        let measure = |text: &str| text.chars().map(&size).sum::<usize>();
        let part = |text: &str, most: usize| cut(text, most, &size);
        let mut words = Self {
            headline: part(&self.headline, most / SMALL_PART),
            affected: part(&self.affected, most / SMALL_PART),
            times: part(&self.times, most / SMALL_PART),
            newest: part(&self.newest, most / 2),
            earlier: Vec::new(),
        };
        let texts = [
            &words.headline,
            &words.affected,
            &words.times,
            &words.newest,
        ];
        let used: usize = texts.map(|text| measure(text)).iter().sum();
        // Each of the parts stands in a paragraph of its own.
        let breaks = 2 * size('\n') * (texts.len() + 1);
        words.earlier = fitting(self.earlier, most.saturating_sub(used + breaks), &size);
        words
    }

    /// What follows the headline, part by part: what it is about, the newest update,
    /// the earlier ones.
    pub(crate) fn parts(&self) -> Vec<String> {
        let facts = [&*self.affected, &*self.times];
        let facts = facts.into_iter().filter(|line| !line.is_empty());
        let facts = facts.collect::<Vec<_>>().join("\n");
        let parts = [facts, self.newest.clone(), self.earlier.join("\n")];
        parts.into_iter().filter(|part| !part.is_empty()).collect()
    }

    /// The text below a title; remote sides that have both take no empty one.
    pub(crate) fn text(&self) -> String {
        let parts = self.parts();
        if parts.is_empty() {
            return self.headline.clone();
        }
        parts.join("\n\n")
    }

    /// All of it in paragraphs, the link to the page last; `marked` writes a headline.
    pub(crate) fn paragraphs(
        &self,
        markup: Markup,
        marked: impl Fn(String) -> String,
        url: Option<&str>,
    ) -> String {
        let mut all = vec![marked(markup.escaped(&self.headline))];
        all.extend(self.parts().iter().map(|part| markup.escaped(part)));
        all.extend(url.map(str::to_owned));
        all.join(&markup.escaped("\n\n"))
    }
}

/// The name of a topic at remote sides that keep one alert or thread for it, in at
/// most so many bytes.
pub(crate) fn conversation(message: &Announcement, most: usize) -> String {
    let name = format!("critwatch:{}:{}", message.kind.word(), message.name);
    if name.len() <= most {
        return name;
    }
    format!("critwatch:{}", fingerprint(name.as_bytes()))
}
