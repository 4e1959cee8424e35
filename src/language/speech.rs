//! What we say to people, in the language of the reader: `locales/*.ftl`.

use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::model::text::language::Language;

/// Every language, each read when it is first spoken. What is compiled in can
/// be read, which a test checks, and never changes.
static SPEECHES: LazyLock<[Arc<Speech>; Language::ALL.len()]> =
    LazyLock::new(|| Language::ALL.map(|language| Arc::new(Speech::new(language))));

/// What fills a slot of a message: a text or a number.
pub type Slot<'a> = FluentValue<'a>;

/// The words and sentences of one language; cheap to share among threads.
///
/// ```
/// # use critwatch::language::speech::Speech;
/// # use critwatch::model::text::language::Language;
/// let speech = Speech::of(Language::De);
/// assert_eq!(speech.say("phase-resolved"), "Behoben");
/// assert_eq!(speech.with("affects", "names", "API"), "Betrifft API.");
/// let row = [("first", "API".into()), ("last", "Cache".into())];
/// assert_eq!(speech.tell("row", row), "API und Cache");
/// ```
pub struct Speech {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// The text of a language's file.
pub(crate) fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../locales/en.ftl"),
        Language::De => include_str!("../../locales/de.ftl"),
        Language::Fr => include_str!("../../locales/fr.ftl"),
        Language::Es => include_str!("../../locales/es.ftl"),
        Language::Pt => include_str!("../../locales/pt.ftl"),
        Language::Ja => include_str!("../../locales/ja.ftl"),
        Language::It => include_str!("../../locales/it.ftl"),
        Language::Nl => include_str!("../../locales/nl.ftl"),
        Language::Pl => include_str!("../../locales/pl.ftl"),
        Language::Uk => include_str!("../../locales/uk.ftl"),
        Language::Zh => include_str!("../../locales/zh.ftl"),
        Language::Ko => include_str!("../../locales/ko.ftl"),
        Language::Tr => include_str!("../../locales/tr.ftl"),
        Language::Ar => include_str!("../../locales/ar.ftl"),
    }
}

impl Speech {
    fn new(language: Language) -> Self {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Titles stand in elements of their own, which isolate them. A language from
        // right to left has marks in its messages, where they are needed.
        bundle.set_use_isolating(false);
        let (Ok(words) | Err((words, _))) = FluentResource::try_new(source(language).to_owned());
        bundle.add_resource_overriding(words);
        Self { language, bundle }
    }

    /// The speech of a language.
    pub fn of(language: Language) -> Arc<Self> {
        let place = Language::ALL.iter().position(|one| *one == language);
        Arc::clone(&SPEECHES[place.unwrap_or_default()])
    }

    /// Which language it is.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message without anything to fill in.
    pub fn say(&self, name: &str) -> String {
        self.tell(name, [])
    }

    /// A message about some number of things.
    pub fn count(&self, name: &str, n: usize) -> String {
        self.tell(name, [("n", FluentValue::from(n))])
    }

    /// A message with one text filled in.
    pub fn with(&self, name: &str, slot: &str, text: impl Into<String>) -> String {
        self.tell(name, [(slot, text.into().into())])
    }

    /// A message with its slots filled in. If every slot is safe HTML, it is, too.
    pub fn tell<const N: usize>(&self, name: &str, slots: [(&str, Slot<'_>); N]) -> String {
        self.tell_all(name, slots)
    }

    /// The same with slots whose number is not known before.
    pub fn tell_all<'s>(
        &self,
        name: &str,
        slots: impl IntoIterator<Item = (&'s str, Slot<'s>)>,
    ) -> String {
        let message = self.bundle.get_message(name);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            return name.to_owned();
        };
        let slots: FluentArgs<'_> = slots.into_iter().collect();
        let mut faults = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&slots), &mut faults)
            .into_owned()
    }

    /// Sentences that follow each other.
    pub fn sentences<S: AsRef<str>>(&self, all: impl IntoIterator<Item = S>) -> String {
        let mut text = String::new();
        for sentence in all {
            if !text.is_empty() && !sentence.as_ref().is_empty() {
                text.push_str(&self.say("between-sentences"));
            }
            text.push_str(sentence.as_ref());
        }
        text
    }

    /// A whole number with its thousands set apart.
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let group = self.say("number-group");
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&group);
            }
            text.push(digit);
        }
        text
    }

    /// A share in per cent; never rounded up to 100.
    pub fn percent(&self, ratio: f64) -> String {
        let text = if ratio >= 1.0 {
            "100".to_owned()
        } else {
            format!("{:.2}", (ratio * 10_000.0).floor() / 100.0)
        };
        let text = text.replace('.', &self.say("number-point"));
        self.with("percent", "number", text)
    }

    /// Names in a row: `API, Cache and Worker`.
    pub fn row(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let first = first.join(&self.say("row-comma"));
                let slots = [("first", first.into()), ("last", last.clone().into())];
                self.tell("row", slots)
            }
        }
    }
}

impl std::fmt::Debug for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Speech({})", self.language)
    }
}

#[cfg(test)]
#[path = "speech/tests.rs"]
mod tests;
