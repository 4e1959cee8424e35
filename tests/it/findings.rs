//! Findings in the files of real sites, and what `check` makes of files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use critwatch::incident::file::document::Document;
use critwatch::incident::findings::findings;
use critwatch::incident::findings::page::Checked;
use critwatch::incident::findings::repair::repair;
use critwatch::model::finding::{Finding, Weight};
use jiff::Timestamp;

use crate::corpus::{folder, pages, sites};
use crate::world::PROGRAM;

/// The names below `systems` of a site's settings, roughly read.
fn components(site: &Path) -> Vec<String> {
    let config = std::fs::read_to_string(site.join("config.yml")).unwrap_or_default();
    let below = config
        .lines()
        .skip_while(|line| line.trim() != "systems:")
        .skip(1);
    let names = below
        .take_while(|line| !line.trim_end().ends_with(':') || line.contains("- "))
        .filter_map(|line| {
            let line = line.trim().trim_start_matches("- ").trim();
            let name = line.strip_prefix("name:")?.trim();
            let name = name.split(" #").next().unwrap_or(name).trim();
            Some(name.trim_matches(['"', '\'']).to_owned())
        });
    names.collect()
}

/// Every finding of a site, in its present files and in its history.
fn site(place: &Path) -> (Vec<Finding>, usize) {
    let components = components(place);
    let scene = Checked {
        components: &components,
        rules: None,
        now: "2026-08-01T00:00:00Z".parse::<Timestamp>().unwrap(),
        build_future: true,
    };
    let mut found = Vec::new();
    let mut past = 0;
    for path in pages(place) {
        let name = path.strip_prefix(place).unwrap().to_str().unwrap();
        let Ok(document) = Document::parse(std::fs::read(&path).unwrap()) else {
            continue;
        };
        let here = findings(&document, name, scene);
        let repaired = repair(&document, &here);
        assert!(repaired.is_ok(), "{name}: {here:?}");
        if let Some(repaired) = repaired.unwrap() {
            assert_eq!(repaired.keys().count(), document.keys().count(), "{name}");
        }
        if name.starts_with("history/") {
            past += here.len();
        } else if name.contains("/issues/") {
            found.extend(here);
        }
    }
    (found, past)
}

#[test]
fn real_files_are_checked_without_a_crash_and_most_of_them_are_well() {
    let Some(corpus) = folder("CRITWATCH_CORPUS") else {
        return;
    };
    let mut kinds: BTreeMap<(&str, Weight), (usize, usize)> = BTreeMap::new();
    let (mut files, mut faulty) = (0, 0);
    for (name, place) in sites(&corpus) {
        let (found, past) = site(&place);
        eprintln!("{name}: {} now, {past} in the past", found.len());
        files += pages(&place.join("content")).len();
        let mut at_fault: Vec<_> = Vec::new();
        for finding in &found {
            if std::env::var_os("CRITWATCH_TELL").is_some() {
                eprintln!("    {finding}");
            }
            let count = kinds.entry((finding.kind, finding.weight)).or_default();
            count.0 += 1;
            count.1 += usize::from(finding.fix.is_some());
            if finding.weight == Weight::Fault {
                at_fault.push(finding.file.clone());
            }
        }
        at_fault.dedup();
        faulty += at_fault.len();
    }
    for ((kind, weight), (count, fixable)) in &kinds {
        eprintln!("{kind} {weight}: {count}, {fixable} with a repair");
    }
    assert!(
        files > 500 && faulty * 5 < files,
        "{faulty} of {files} files are at fault"
    );
    let count = |kind: &str| -> usize {
        let own = kinds.iter().filter(|((other, _), _)| *other == kind);
        own.map(|(_, (count, _))| count).sum()
    };
    assert!(count("end-before-start") > 10);
    assert_eq!(
        count("resolved-without-end"),
        0,
        "cState would not build it"
    );
    assert_eq!(count("affected-no-list"), 0, "cState would not build it");
    assert_eq!(count("not-utf8"), 0);
}

const HAND: &str = "---\nsection: issue\ntitle: Dice\ndate: 2026-03-01T12:00:00Z # noon\nresolved: yes\n\
    resolvedWhen: 2026-03-01T13:00:00Z\nseverity: Down\naffected:\n- api\n---\nText";

fn check(place: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .arg("check")
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap()
}

fn folder_with(alerts: &str, text: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    std::fs::write(place.path().join("incidents/a.md"), text).unwrap();
    place
}

const ALERTS: &str = "[site]\ntitle = 'Dice'\n[[component]]\nid = 'api'\nname = 'API'\n";

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn findings_are_lines_and_the_exit_code_tells_whether_one_is_a_fault() {
    let place = folder_with(ALERTS, HAND);
    let output = check(place.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = words(&output.stdout);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(
        lines[0].starts_with("incidents/a.md:5:11: warning: "),
        "{said}"
    );
    assert!(lines[1].ends_with(" [unknown-severity]"), "{said}");
    assert!(
        words(&output.stderr).contains("2 faults, 1 warning, 0 hints; --fix repairs 3 of them")
    );

    let mild = folder_with(ALERTS, &HAND.replace("Down", "down").replace("api", "API"));
    assert_eq!(check(mild.path(), &[]).status.code(), Some(0));
    assert_eq!(check(mild.path(), &["--strict"]).status.code(), Some(2));
}

#[test]
fn repairs_are_shown_first_and_change_their_own_words_only() {
    let place = folder_with(ALERTS, HAND);
    let file = place.path().join("incidents/a.md");
    let shown = check(place.path(), &["--fix", "--dry-run"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), HAND);
    let said = words(&shown.stdout);
    assert!(said.starts_with("--- incidents/a.md\n"), "{said}");
    assert!(
        said.contains("\n-resolved: yes\n+resolved: true\n"),
        "{said}"
    );

    let done = check(place.path(), &["--fix"]);
    assert_eq!(done.status.code(), Some(0), "{}", words(&done.stdout));
    let expected = HAND
        .replace("yes", "true")
        .replace("Down", "down")
        .replace("api", "API");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
    assert!(check(place.path(), &["--fix"]).stdout.is_empty());
}

#[test]
fn machines_get_settings_and_incidents_in_one_array() {
    let place = folder_with("[site]\ntitle = 'Dice'\ncolour = 1\n", HAND);
    let output = check(place.path(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["settings", "old-boolean", "unknown-severity"]);
    assert_eq!(found[0]["line"], 3);
    assert_eq!(found[2]["fix"]["what"], "write `down`");

    let output = check(place.path(), &[]);
    assert!(words(&output.stderr).contains("alerts.toml:3:1"));
    assert!(words(&output.stdout).contains("incidents/a.md:7:11: fault"));
}
