//! Every language against English: the same messages with the same slots.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::*;

/// The slots of a message: those that are filled in, and those only asked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Slots {
    filled: BTreeSet<String>,
    asked: BTreeSet<String>,
    text: String,
}

impl Slots {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => match expression {
                    Expression::Inline(inline) => self.fill(inline),
                    Expression::Select { selector, variants } => {
                        if let InlineExpression::VariableReference { id } = selector {
                            self.asked.insert(id.name.to_owned());
                        }
                        for variant in variants {
                            self.read(&variant.value);
                        }
                    }
                },
            }
        }
    }

    fn fill(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.filled.insert(id.name.to_owned());
            }
            InlineExpression::StringLiteral { value } => self.text.push_str(value),
            other => panic!("no such thing in our files: {other:?}"),
        }
    }
}

fn messages(language: Language) -> BTreeMap<String, Slots> {
    let file = parser::parse(source(language))
        .unwrap_or_else(|(_, faults)| panic!("{language}: {faults:?}"));
    let mut messages = BTreeMap::new();
    for entry in file.body {
        if let Entry::Message(message) = entry {
            let mut slots = Slots::default();
            slots.read(message.value.as_ref().unwrap());
            let name = message.id.name.to_owned();
            assert!(
                messages.insert(name, slots).is_none(),
                "{language}: {} twice",
                message.id.name
            );
        }
    }
    messages
}

#[test]
fn every_language_has_every_message_with_the_slots_of_english() {
    let english = messages(Language::En);
    assert!(english.len() > 200);
    for language in Language::ALL {
        let ours = messages(language);
        let names = |of: &BTreeMap<String, Slots>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&ours), names(&english), "{language}");
        for (name, slots) in &ours {
            let original = &english[name];
            // Languages compose dates in different ways.
            let may_differ = name.contains("day") || name.contains("month");
            let all: BTreeSet<_> = original.filled.union(&original.asked).cloned().collect();
            if !may_differ {
                // A number may be a word: `one incident`.
                let filled = |slots: &Slots| {
                    let mut filled = slots.filled.clone();
                    filled.remove("n");
                    filled
                };
                assert_eq!(filled(slots), filled(original), "{language}: {name}");
                assert!(slots.asked.is_subset(&all), "{language}: {name}");
            }
            // A message is text; what is filled in may be HTML.
            assert!(!slots.text.contains(['<', '&', '>']), "{language}: {name}");
            assert!(
                !slots.text.contains('!'),
                "{language}: {name}: nobody is shouted at"
            );
        }
    }
}

/// What stands in quotes behind `call(`, in the templates and the code, as far as it
/// looks like the name of a message.
fn named(text: &str, call: &str) -> Vec<String> {
    let calls = text.split(call).skip(1);
    let names = calls.filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix('"')?;
        Some(rest.split('"').next()?.to_owned())
    });
    let names = names.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    names.collect()
}

#[test]
fn every_message_is_said_somewhere_and_nothing_else_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    let rooms = [
        "templates",
        "src/chart",
        "src/command",
        "src/evaluate",
        "src/history",
        "src/incident",
        "src/language",
        "src/notify",
        "src/web",
    ];
    let mut folders: Vec<_> = rooms.iter().map(|room| root.join(room)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("speech/tests.rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let english = messages(Language::En);
    for call in [".say(", ".count(", ".with(", ".tell("] {
        for name in named(&text, call) {
            assert!(english.contains_key(&name), "nobody has written `{name}`");
        }
    }
    // Names that are put together: by state, stage, phase, day and month.
    let built = [
        "state-",
        "stage-",
        "phase-",
        "unwell-",
        "month-",
        "weekday-",
        "way-",
        "not-found",
        "failed",
        "span-year",
    ];
    for name in english.keys() {
        let is_used = text.contains(&format!("\"{name}\""))
            || built.iter().any(|prefix| name.starts_with(prefix));
        assert!(is_used, "nobody says `{name}`");
    }
}

#[test]
fn numbers_are_written_as_in_their_language() {
    for (language, number, share) in [
        (Language::En, "1,234,567", "99.42\u{a0}%"),
        (Language::De, "1.234.567", "99,42\u{a0}%"),
        (Language::Fr, "1\u{202f}234\u{202f}567", "99,42\u{a0}%"),
        (Language::Ja, "1,234,567", "99.42%"),
        (Language::Pl, "1\u{a0}234\u{a0}567", "99,42%"),
        (Language::Uk, "1\u{a0}234\u{a0}567", "99,42\u{a0}%"),
        (Language::Tr, "1.234.567", "%99,42"),
    ] {
        let speech = Speech::of(language);
        assert_eq!(speech.number(1_234_567), number);
        assert_eq!(speech.number(12), "12");
        assert_eq!(speech.percent(0.994_29), share);
    }
    let speech = Speech::of(Language::En);
    for (ratio, text) in [
        (1.0, "100\u{a0}%"),
        (0.999_999, "99.99\u{a0}%"),
        (0.5, "50.00\u{a0}%"),
        (0.0, "0.00\u{a0}%"),
    ] {
        assert_eq!(speech.percent(ratio), text);
    }
}

#[test]
fn plurals_and_rows_are_those_of_the_language() {
    let english = Speech::of(Language::En);
    assert_eq!(english.count("more-open", 1), "One more incident is open.");
    assert_eq!(english.count("more-open", 2), "2 more incidents are open.");
    assert_eq!(english.count("found", 0), "No results.");
    let names = ["API", "Cache", "Worker"].map(str::to_owned);
    assert_eq!(english.row(&names), "API, Cache and Worker");
    assert_eq!(
        Speech::of(Language::De).row(&names),
        "API, Cache und Worker"
    );
    assert_eq!(Speech::of(Language::Ja).row(&names), "API、CacheとWorker");
    assert_eq!(english.row(&names[..1]), "API");
}

#[test]
fn every_plural_has_a_form_of_its_own() {
    for (language, name, forms) in [
        (
            Language::Pl,
            "more-open",
            [
                "Trwa jeszcze jeden incydent.",
                "Trwają jeszcze 3 incydenty.",
                "Trwa jeszcze 12 incydentów.",
                "Trwają jeszcze 22 incydenty.",
                "Trwa jeszcze 100 incydentów.",
            ],
        ),
        (
            Language::Uk,
            "found",
            [
                "1 результат.",
                "3 результати.",
                "12 результатів.",
                "22 результати.",
                "100 результатів.",
            ],
        ),
        (
            Language::Ar,
            "incidents",
            ["حادث واحد", "3 حوادث", "12 حادثًا", "22 حادثًا", "100 حادث"],
        ),
    ] {
        let speech = Speech::of(language);
        let said = [1, 3, 12, 22, 100].map(|n| speech.count(name, n));
        assert_eq!(said, forms, "{language}");
    }
}

#[test]
fn names_and_numbers_keep_their_direction_in_a_sentence_from_right_to_left() {
    let speech = Speech::of(Language::Ar);
    let names = ["API", "Cache", "Worker"].map(str::to_owned);
    assert_eq!(speech.row(&names), "API،\u{200f} Cache وWorker");
    assert_eq!(speech.percent(0.994_29), "\u{2066}99.42%\u{2069}");
    let told = speech.with("affects", "names", speech.row(&names));
    assert!(
        told.ends_with("\u{2067}API،\u{200f} Cache وWorker\u{2069}."),
        "{told}"
    );
}

#[test]
fn no_message_is_left_in_english() {
    let english = messages(Language::En);
    let translated = Language::ALL.into_iter().filter(|one| *one != Language::En);
    for language in translated {
        let mut same = Vec::new();
        for (name, slots) in messages(language) {
            // A sentence is never the same in two languages; one word may be.
            let words = slots.text.split_whitespace().count();
            if words > 1 && slots.text == english[&name].text {
                same.push(name);
            }
        }
        assert_eq!(same, [""; 0], "{language}");
    }
}
