//! What an incident's file is given after its end, beside the words of people.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::incident::file::document::Document;
use crate::incident::postmortem::facts::IncidentFacts;
use crate::incident::postmortem::picture;
use crate::incident::postmortem::write::{due, wants_picture, write};
use crate::incident::reconcile::wording::Wording;
use crate::model::event::{Event, EventKind};
use crate::model::fixtures::golden;
use crate::model::request::ask::FoundHistory;
use crate::model::series::measure::{Bad, Decisive};
use crate::model::series::minute::{MinuteSample, MinuteSeries};
use crate::model::text::language::Language;
use crate::model::text::unit::Unit;
use crate::model::verdict::RuleId;

const OVER: &str = "---
section: issue
title: Cache is full, rolls are failing
date: 2026-03-01T23:48:00Z
resolved: true
draft: false
informational: false
resolvedWhen: 2026-03-02T00:36:00Z
affected:
  - Cache
severity: down
critwatch:
  rules: [full, refused]
  severity: down
  affected: [Cache]
  noted: \"2026-03-01T23:48:03Z\"
  ended: \"2026-03-02T00:36:00Z\"
---
*Resolved* - Working since 00:36 UTC on 2 March 2026. The incident lasted 48 minutes. {{< track \"2026-03-02 00:51:00\" >}}

*Monitoring* - Working again since 00:36. {{< track \"2026-03-02 00:37:00\" >}}

*Identified* - We give it | more *memory*, see [here](http://x). `{{</* x */>}}` {{< track \"2026-03-02 00:10:00\" >}}

*Investigating* - The cache is full. Rolls fail. {{< track \"2026-03-01 23:48:00\" >}}
";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-03-02T01:00:00Z")
}

fn found() -> FoundHistory {
    let begin = at("2026-03-01T23:30:00Z").as_second();
    let samples = (0..80_i32).map(|minute| {
        let part = f64::from((minute - 10).clamp(0, 20)) / 20.0;
        let mean = if minute < 66 { 0.5 + part * 0.5 } else { 0.3 };
        MinuteSample {
            at: Timestamp::from_second(begin + i64::from(minute) * 60).unwrap(),
            count: 6,
            min: mean - 0.01,
            mean,
            max: mean + 0.01,
            last: mean,
        }
    });
    let event = |time: &str, kind, text: &str| Event {
        kind,
        ..Event::new(at(time), text, at(time)).unwrap()
    };
    FoundHistory {
        series: vec![MinuteSeries {
            metric: Decisive::metric(&RuleId("full".into())),
            samples: samples.collect(),
        }],
        events: vec![
            event("2026-03-02T00:20:00Z", EventKind::Release, "v0.9 <b>|</b>"),
            event("2026-03-02T00:30:00Z", EventKind::Limit, "256 MB"),
        ],
    }
}

fn decisive() -> [Decisive; 2] {
    let one = |rule: &str, title: &str, unit, bad| Decisive {
        rule: RuleId(rule.into()),
        title: title.into(),
        unit,
        bad,
    };
    [
        one(
            "full",
            "Cache is nearly full",
            Unit::Percent,
            Bad::Above(0.9),
        ),
        one(
            "refused",
            "Cache refuses | writes",
            Unit::Count,
            Bad::At(1.0),
        ),
    ]
}

const UNWRITTEN: &str = "*Our team has not written this section yet.*";

/// Writes what is to be told into a file, in English and a zone.
fn written(text: &str, zone: &str) -> String {
    written_in(text, zone, Language::En)
}

/// Writes what is to be told into a file.
fn written_in(text: &str, zone: &str, language: Language) -> String {
    let document = Document::parse(text).unwrap();
    let incident = document.incident("2026-03-01-cache-is-full.md");
    let (found, decisive) = (found(), decisive());
    let zone = TimeZone::get(zone).unwrap();
    let end = due(&incident, now()).unwrap();
    let mut story = IncidentFacts {
        incident: &incident,
        end,
        range: picture::range(incident.date.unwrap(), end, now()),
        decisive: decisive.iter().collect(),
        found: &found,
        events: found.events.clone(),
        wording: &Wording::new(language, zone),
        pictured: false,
    };
    story.pictured = wants_picture(&document, &story);
    let written = write(&document, &story).unwrap();
    let again = written.incident("2026-03-01-cache-is-full.md");
    assert_eq!(due(&again, now()), None, "it is told once");
    assert_eq!(
        again.updates, incident.updates,
        "what is told is not an update"
    );
    String::from_utf8(written.bytes().to_vec()).unwrap()
}

/// The same file after the incident came back and was over again.
fn back(text: &str) -> String {
    text.replace("  noted:", "  recurrences: 1\n  noted:")
        .replace(
            "resolvedWhen: 2026-03-02T00:36:00Z",
            "resolvedWhen: 2026-03-02T00:55:00Z",
        )
        .replacen(
            "*Resolved*",
            "*Resolved* - Working again. {{< track \"2026-03-02 00:55:30\" >}}\n\n\
             *Investigating* - Failing again. {{< track \"2026-03-02 00:52:00\" >}}\n\n*Resolved*",
            1,
        )
}

#[test]
fn an_incident_that_is_over_tells_its_story_below_the_words_of_people() {
    let text = written(OVER, "UTC");
    assert!(text.contains(&OVER[OVER.find("*Resolved*").unwrap()..]));
    golden("afterwards.md", &text);
}

#[test]
fn the_times_are_in_the_zone_of_the_site_which_is_named() {
    let text = written(OVER, "Asia/Kolkata");
    assert!(
        text.contains("| IST | What happened |\n| --- | --- |\n| 2026-03-02 05:18 | First failing")
    );
    // Over a change of the clock each time that is not in the first zone says so.
    let changed = OVER
        .replace("date: 2026-03-01T23:48:00Z", "date: 2026-02-28T23:48:00Z")
        .replace("noted: \"2026-03-01T", "noted: \"2026-02-28T");
    assert!(written(&changed, "Europe/Berlin").contains("| CET | What happened |"));
}

#[test]
fn what_a_person_told_before_is_left_alone_and_noted() {
    for words in [
        "## Background\n\nA rush.\n",
        "# Post-mortem\n\nWe slept.\n",
        "## Hintergrund\n\nEin Ansturm.\n",
    ] {
        let own = format!("{OVER}\n{words}");
        let text = written(&own, "UTC");
        assert_eq!(
            text.replace(
                "  afterwards: true\n  timeline_until: \"2026-03-02T00:51:00Z\"\n",
                ""
            ),
            own
        );
    }
}

#[test]
fn the_line_ends_of_a_file_are_kept() {
    let text = written(&OVER.replace('\n', "\r\n"), "UTC");
    assert_eq!(text.replace("\r\n", "\n"), written(OVER, "UTC"));
    assert!(!text.replace("\r\n", "").contains('\n'));
}

#[test]
fn a_timeline_that_nobody_touched_is_written_anew_when_it_came_back() {
    let first = written(OVER, "UTC");
    let edited = first.replacen(UNWRITTEN, "A rush of players.", 1);
    let second = written(&back(&edited), "UTC");
    assert_eq!(second.matches("## Timeline").count(), 1);
    assert!(
        second.contains("A rush of players.")
            && second.contains("00:52 | Investigating: Failing again.")
    );
    assert_eq!(second.matches("What happened").count(), 1);
    assert!(second.contains("\n## Future solutions\n"));
}

#[test]
fn a_post_mortem_is_in_the_language_of_the_site_and_known_in_every_other() {
    let german = written_in(OVER, "UTC", Language::De);
    for words in [
        "## Hintergrund\n\n*Unser Team hat",
        "## Zeitlicher Ablauf\n\n| UTC | Was geschah |\n| --- | --- |\n",
        "| 2026-03-01 23:48 | Erste fehlerhafte Messung |",
        "| Messgröße | Schlechtester Wert | Wann | Grenzwert |",
        "| 2026-03-02 00:00 UTC | über 90 % |",
    ] {
        assert!(german.contains(words), "{words}: {german}");
    }
    assert!(!german.contains("What happened") && !german.contains('\u{a0}'));
    // The site speaks another language when it comes back.
    let later = written(&back(&german), "UTC");
    assert!(later.contains("## Hintergrund") && later.contains("| What happened |"));
    assert!(!later.contains("Was geschah") && !later.contains("(continued)"));
}

#[test]
fn a_timeline_that_a_person_touched_stays_and_a_second_one_goes_on() {
    let first = written(OVER, "UTC");
    let edited = first.replace("First failing measurement |", "A player wrote to us |");
    let second = written(&back(&edited), "UTC");
    assert!(second.contains("| 2026-03-01 23:48 | A player wrote to us |"));
    let continued = &second[second.find("## Timeline (continued)").unwrap()..];
    assert!(
        continued.contains("00:52:00 | Investigating: Failing again."),
        "{continued}"
    );
    assert!(!continued.contains("Working since") && !continued.contains("!["));
    // A third end rewrites the second one.
    let third = back(&second)
        .replace("recurrences: 1\n  noted", "noted")
        .replace("  recurrences: 1", "  recurrences: 2");
    let third = written(&third, "UTC");
    assert_eq!(third.matches("## Timeline (continued)").count(), 1);
}

#[test]
fn what_a_person_deleted_is_never_added_again() {
    let first = written(OVER, "UTC");
    let head = first.find("## Background").unwrap();
    let second = back(&first[..head]);
    let text = written(&second, "UTC");
    assert!(!text.contains("## "), "{text}");
}

#[test]
fn it_is_due_when_its_end_is_known_and_on_the_disk() {
    let check = |from: &str, to: &str, now: &str, expected: bool| {
        let incident = Document::parse(OVER.replace(from, to))
            .unwrap()
            .incident("a.md");
        assert_eq!(due(&incident, at(now)).is_some(), expected, "{to} at {now}");
    };
    check("", "", "2026-03-02T00:51:04Z", false);
    check("", "", "2026-03-02T00:51:05Z", true);
    check("draft: false", "draft: true", "2026-03-02T00:52:00Z", true);
    check(
        "resolved: true",
        "resolved: false",
        "2026-03-02T00:52:00Z",
        false,
    );
    check(
        "informational: false",
        "informational: true",
        "2026-03-02T00:52:00Z",
        false,
    );
    check(
        "rules: [full, refused]",
        "rules: []",
        "2026-03-02T00:52:00Z",
        false,
    );
    let end = "resolvedWhen: 2026-03-02T00:36:00Z";
    check(end, "resolvedWhen:", "2026-03-02T01:50:00Z", false);
    check(end, "resolvedWhen:", "2026-03-02T01:51:05Z", true);
    check(
        end,
        "resolvedWhen: 2026-02-02T00:36:00Z",
        "2026-03-02T01:51:05Z",
        false,
    );
}

#[test]
fn a_body_that_is_no_text_keeps_every_byte() {
    let head = OVER.find("*Resolved*").unwrap();
    let bytes = [&OVER.as_bytes()[..head], &b"caf\xe9 is full\n"[..]].concat();
    let document = Document::parse(bytes).unwrap();
    let incident = document.incident("a.md");
    let found = found();
    let story = IncidentFacts {
        incident: &incident,
        end: now(),
        range: (now(), now()),
        decisive: Vec::new(),
        found: &found,
        events: Vec::new(),
        wording: &Wording::default(),
        pictured: false,
    };
    assert!(!wants_picture(&document, &story));
    let written = write(&document, &story).unwrap();
    assert_eq!(written.body_bytes(), b"caf\xe9 is full\n");
    assert!(written.incident("a.md").managed.afterwards.is_some());
}

proptest! {
    #[test]
    fn no_word_of_a_person_is_lost_however_often_it_comes_back(
        words in "([a-z#*`~|<>{}\\[\\] -]{0,12}(\n|\r\n)?){0,12}",
        edit in 0..4_usize,
    ) {
        let head = OVER.find("*Resolved*").unwrap();
        let update = "*Resolved* - Done. {{< track \"2026-03-02 00:51:00\" >}}\n\n";
        let own = format!("{}{update}{words}", &OVER[..head]);
        let first = written(&own, "UTC");
        prop_assert!(first[first.find("*Resolved*").unwrap()..].starts_with(&own[head..]));
        let edited = match edit {
            0 => first.replacen("First failing", "My first failing", 1),
            1 => first.replacen(UNWRITTEN, "Mine.", 1),
            2 => first.replacen("## Timeline", "## Course", 1),
            _ => first.clone(),
        };
        let second = written(&back(&edited), "UTC");
        let lines = words.lines().filter(|line| !line.trim().is_empty());
        for line in lines {
            prop_assert!(second.contains(line), "{} is lost", line);
        }
        prop_assert!(!edited.contains("My first") || second.contains("My first failing"));
        prop_assert!(!edited.contains("Mine.") || second.contains("Mine."));
    }
}
