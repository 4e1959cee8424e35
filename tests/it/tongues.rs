//! A cState site in two languages: one incident, told in both.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use critwatch::config::cstate;
use critwatch::config::reading::reader::TableReader;
use critwatch::config::site::names;
use critwatch::incident::journal::Journal;
use critwatch::incident::journal::settings::JournalSettings;
use critwatch::incident::reconcile::input::Observed;
use critwatch::model::board::{Board, Facts, Sight};
use critwatch::web::export::folder::Export;
use critwatch::web::site::{Names, View};
use critwatch::web::table::Address;
use jiff::Timestamp;
use serde_json::Value;

use crate::browser::{Page, client};
use crate::world::PROGRAM;

const SETTINGS: &str = "title: Dice\nbaseURL: https://status.example.org\nlanguageCode: en\n\
    languages:\n  en: {languageName: English}\n  de: {languageName: Deutsch, title: Würfel}\n\
    params:\n  categories: [{name: Core}]\n  systems: [{name: API, category: Core}]\n";

const FILES: [(&str, &str); 5] = [
    (
        "issues/a.md",
        "---\nsection: issue\ntitle: Slow\ndate: 2026-03-01T12:00:00Z\nresolved: false\n\
        severity: disrupted\naffected: [API]\n---\nIt is slow.\n",
    ),
    (
        "issues/a.de.md",
        "---\nsection: issue\ntitle: Langsam\ndate: 2026-03-01T12:00:00Z\nresolved: true\n\
        resolvedWhen: 2026-03-01T13:00:00Z\nseverity: disrupted\naffected: [API]\n---\nEs ist langsam.\n",
    ),
    (
        "issues/b.md",
        "---\nsection: issue\ntitle: Over\ndate: 2026-02-01T12:00:00Z\nresolved: true\n\
        resolvedWhen: 2026-02-01T13:00:00Z\nseverity: down\naffected: [API]\n---\nIt was down.\n",
    ),
    ("pages/about.md", "---\ntitle: About\n---\nWe roll.\n"),
    ("pages/about.de.md", "---\ntitle: Wir\n---\nWir würfeln.\n"),
];

fn now() -> Timestamp {
    "2026-03-01T14:00:00Z".parse().unwrap()
}

fn folder() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("config.yml"), SETTINGS).unwrap();
    for (file, text) in FILES {
        let path = site.path().join("content").join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    site
}

async fn site() -> (Names, Board) {
    let folder = folder();
    let site = cstate::read(folder.path()).site.unwrap();
    let names = names(&mut TableReader::new([].into()), None, Some(&site))
        .unwrap()
        .names;
    let mut journal = Journal::new(JournalSettings {
        languages: names.cstate.languages.clone(),
        ..JournalSettings::new(site.incidents.clone())
    });
    let written = journal.step(Observed::of(&[], &[]), now()).await;
    let components = site.components.iter();
    let findings = Facts {
        incidents: written.incidents,
        ..Facts::of(Sight::Unwatched)
    };
    (
        names,
        Board::new(
            now(),
            components.map(|component| (component.clone(), Arc::default())),
            findings,
        ),
    )
}

fn show(names: &Names, board: &Board, path: &str) -> Option<String> {
    let made = Address::parse(path)?.render(&View::new(names, board, now()));
    Some(String::from_utf8(made.ok()?).unwrap())
}

#[tokio::test]
async fn two_files_of_one_incident_are_one_incident() {
    let (names, board) = site().await;
    let ids: Vec<_> = board.facts.incidents.iter().map(|one| &*one.id.0).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(board.active().count(), 1);
    let index = show(&names, &board, "/index.json").unwrap();
    let index: Value = serde_json::from_str(&index).unwrap();
    assert_eq!(
        index["systems"][0]["unresolvedIssues"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn pages_feeds_and_interfaces_speak_the_language_of_their_address() {
    let (names, board) = site().await;
    for (path, theirs, others) in [
        ("/", "Slow", "Langsam"),
        ("/de/", "Langsam", "Slow"),
        ("/issues/a/", "It is slow.", "Es ist langsam."),
        ("/de/issues/a/", "Es ist langsam.", "It is slow."),
        ("/de/issues/", "Langsam", "Slow"),
        ("/de/affected/api/", "Langsam", "Slow"),
        ("/index.xml", "It is slow.", "Es ist langsam."),
        ("/de/index.xml", "Es ist langsam.", "It is slow."),
        ("/de/issues/index.xml", "Es ist langsam.", "It is slow."),
        ("/de/feed.atom", "Es ist langsam.", "It is slow."),
        ("/de/issues/index.json", "Langsam", "Slow"),
        ("/de/index.json", "Würfel", "\"Dice\""),
        ("/de/issues/a/index.json", "Es ist langsam.", "It is slow."),
        ("/de/api/v2/incidents.json", "Langsam", "Slow"),
        ("/de/pages/about/", "Wir würfeln.", "We roll."),
        ("/pages/about/", "We roll.", "Wir würfeln."),
        // What nobody translated is better told in another language than not at all.
        ("/de/issues/b/", "It was down.", "Es ist"),
    ] {
        let shown = show(&names, &board, path).unwrap_or_else(|| panic!("no {path}"));
        assert!(shown.contains(theirs), "{path}: {shown}");
        assert!(!shown.contains(others), "{path}: {shown}");
    }
    let german = show(&names, &board, "/de/issues/index.json").unwrap();
    assert!(
        german.contains("https://status.example.org/de/issues/a/"),
        "{german}"
    );
    let page = show(&names, &board, "/de/issues/a/").unwrap();
    assert!(page.contains("<html lang=\"de\""), "{page}");
    assert!(
        page.contains("href=\"/\"") && page.contains("English"),
        "{page}"
    );
    for path in [
        "/fr/",
        "/fr/issues/a/",
        "/de/de/issues/a/",
        "/pages/about.de/",
    ] {
        assert!(show(&names, &board, path).is_none(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_language_is_served_and_exported() {
    let (names, board) = site().await;
    let place = tempfile::tempdir().unwrap();
    let view = View::new(&names, &board, now());
    let mut export = Export::open(place.path()).unwrap();
    export.run(&view, |_| true, &AtomicUsize::new(0)).unwrap();
    for file in [
        "de/index.html",
        "de/issues/a/index.html",
        "de/index.json",
        "de/feed.atom",
        "issues/a/index.html",
    ] {
        assert!(place.path().join(file).is_file(), "{file}");
    }
    assert!(!place.path().join("issues/a.de").exists());
    let page = Page::of(names, board).await;
    let ask = async |path: &str| {
        let answer = client()
            .get(format!("{}{path}", page.address))
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = ask("/de/issues/a/").await;
    assert!(
        status == 200 && text.contains("Es ist langsam."),
        "{status} {text}"
    );
    let (status, text) = ask("/de/issues/?q=langsam").await;
    assert!(status == 200 && text.contains("Langsam"), "{status} {text}");
    assert!(!text.contains("It was down"), "{text}");
    assert_eq!(ask("/fr/issues/?q=slow").await.0, 404);
    assert_eq!(ask("/fr/issues/a/").await.0, 404);
}

#[test]
fn commands_know_which_file_says_what_is_so() {
    let site = folder();
    let run = |words: &[&str]| {
        let cstate = ["--cstate", site.path().to_str().unwrap()];
        let output = Command::new(PROGRAM)
            .args(words)
            .args(cstate)
            .output()
            .unwrap();
        (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (list, said) = run(&["incident", "list", "--all"]);
    assert!(
        list.contains("  a  ") && !list.contains("Langsam"),
        "{list}{said}"
    );
    let (shown, said) = run(&["incident", "show", "a.de.md"]);
    assert!(
        shown.contains("Langsam") && said.contains("is a translation"),
        "{shown}{said}"
    );
    let (found, said) = run(&["check"]);
    let told = found
        .lines()
        .find(|line| line.contains("translation-differs"));
    let told = told.unwrap_or_else(|| panic!("{found}{said}"));
    assert!(
        told.contains("a.de.md") && told.contains("`resolved` is not as in `a.md`"),
        "{told}"
    );
}
