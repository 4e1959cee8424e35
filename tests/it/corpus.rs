//! Real incident files of real sites, where they are at hand.
//!
//! `CRITWATCH_CORPUS` names a folder of sites, `CRITWATCH_ORACLE` one of what
//! cState makes of them. Without them these tests say so and check nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use critwatch::config::cstate;
use critwatch::config::cstate::names::names_of;
use critwatch::config::cstate::site::CstateSite;
use critwatch::incident::file::document::Document;
use critwatch::incident::file::edit::Set;
use critwatch::model::board::{Board, Facts, Sight};
use critwatch::model::component::Severity;
use critwatch::model::incident::{Incident, Phase, Update};
use critwatch::web::formats::cstate::index;
use critwatch::web::site::View;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The folder that a variable names.
pub(crate) fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|folder| folder.is_dir());
    if folder.is_none() {
        eprintln!("{variable} names no folder: real sites are not checked");
    }
    folder
}

/// The sites of the corpus, by name.
pub(crate) fn sites(corpus: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut sites: Vec<_> = entries
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    sites.sort();
    sites
}

/// Every file below a folder that would be a page.
pub(crate) fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "md" || ending == "html")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn documents() -> Vec<(PathBuf, Vec<u8>, Document)> {
    let Some(corpus) = folder("CRITWATCH_CORPUS") else {
        return Vec::new();
    };
    let files = pages(&corpus);
    assert!(
        files.len() > 1_000,
        "the corpus is not whole: {} files",
        files.len()
    );
    files
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .filter_map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            let document = Document::parse(bytes.clone()).ok()?;
            Some((path, bytes, document))
        })
        .collect()
}

/// The lines that differ: how many of the old ones are gone, and the new ones.
fn difference<'a>(old: &'a [u8], new: &'a [u8]) -> (Vec<&'a [u8]>, Vec<&'a [u8]>) {
    fn lines(bytes: &[u8]) -> Vec<&[u8]> {
        bytes.split_inclusive(|byte| *byte == b'\n').collect()
    }
    let (old, new) = (lines(old), lines(new));
    let same = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    let (old, new) = (&old[same..], &new[same..]);
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    (
        old[..old.len() - tail].to_vec(),
        new[..new.len() - tail].to_vec(),
    )
}

#[test]
fn nothing_changed_is_the_same_bytes_and_one_key_changed_is_its_lines_alone() {
    let at = "2026-03-01T12:00:00Z".parse().unwrap();
    for (path, bytes, document) in documents() {
        assert_eq!(document.bytes(), bytes, "{}", path.display());
        let names = ["API".to_owned(), "Ü: x".to_owned()];
        let sets = [
            ("title", Set::Text("Quotes \" and: umlauts ü 🎲")),
            ("severity", Set::Text("down")),
            ("resolved", Set::Bool(true)),
            ("resolvedWhen", Set::Moment(at)),
            ("affected", Set::List(&names)),
        ];
        for (key, value) in sets {
            let mut changed = document.clone();
            if let Err(error) = changed.set(key, &value) {
                // Only a file without a head has no place for a key.
                assert!(
                    document.keys().next().is_none(),
                    "{}: {error}",
                    path.display()
                );
                continue;
            }
            let (gone, new) = difference(&bytes, changed.bytes());
            let is_own = |line: &[u8]| {
                let line = line.to_ascii_lowercase();
                line.starts_with(key.to_lowercase().as_bytes())
                    || line.starts_with(format!("\"{}", key.to_lowercase()).as_bytes())
                    || matches!(line.first(), Some(b' ' | b'-' | b'#' | b'\r' | b'\n'))
            };
            for line in gone.iter().chain(&new) {
                let line = String::from_utf8_lossy(line);
                assert!(is_own(line.as_bytes()), "{}: {key}: {line}", path.display());
            }
            let before = document.incident("a.md");
            let after = changed.incident("a.md");
            assert_eq!(after.body, before.body, "{}", path.display());
            if key != "title" {
                assert_eq!(after.title, before.title, "{}", path.display());
            }
        }
    }
}

#[test]
fn an_update_is_added_and_every_word_of_the_body_stays() {
    let at = "2026-03-01T12:00:00Z".parse().unwrap();
    for (path, bytes, document) in documents() {
        let mut changed = document.clone();
        changed.prepend(&Update::new(at, Phase::Monitoring, "It rolls again."));
        assert!(
            changed.bytes().ends_with(document.body_bytes()),
            "{}",
            path.display()
        );
        assert!(
            changed.bytes().starts_with(&bytes[..document.head().body]),
            "{}",
            path.display()
        );
        let again = Document::parse(changed.bytes()).unwrap().incident("a.md");
        assert_eq!(
            again.updates[0].text,
            "It rolls again.",
            "{}",
            path.display()
        );
        assert_eq!(
            again.updates.len(),
            document.incident("a.md").updates.len() + 1
        );
    }
}

/// The settings of a site.
fn settings(site: &Path) -> Option<CstateSite> {
    cstate::read(site).site
}

/// The incidents of a site by the name of their file.
fn incidents(site: &Path) -> BTreeMap<String, Incident> {
    let zone = settings(site).map_or(TimeZone::UTC, |site| names_of(&site).dates);
    let found = pages(&site.join("content")).into_iter().filter_map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let document = Document::parse(std::fs::read(&path).unwrap())
            .ok()?
            .in_zone(&zone);
        Some((name.clone(), document.incident(&name)))
    });
    found.collect()
}

#[test]
fn every_site_and_component_has_the_status_that_cstate_gives_it() {
    let (Some(corpus), Some(oracle)) = (folder("CRITWATCH_CORPUS"), folder("CRITWATCH_ORACLE"))
    else {
        return;
    };
    let (mut sites_compared, mut systems_compared) = (0, 0);
    for (name, site) in sites(&corpus) {
        let Some(index) = loose_json(&oracle.join(&name).join("index.json")) else {
            continue;
        };
        let settings = settings(&site).unwrap();
        let board = Board::new(
            Timestamp::UNIX_EPOCH,
            settings
                .components
                .iter()
                .map(|component| (component.clone(), Arc::default())),
            Facts {
                incidents: Arc::new(incidents(&site).into_values().map(Arc::new).collect()),
                ..Facts::of(Sight::Unwatched)
            },
        );
        let names = names_of(&settings);
        let view = View::new(&names, &board, Timestamp::UNIX_EPOCH);
        let ours = index::index(&view);
        assert_eq!(ours["summaryStatus"], index["summaryStatus"], "{name}");
        assert_eq!(ours["title"], index["title"], "{name}");
        let systems = index["systems"].as_array().unwrap();
        assert_eq!(
            ours["systems"].as_array().unwrap().len(),
            systems.len(),
            "{name}"
        );
        for (ours, theirs) in ours["systems"].as_array().unwrap().iter().zip(systems) {
            assert_eq!(ours["name"], theirs["name"], "{name}");
            assert_eq!(
                ours["status"], theirs["status"],
                "{name}: {}",
                theirs["name"]
            );
            systems_compared += 1;
        }
        sites_compared += 1;
    }
    assert!(
        sites_compared >= 10 && systems_compared > 100,
        "{sites_compared}, {systems_compared}"
    );
}

/// cState writes JSON without escaping; what cannot be read is left out.
pub(crate) fn loose_json(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    serde_json::from_str(&text)
        .or_else(|_| serde_json::from_str(&text.replace('\n', " ")))
        .ok()
}

/// A date as Go prints it.
fn go_date(text: &str) -> Option<Timestamp> {
    let mut parts = text.split(' ');
    let text = format!("{} {} {}", parts.next()?, parts.next()?, parts.next()?);
    critwatch::model::time::date::parse(&text, &TimeZone::UTC)
}

#[test]
fn every_incident_says_what_cstate_says_of_it() {
    let (Some(corpus), Some(oracle)) = (folder("CRITWATCH_CORPUS"), folder("CRITWATCH_ORACLE"))
    else {
        return;
    };
    let mut compared = 0;
    for (name, site) in sites(&corpus) {
        let Some(list) = loose_json(&oracle.join(&name).join("issues/index.json")) else {
            continue;
        };
        let incidents = incidents(&site);
        for page in list["pages"].as_array().unwrap() {
            let file = page["filename"].as_str().unwrap();
            let ours = &incidents[file];
            assert_eq!(ours.title, page["title"].as_str().unwrap(), "{name}/{file}");
            assert_eq!(
                ours.resolved.unwrap_or(false),
                page["resolved"].as_bool().unwrap(),
                "{name}/{file}"
            );
            let affected: Vec<_> = page["affected"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap())
                .collect();
            assert_eq!(ours.affected, affected, "{name}/{file}");
            let severity = page["severity"]
                .as_str()
                .filter(|word| *word != "<no value>");
            let known = severity.filter(|word| ["down", "disrupted", "notice"].contains(word));
            assert_eq!(ours.severity.map(Severity::word), known, "{name}/{file}");
            let date = page["createdAt"].as_str().and_then(go_date);
            let year_one = page["createdAt"]
                .as_str()
                .is_some_and(|date| date.starts_with("0001-"));
            assert_eq!(ours.date, date.filter(|_| !year_one), "{name}/{file}");
            assert_eq!(
                ours.informational,
                page["informational"].as_bool().unwrap(),
                "{name}/{file}"
            );
            let link = page["permalink"].as_str().unwrap();
            let slug = link.trim_end_matches('/').rsplit('/').next().unwrap();
            assert_eq!(
                critwatch::web::text::machine::address(&ours.id.0),
                slug,
                "{name}/{file}"
            );
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} incidents were compared");
}
