//! Feeds, as an independent reader reads them.

use std::collections::BTreeSet;
use std::time::Duration;

use critwatch::web::formats::machines::address::MachineAddress;
use critwatch::web::site::View;
use critwatch::web::table::answer::AnswerKind;
use jiff::Timestamp;
use serde_json::Value;

use crate::machines::{FILES, board, names, now, shown};

#[test]
fn every_feed_is_read_back_by_an_independent_reader() {
    let (board, names) = (board(&FILES, now()), names());
    let view = View::new(&names, &board, now());
    let mut read = 0;
    for machine in MachineAddress::all(&view) {
        if !matches!(machine.kind(), AnswerKind::Rss | AnswerKind::Atom) {
            continue;
        }
        let text = machine.show(&view).unwrap().unwrap();
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
        let ids: BTreeSet<_> = feed.entries.iter().map(|entry| &entry.id).collect();
        assert_eq!(ids.len(), feed.entries.len(), "{machine:?}");
        for entry in &feed.entries {
            let html = entry
                .content
                .as_ref()
                .and_then(|content| content.body.clone());
            let html = html.or_else(|| {
                entry
                    .summary
                    .as_ref()
                    .map(|summary| summary.content.clone())
            });
            let html = html.unwrap_or_default();
            assert!(
                !html.contains("<script") && !html.contains("javascript:"),
                "{html}"
            );
            assert!(
                entry.published.is_some() && !entry.links.is_empty(),
                "{machine:?}: {entry:?}"
            );
        }
        read += 1;
    }
    assert!(read >= 8, "{read}");
    let atom = feed_rs::parser::parse(shown(&board, &names, "/feed.atom").as_bytes()).unwrap();
    let hostile = atom
        .entries
        .iter()
        .find(|entry| entry.id.ends_with("rolls-fail/"))
        .unwrap();
    let title = &hostile.title.as_ref().unwrap().content;
    assert_eq!(title, "Rolls <script>alert(1)</script> & \"more\"]]>");
    // Every update of every public file has an entry.
    let updates = atom
        .entries
        .iter()
        .filter(|entry| entry.id.contains("#update-"));
    let of_files: usize = board
        .facts
        .incidents
        .iter()
        .filter(|file| file.is_public())
        .map(|file| file.updates.len())
        .sum();
    assert_eq!(updates.count(), of_files);
}

#[test]
fn an_entry_moves_when_something_is_written_and_keeps_its_name() {
    let feed = |text: &str, at: Timestamp| {
        let board = board(&[("2026-03-01-a.md", text)], at);
        feed_rs::parser::parse(shown(&board, &names(), "/feed.atom").as_bytes()).unwrap()
    };
    let head = "---\nsection: issue\ntitle: A\ndate: 2026-03-01T18:00:00Z\nresolved: false\nseverity: down\n---\n";
    let first = "*Investigating* - One. {{< track \"2026-03-01 18:00:00\" >}}\n";
    let before = feed(&format!("{head}{first}"), now());
    // Time alone changes nothing.
    let later = now() + Duration::from_secs(5);
    assert_eq!(feed(&format!("{head}{first}"), later), before);
    let second = "*Monitoring* - Two. {{< track \"2026-03-01 18:30:00\" >}}\n\n";
    let after = feed(&format!("{head}{second}{first}"), later);
    assert_eq!((before.entries.len(), after.entries.len()), (2, 3));
    let incident = |feed: &feed_rs::model::Feed| {
        let entry = feed
            .entries
            .iter()
            .find(|entry| !entry.id.contains('#'))
            .unwrap();
        (entry.id.clone(), entry.updated.unwrap().to_rfc3339())
    };
    let (id, updated) = incident(&after);
    assert_eq!(id, incident(&before).0);
    assert_eq!(updated, "2026-03-01T18:30:00+00:00");
    assert_eq!(incident(&before).1, "2026-03-01T18:00:00+00:00");
    assert_eq!(after.updated.unwrap().to_rfc3339(), updated);
    let old: BTreeSet<_> = before.entries.iter().map(|entry| &entry.id).collect();
    assert!(old.is_subset(&after.entries.iter().map(|entry| &entry.id).collect()));
}

#[test]
fn a_feed_of_ours_has_the_newest_fifty_and_one_of_cstates_all_of_bounded_length() {
    let files: Vec<_> = (0..200)
        .rev()
        .map(|day| {
            let date = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_hours(day * 24);
            let body = "*Update* - Much. {{< track \"2026-01-01 00:00:00\" >}}\n\n".to_owned() + "Long words. ".repeat(4_000).as_str();
            (format!("{day}.md"), format!("---\nsection: issue\ntitle: T\ndate: {date}\nresolved: true\nresolvedWhen: {date}\nseverity: down\n---\n{body}"))
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let board = board(&files, "2027-01-01T00:00:00Z".parse().unwrap());
    for (path, entries, bytes) in [
        ("/index.xml", 200, 5_000_000),
        ("/issues/index.xml", 200, 5_000_000),
        ("/feed.atom", 50, 800_000),
    ] {
        let text = shown(&board, &names(), path);
        assert!(text.len() < bytes, "{path}: {}", text.len());
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
        assert_eq!(feed.entries.len(), entries, "{path}");
        assert_eq!(
            feed.entries[0].id, "https://status.example.org/issues/199/",
            "{path}"
        );
    }
    let incidents: Value =
        serde_json::from_str(&shown(&board, &names(), "/api/v2/incidents.json")).unwrap();
    assert_eq!(incidents["incidents"].as_array().unwrap().len(), 50);
}
