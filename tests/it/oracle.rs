//! Every value of cState's own outputs over real sites, against ours.
//!
//! `CRITWATCH_CORPUS` and `CRITWATCH_ORACLE` name the folders, as in `corpus.rs`.

use std::path::Path;
use std::sync::Arc;

use critwatch::config::cstate;
use critwatch::config::cstate::names::names_of;
use critwatch::incident::journal::Journal;
use critwatch::incident::journal::settings::JournalSettings;
use critwatch::incident::reconcile::input::Observed;
use critwatch::model::board::{Board, Facts, Sight};
use critwatch::web::formats::machines::address::MachineAddress;
use critwatch::web::site::{Names, View};
use jiff::Timestamp;
use serde_json::Value;

use crate::corpus::{folder, loose_json, pages, sites};

/// What depends on when and from what the site was built.
const OF_THE_BUILD: [&str; 4] = ["lastMod", "buildDate", "buildTime", "buildTimezone"];

/// A site as cState and we see it.
pub(crate) struct Site {
    name: String,
    pub(crate) names: Names,
    pub(crate) board: Board,
    theirs: std::path::PathBuf,
}

impl Site {
    fn show(&self, path: &str) -> Option<String> {
        let view = View::new(&self.names, &self.board, self.board.at);
        MachineAddress::parse(path)?.show(&view).unwrap()
    }

    /// Compares an address with cState's file of the same name.
    fn compare(&self, path: &str) -> usize {
        let place = format!("{}{path}", self.name);
        let Some(theirs) = loose_json(&self.theirs.join(&path[1..])) else {
            return 0;
        };
        let ours = self.show(path).unwrap_or_else(|| panic!("{place} is none"));
        let ours: Value = serde_json::from_str(&ours).unwrap();
        same(&theirs, &ours, &place);
        1
    }
}

async fn real_sites() -> Vec<Site> {
    let (Some(corpus), Some(oracle)) = (folder("CRITWATCH_CORPUS"), folder("CRITWATCH_ORACLE"))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, path) in sites(&corpus) {
        let theirs = oracle.join(&name);
        if theirs.join("index.xml").exists() {
            found.push(site(name, &path, theirs).await);
        }
    }
    assert!(found.len() >= 15, "only {} sites", found.len());
    found
}

pub(crate) async fn site(name: String, path: &Path, theirs: std::path::PathBuf) -> Site {
    let settings = cstate::read(path).site.unwrap();
    let names = names_of(&settings);
    // When the outputs were built; what was still to come then is none.
    let now: Timestamp = "2026-11-20T10:51:00Z".parse().unwrap();
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("issues");
    for file in pages(&settings.incidents) {
        let to = copy.join(file.strip_prefix(&settings.incidents).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&file, to).unwrap();
    }
    std::fs::create_dir_all(&copy).unwrap();
    let mut journal = Journal::new(JournalSettings {
        zone: names.zone.clone(),
        dates: names.dates.clone(),
        build_future: settings.build_future,
        ..JournalSettings::new(copy)
    });
    let written = journal.step(Observed::of(&[], &[]), now).await;
    let components = settings.components.iter();
    let findings = Facts {
        incidents: written.incidents,
        outlooks: written.outlooks,
        faults: written.faults,
        ..Facts::of(Sight::Unwatched)
    };
    Site {
        name,
        names,
        board: Board::new(
            now,
            components.map(|component| (component.clone(), Arc::default())),
            findings,
        ),
        theirs,
    }
}

/// Whether a value is cState's, or ours where cState's is none.
fn same(theirs: &Value, ours: &Value, place: &str) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (key, value) in theirs {
                if !OF_THE_BUILD.contains(&&**key) {
                    let own = ours.get(key).unwrap_or(&Value::Null);
                    key_is_same(key, value, own, &format!("{place}: {key}"));
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            assert_eq!(theirs.len(), ours.len(), "{place}");
            for (number, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                same(theirs, ours, &format!("{place}[{number}]"));
            }
        }
        _ => assert_eq!(theirs, ours, "{place}"),
    }
}

fn key_is_same(key: &str, theirs: &Value, ours: &Value, place: &str) {
    let text = theirs.as_str().unwrap_or_default();
    match key {
        // cState's own faults: a site without a brand, without a logo, with tabs.
        "colorBrand" | "googleAnalytics" | "link" if text == "<no value>" => {}
        "logo" if ours.is_null() => assert!(text.matches('/').count() == 2, "{place}: {text}"),
        "languageCodeHTML" if text.is_empty() => {}
        _ if text == "<no value>" => assert_eq!(*ours, Value::Null, "{place}"),
        _ if key.starts_with("color") => {
            let ours = ours.as_str().unwrap();
            assert!(ours.eq_ignore_ascii_case(text), "{place}: {text} {ours}");
        }
        "body" => assert_eq!(bare(text), bare(ours.as_str().unwrap()), "{place}"),
        // A line break in it makes their file no JSON; it is read as a blank.
        "description" => assert_eq!(
            words(text),
            words(ours.as_str().unwrap_or_default()),
            "{place}"
        ),
        _ => same(theirs, ours, place),
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of HTML, without tags and without the times of `track`, whose
/// form a site may choose.
pub(crate) fn bare(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    for (entity, letter) in [
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&hellip;", "…"),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, letter);
    }
    let mut out = String::new();
    let mut rest = &*text;
    // `(17:30 — Apr 13)` of theirs, `(13 April, 17:30 UTC)` of ours.
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        let time = after.split_once(')');
        let time = time.filter(|(inside, _)| {
            let ours = inside.starts_with(|sign: char| sign.is_ascii_digit())
                && inside.contains(", ")
                && inside.len() < 40;
            inside.contains(':') && (inside.contains('—') || ours)
        });
        if let Some((_, after)) = time {
            rest = after;
        } else {
            out.push('(');
            rest = after;
        }
    }
    out.push_str(rest);
    // Which quotation mark is curled which way is a matter of taste.
    let out = out
        .replace(['“', '”', '"'], "")
        .replace(['‘', '’', '\''], "");
    out.split_whitespace().collect()
}

#[tokio::test]
async fn every_value_of_cstates_json_is_ours() {
    let (mut compared, mut faults) = (0, Vec::new());
    let found = real_sites().await;
    for site in &found {
        let mut paths = vec!["/index.json".to_owned(), "/issues/index.json".to_owned()];
        let mut open = vec![site.theirs.join("affected"), site.theirs.join("issues")];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|ending| ending == "json") {
                    let path = path.strip_prefix(&site.theirs).unwrap();
                    paths.push(format!("/{}", path.display()));
                }
            }
        }
        for path in paths {
            let run = std::panic::AssertUnwindSafe(|| site.compare(&path));
            match std::panic::catch_unwind(run) {
                Ok(count) => compared += count,
                Err(_) => faults.push(format!("{}{path}", site.name)),
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(
        found.is_empty() || compared > 150,
        "only {compared} compared"
    );
}

/// A feed's items as `feed-rs` reads them; `None` where cState left it empty.
fn items(xml: &str) -> Option<feed_rs::model::Feed> {
    (!xml.trim().is_empty()).then(|| feed_rs::parser::parse(xml.as_bytes()).unwrap())
}

#[tokio::test]
async fn every_item_of_cstates_feeds_is_ours() {
    let mut compared = 0;
    let found = real_sites().await;
    for site in &found {
        let theirs = std::fs::read_to_string(site.theirs.join("index.xml")).unwrap();
        let ours = items(&site.show("/index.xml").unwrap()).unwrap();
        let Some(theirs) = items(&theirs) else {
            assert!(ours.entries.is_empty(), "{}", site.name);
            continue;
        };
        let name = &site.name;
        let text =
            |text: &Option<feed_rs::model::Text>| text.as_ref().map(|text| text.content.clone());
        assert_eq!(text(&ours.title), text(&theirs.title), "{name}");
        assert_eq!(text(&ours.description), text(&theirs.description), "{name}");
        assert_eq!(ours.links, theirs.links, "{name}");
        assert!(
            theirs.language.is_none() || ours.language == theirs.language,
            "{name}"
        );
        assert_eq!(ours.updated, theirs.updated, "{name}");
        assert_eq!(ours.entries.len(), theirs.entries.len(), "{name}");
        for (ours, theirs) in ours.entries.iter().zip(&theirs.entries) {
            let place = format!("{name}: {}", theirs.id);
            assert_eq!(ours.id, theirs.id, "{place}");
            assert_eq!(text(&ours.title), text(&theirs.title), "{place}");
            assert_eq!(ours.links, theirs.links, "{place}");
            assert_eq!(ours.published, theirs.published, "{place}");
            assert_eq!(ours.categories, theirs.categories, "{place}");
            let body = |text: &Option<feed_rs::model::Text>| {
                bare(
                    &text
                        .as_ref()
                        .map(|text| text.content.clone())
                        .unwrap_or_default(),
                )
            };
            assert_eq!(body(&ours.summary), body(&theirs.summary), "{place}");
            compared += 1;
        }
    }
    assert!(found.is_empty() || compared > 250, "only {compared}");
}

#[tokio::test]
async fn every_badge_of_cstate_says_what_ours_says() {
    /// The texts, the width of all and of the left part, the colour.
    fn says(svg: &str) -> (Vec<String>, Vec<String>, String) {
        let part = |from: &str, to: &str| -> Vec<String> {
            let parts = svg.split(from).skip(1);
            parts
                .map(|part| part.split(to).next().unwrap().to_owned())
                .collect()
        };
        let texts = part("<text ", "</text>").into_iter();
        // Theirs have a shadow each.
        let texts = texts.filter(|text| !text.contains("fill-opacity"));
        let texts = texts.map(|text| text.split_once('>').unwrap().1.to_owned());
        let width = part("width=\"", "ex\"")[..1].to_vec();
        let left: Vec<_> = part("<rect x=\"", "ex\"")
            .into_iter()
            .filter(|x| x.len() < 4)
            .collect();
        let right = svg
            .split("ex\" ")
            .find(|rest| rest.contains("fill=\"#") && rest.contains("100%"));
        let fill = right.and_then(|rest| rest.split("fill=\"").nth(1));
        let fill = fill
            .and_then(|fill| fill.split('"').next())
            .unwrap_or_default();
        (texts.collect(), [width, left].concat(), fill.to_lowercase())
    }
    for site in real_sites().await {
        let Ok(theirs) = std::fs::read_to_string(site.theirs.join("index.svg")) else {
            continue;
        };
        let theirs = says(&theirs);
        assert_eq!(theirs.0.len(), 2, "{theirs:?}");
        assert_eq!(
            says(&site.show("/index.svg").unwrap()),
            theirs,
            "{}",
            site.name
        );
    }
}
