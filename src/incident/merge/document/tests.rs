//! Tests of merging.

use proptest::prelude::*;

use crate::incident::file::author;
use crate::incident::file::document::Document;
use crate::incident::merge::message::describe;
use crate::model::incident::Author;

use super::*;

const BASE: &str = "---\nsection: issue\ntitle: Cache is full\ndate: 2026-03-01T12:00:00Z\nresolved: false\n\
    resolvedWhen:\naffected:\n  - API\nseverity: notice\ncritwatch:\n  title: Cache is full\n  \
    severity: notice\n  wrote: [aaaaaaaa]\n---\n\
    *Investigating* - It is full. {{< track \"2026-03-01 12:00:00\" >}}\n";

fn merged(base: Option<&str>, ours: Option<&str>, theirs: Option<&str>) -> (String, Vec<String>) {
    let versions = Versions { base, ours, theirs };
    let merged = merge_texts(versions);
    let text = merged.bytes.map(|bytes| String::from_utf8(bytes).unwrap());
    (text.unwrap_or_default(), merged.lost)
}

fn merge_texts(versions: Versions<Option<&str>>) -> MergedFile {
    let Versions { base, ours, theirs } = versions;
    let versions = Versions {
        base: base.map(str::as_bytes),
        ours: ours.map(str::as_bytes),
        theirs: theirs.map(str::as_bytes),
    };
    merge("2026-03-01-a.md", versions)
}

/// What the service writes when it gets worse.
fn worse() -> String {
    BASE.replace("severity: notice\ncritwatch", "severity: down\ncritwatch")
        .replace(
            "  severity: notice\n  wrote: [aaaaaaaa]",
            "  severity: down\n  wrote: [aaaaaaaa, bbbbbbbb]",
        )
        .replace(
            "---\n*Inv",
            "---\n*Update* - Nothing is written. {{< track \"2026-03-01 12:05:00\" >}}\n\n*Inv",
        )
}

/// The same with the mark of its newest update, so that the service is its author.
fn marked(text: &str, mark: &str) -> String {
    let document = Document::parse(text).unwrap();
    let update = document.incident("a.md").updates.remove(0);
    text.replace(mark, &author::mark(&update))
}

#[test]
fn a_persons_words_and_the_services_stand_in_one_file() {
    let theirs = BASE
        .replace(
            "title: Cache is full\ndate",
            "title: \"Rolls fail\" # by Ann\ndate",
        )
        .replace(
            "---\n*Inv",
            "---\n*Identified* - The memory is full. {{< track \"2026-03-01 12:03:00\" >}}\n\n*Inv",
        )
        .replace("It is full.", "Rolls are lost.");
    let (text, lost) = merged(Some(BASE), Some(&worse()), Some(&theirs));
    insta::assert_snapshot!(text, @r#"
    ---
    section: issue
    title: "Rolls fail" # by Ann
    date: 2026-03-01T12:00:00Z
    resolved: false
    resolvedWhen:
    affected:
      - API
    severity: down
    critwatch:
      title: Cache is full
      severity: down
      wrote: [aaaaaaaa, bbbbbbbb]
    ---
    *Update* - Nothing is written. {{< track "2026-03-01 12:05:00" >}}

    *Identified* - The memory is full. {{< track "2026-03-01 12:03:00" >}}

    *Investigating* - Rolls are lost. {{< track "2026-03-01 12:00:00" >}}
    "#);
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn a_key_that_both_changed_is_theirs_and_stays_theirs() {
    let theirs = BASE.replace(
        "severity: notice\ncritwatch",
        "severity: disrupted\ncritwatch",
    );
    let (text, lost) = merged(Some(BASE), Some(&worse()), Some(&theirs));
    assert!(text.contains("severity: disrupted\ncritwatch"), "{text}");
    // The map says what the service wrote, so the key is a person's.
    assert!(text.contains("  severity: down\n"), "{text}");
    assert_eq!(lost, Vec::<String>::new());
    let ours = BASE.replace("severity: notice\ncritwatch", "severity: down\ncritwatch");
    let (text, lost) = merged(Some(BASE), Some(&ours), Some(&theirs));
    assert!(text.contains("severity: disrupted\ncritwatch"), "{text}");
    assert_eq!(lost, ["severity"]);
}

#[test]
fn a_paragraph_that_two_people_changed_stands_twice() {
    let ours = BASE.replace("It is full.", "We look into it.");
    let theirs = BASE.replace("It is full.", "Rolls are lost.");
    let (text, _) = merged(Some(BASE), Some(&ours), Some(&theirs));
    assert!(
        text.contains("We look into it.") && text.contains("Rolls are lost."),
        "{text}"
    );
}

#[test]
fn a_file_of_two_monitors_is_one_incident_and_told_once() {
    let ours = marked(BASE, "aaaaaaaa");
    let theirs = marked(&BASE.replace("12:00:00", "12:00:01"), "aaaaaaaa");
    let (text, _) = merged(None, Some(&ours), Some(&theirs));
    assert_eq!(text.matches("*Investigating*").count(), 1, "{text}");
    let merged = Document::parse(text).unwrap().incident("a.md");
    assert_eq!(merged.updates[0].author, Author::Rule);
}

#[test]
fn who_deletes_a_file_loses_no_words_of_others() {
    let person = BASE.replace("It is full.", "We look into it.");
    assert_eq!(merged(Some(BASE), Some(&person), None).0, person);
    assert_eq!(
        merged(Some(BASE), Some(&marked(&worse(), "bbbbbbbb")), None).0,
        ""
    );
    assert_eq!(merged(Some(BASE), None, Some(&person)).0, person);
    assert_eq!(merged(Some(BASE), None, Some(BASE)).0, "");
}

#[test]
fn who_takes_the_map_out_takes_the_file() {
    let theirs = BASE.split("critwatch:").next().unwrap().to_owned() + "---\nMine.\n";
    let (text, _) = merged(Some(BASE), Some(&worse()), Some(&theirs));
    assert!(!text.contains("critwatch:"), "{text}");
    assert!(text.contains("Mine."), "{text}");
}

#[test]
fn heads_of_other_languages_are_merged_by_their_values() {
    let toml = "+++\ntitle = 'Cache is full'\nseverity = 'notice'\nresolved = false\n+++\nText\n";
    let ours = toml
        .replace("'notice'", "'down'")
        .replace("resolved = false", "resolved = true");
    let theirs = toml
        .replace("'Cache is full'", "'Rolls fail'")
        .replace("Text", "Words");
    let (text, _) = merged(Some(toml), Some(&ours), Some(&theirs));
    insta::assert_snapshot!(text, @r#"
    +++
    title = 'Rolls fail'
    severity = "down"
    resolved = true
    +++
    Words
    "#);
}

#[test]
fn a_file_that_cannot_be_read_is_theirs_and_ours_is_told() {
    let (text, lost) = merged(Some(BASE), Some(&worse()), Some("---\ntitle: [\n---\nx"));
    assert_eq!((text.as_str(), lost.len()), ("---\ntitle: [\n---\nx", 1));
}

#[test]
fn messages_say_what_was_done() {
    let say = |before: Option<&str>, after: Option<&str>| {
        let bytes = |text: Option<&str>| text.map(|text| text.as_bytes().to_owned());
        describe("a.md", bytes(before).as_deref(), bytes(after).as_deref()).subject
    };
    let said = [
        say(None, Some(BASE)),
        say(Some(BASE), Some(&worse())),
        say(
            Some(BASE),
            Some(&BASE.replace("resolved: false", "resolved: true")),
        ),
        say(
            Some(BASE),
            Some(&BASE.replace("It is full.", "Full.\n\nMore")),
        ),
        say(Some(BASE), Some(&BASE.replace("- API", "- Web"))),
        say(Some(BASE), None),
        say(Some(BASE), Some("---\n[\n---\n")),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    Open “Cache is full” (notice)
    Change the severity of “Cache is full” to down
    Resolve “Cache is full”
    Update “Cache is full”: Investigating - Full.
    Change what is affected by “Cache is full”
    Delete “Cache is full”
    Edit “Cache is full”
    ");
}

/// A file made of a few parts, so that versions often share some.
fn version() -> impl Strategy<Value = Option<String>> {
    let words = prop::collection::vec(0..6_usize, 0..4);
    let file = (0..3_usize, 0..3_usize, prop::option::of(0..3_usize), words);
    prop::option::weighted(0.9, file).prop_map(|file| {
        file.map(|(title, severity, map, words)| {
            let severity = ["notice", "disrupted", "down"][severity];
            let map = map
                .map(|map| format!("critwatch:\n  title: T{map}\n"))
                .unwrap_or_default();
            let words: Vec<_> = words
                .iter()
                .map(|word| {
                    format!(
                        "*Update* - Word {word}. {{{{< track \"2026-03-01 12:0{word}:00\" >}}}}"
                    )
                })
                .collect();
            format!(
                "---\ntitle: T{title}\nseverity: {severity}\n{map}---\n{}\n",
                words.join("\n\n")
            )
        })
    })
}

proptest! {
    #[test]
    fn no_word_of_a_person_is_lost(base in version(), ours in version(), theirs in version()) {
        let versions = Versions {
            base: base.as_deref(),
            ours: ours.as_deref(),
            theirs: theirs.as_deref(),
        };
        let (text, _) = merged(base.as_deref(), ours.as_deref(), theirs.as_deref());
        let has = |text: &Option<String>, word: &str| text.as_deref().unwrap_or_default().contains(word);
        for word in 0..6 {
            let word = format!("Word {word}.");
            let added = |text: &Option<String>| has(text, &word) && !has(&base, &word);
            prop_assert!(!added(&theirs) || text.contains(&word), "{word} of theirs\n{text}");
            let is_gone = ours.is_some() && theirs.is_none();
            prop_assert!(!added(&ours) || is_gone || text.contains(&word), "{word} of ours\n{text}");
        }
        if let (Some(theirs), false) = (&theirs, ours == base) {
            let title = |text: &str| text.lines().find(|line| line.starts_with("title")).map(str::to_owned);
            let was = base.as_deref().and_then(title);
            if title(theirs) != was {
                prop_assert_eq!(title(&text), title(theirs));
            }
        }
        // What was merged once stays as it is.
        let again = merge_texts(Versions { ours: Some(text.as_str()).filter(|text| !text.is_empty()), ..versions });
        if base.is_none() {
            prop_assert_eq!(again.bytes.map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default(), text);
        }
    }
}
