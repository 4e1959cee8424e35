//! The settings that the chapters show load, and their tests of rules hold.

use std::collections::BTreeSet;
use std::process::Command;

use regex::Regex;

use crate::book::{blocks, document};
use crate::world::PROGRAM;

/// Chapters whose blocks make whole files, one after another.
const CHAPTERS: [&str; 7] = [
    "bullmq.md",
    "celery.md",
    "cookbook.md",
    "laravel.md",
    "quick-start.md",
    "scaling.md",
    "sidekiq.md",
];

/// One file of all blocks of a chapter: those that follow add to the first.
fn joined(blocks: &[String]) -> String {
    let mut text = String::new();
    for (number, block) in blocks.iter().enumerate() {
        if block.starts_with("[[collector.queue]]") {
            let url = "redis://127.0.0.1";
            let head =
                format!("[[collector]]\nid = 'of-{number}'\ntype = 'redis'\nurl = '{url}'\n");
            text.push_str(&head);
        }
        text.push_str(block);
        text.push('\n');
    }
    if !text.contains("[site]") {
        text.push_str("[site]\ntitle = 'D'\n");
    }
    for id in missing(&text) {
        let component = format!("[[component]]\nid = '{id}'\nname = '{id}'\n");
        text.push_str(&component);
    }
    text
}

/// Components that are named and not there.
fn missing(text: &str) -> BTreeSet<String> {
    let lists = Regex::new(r"(?m)^(?:components|concerns|needs) = \[([^\]]*)\]").unwrap();
    let component = Regex::new(r#"\[\[component\]\]\nid = "([^"]+)""#).unwrap();
    let names = lists.captures_iter(text).flat_map(|found| {
        let names = found[1]
            .split(',')
            .map(|name| name.trim().trim_matches('"').to_owned());
        names.collect::<Vec<_>>()
    });
    let there: BTreeSet<_> = component
        .captures_iter(text)
        .map(|found| found[1].to_owned())
        .collect();
    names.filter(|name| !there.contains(name)).collect()
}

#[test]
fn the_settings_of_every_chapter_load_and_its_tests_hold() {
    for chapter in CHAPTERS {
        let text = document(chapter);
        let place = tempfile::tempdir().unwrap();
        let settings = blocks(&text, "toml");
        assert!(!settings.is_empty(), "{chapter}");
        std::fs::write(place.path().join("alerts.toml"), joined(&settings)).unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        let run = |arguments: &[&str]| {
            let output = Command::new(PROGRAM)
                .args(arguments)
                .env("DISCORD_WEBHOOK", "https://discord.com/api/webhooks/1/a")
                .current_dir(place.path())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let wrong = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{chapter}\n{said}{wrong}");
        };
        run(&["check"]);
        for tests in blocks(&text, "yaml") {
            std::fs::write(place.path().join("alerts.test.yml"), tests).unwrap();
            run(&["rules", "test", "alerts.test.yml"]);
        }
    }
}
