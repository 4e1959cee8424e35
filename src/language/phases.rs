//! The words that open updates. Files carry cState's; pages and timelines say them in
//! their language.

use crate::language::speech::Speech;
use crate::model::text::language::Language;

/// Words that every language has.
const KNOWN: [&str; 11] = [
    "event",
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "update",
    "scheduled",
    "in-progress",
    "completed",
    "cancelled",
    "post-mortem",
];

/// The word that opens an update in a language; what we do not know stays as it is
/// written.
pub fn phase(speech: &Speech, word: &str) -> String {
    let name = word.to_lowercase().replace(' ', "-");
    if KNOWN.contains(&&*name) {
        speech.say(&format!("phase-{name}"))
    } else {
        word.to_owned()
    }
}

/// An update in one line: its word in a language, and its text.
pub fn line(speech: &Speech, word: &str, text: &str) -> String {
    let slots = [("word", phase(speech, word).into()), ("text", text.into())];
    speech.tell("record-update", slots)
}

/// Whether a line tells an update that opens with the word, in any language.
pub fn is_line_of(line: &str, word: &str) -> bool {
    let begins = |language: &Language| {
        let begin = self::line(&Speech::of(*language), word, "");
        line.starts_with(begin.trim_end())
    };
    line.starts_with(&format!("{word}: ")) || Language::ALL.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_recognised_in_every_language() {
        for language in Language::ALL {
            let line = line(&Speech::of(language), "In progress", "We began.");
            assert!(is_line_of(&line, "In progress"), "{line}");
            assert!(!is_line_of(&line, "Scheduled"), "{line}");
            assert!(!is_line_of("Release: v0.9", "In progress"));
        }
        assert!(is_line_of("Risolto: Va.", "Risolto"));
        assert_eq!(phase(&Speech::of(Language::De), "Risolto"), "Risolto");
    }
}
