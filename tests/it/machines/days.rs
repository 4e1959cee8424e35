//! A date without a time is a day, in every zone and wherever it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use critwatch::incident::file::document::Document;
use critwatch::incident::maintenance::progress;
use critwatch::model::board::{Board, Facts, Sight};
use critwatch::model::incident::Incident;
use critwatch::web::pages::archive::{self, ArchivePart};
use critwatch::web::pages::{incident, maintenance as works, status};
use critwatch::web::site::{Names, View};
use jiff::tz::TimeZone;

use crate::browser::{Browser, Page};
use crate::machines::{now, shown};
use crate::place::Place;

const FILES: [(&str, &str); 3] = [
    (
        "over.md",
        "---\nsection: issue\ntitle: Over\ndate: 2026-02-01\nresolved: true\nresolvedWhen: 2026-02-03\n\
         severity: down\naffected: [API]\n---\n*Resolved* - Well. {{< track \"2026-02-03\" >}}\n\n\
         It was mended. {{< track \"2026-02-02\" >}}\n",
    ),
    (
        "open.md",
        "---\nsection: issue\ntitle: Open\ndate: 2026-03-01\nresolved: false\nseverity: disrupted\n\
         affected: [API]\n---\nIt is slow.\n",
    ),
    (
        "work.md",
        "---\nsection: issue\ntitle: Work\ndate: 2026-03-20\nresolvedWhen: 2026-03-22\nresolved: false\n\
         severity: notice\naffected: [API]\n---\n*Scheduled* - New disks. {{< track \"2026-02-28 12:00:00\" >}}\n",
    ),
];

const ZONES: [&str; 4] = [
    "America/Los_Angeles",
    "UTC",
    "Europe/Berlin",
    "Pacific/Auckland",
];

/// The files on a site in a zone, whose dates without one are in UTC.
fn site(zone: &str) -> (Names, Board) {
    let zone = TimeZone::get(zone).unwrap();
    let read = |(name, text): (&str, &str)| -> Arc<Incident> {
        let document = Document::parse(text).unwrap().with_days_in(&zone);
        Arc::new(document.incident(name))
    };
    let incidents: Vec<_> = FILES.map(read).to_vec();
    let findings = Facts {
        maintenance: progress::all(&incidents, now()),
        incidents: Arc::new(incidents.into()),
        ..Facts::of(Sight::Unwatched)
    };
    let names = Names {
        url: Some("https://status.example.org".into()),
        ..Names::new("Dice", zone)
    };
    (names, Board::new(now(), [], findings))
}

#[test]
fn every_page_tells_the_day_and_no_time_of_it() {
    for zone in ZONES {
        let (names, board) = site(zone);
        let view = View::new(&names, &board, now());
        let over = incident::page(&view, "over").unwrap().unwrap();
        for day in ["2026-02-01", "2026-02-03"] {
            let told = format!("datetime=\"{day}\" data-at=\"day\"");
            assert!(over.contains(&told), "{zone}: {over}");
        }
        assert!(over.contains("(2 February)"), "{zone}: {over}");
        let lasted = "<dt>Lasted</dt><dd>2 days</dd>";
        assert!(over.contains(lasted), "{zone}: {over}");
        let first = status::page(&view).unwrap();
        assert!(
            first.contains("datetime=\"2026-03-01\" data-at=\"day\""),
            "{zone}: {first}"
        );
        assert!(
            !first.contains("data-since=\"2026-03-01"),
            "{zone}: {first}"
        );
        let planned = works::page(&view).unwrap();
        for day in ["2026-03-20", "2026-03-22"] {
            assert!(
                planned.contains(&format!("datetime=\"{day}\"")),
                "{zone}: {planned}"
            );
        }
        for path in ["2026/02", "2026/03"] {
            let part = ArchivePart::from_path(path).unwrap();
            assert!(archive::page(&view, &part).is_some(), "{zone}: {path}");
        }
        assert!(
            archive::page(&view, &ArchivePart::Month(2026, 1)).is_none(),
            "{zone}"
        );
        // The bars: what began on a day touches none before.
        let states = board.facts.incidents.iter();
        let began: Vec<_> = states.map(|one| one.date.unwrap()).collect();
        let days: Vec<_> = began
            .iter()
            .map(|at| {
                at.to_zoned(names.zone.clone())
                    .strftime("%F %T")
                    .to_string()
            })
            .collect();
        assert_eq!(
            days,
            [
                "2026-02-01 00:00:00",
                "2026-03-01 00:00:00",
                "2026-03-20 00:00:00"
            ]
        );
    }
}

#[test]
fn feeds_and_calendars_tell_the_day_to_readers_in_other_zones() {
    for zone in ZONES {
        let (names, board) = site(zone);
        let calendar = shown(&board, &names, "/calendar.ics");
        for line in ["DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260322"] {
            assert!(
                calendar.lines().any(|one| one == line),
                "{zone}: {calendar}"
            );
        }
        let feed = shown(&board, &names, "/feed.atom");
        let feed = feed_rs::parser::parse(feed.as_bytes()).unwrap();
        let published: BTreeMap<_, _> = feed
            .entries
            .iter()
            .map(|entry| (&*entry.links[0].href, entry.published.unwrap().to_rfc3339()))
            .collect();
        let open = &published["https://status.example.org/issues/open/"];
        let incidents = shown(&board, &names, "/api/v2/incidents.json");
        let incidents: serde_json::Value = serde_json::from_str(&incidents).unwrap();
        let mut all = incidents["incidents"].as_array().unwrap().iter();
        let listed = all.find(|one| one["name"] == "Open").unwrap();
        let started = listed["started_at"].as_str().unwrap();
        assert_eq!(listed["incident_updates"][0]["created_at"], started);
        for (what, text) in [("atom", &**open), ("statuspage", started)] {
            let at: jiff::Timestamp = text.parse().unwrap();
            let near: &[_] = match zone {
                "Pacific/Auckland" => &["Asia/Tokyo", "Pacific/Auckland"],
                _ => &["America/Los_Angeles", "UTC", "Europe/Berlin"],
            };
            for reader in near {
                let day = at.in_tz(reader).unwrap().date().to_string();
                assert_eq!(day, "2026-03-01", "{what} of {zone} in {reader}: {text}");
            }
        }
        // cState's own dialect has cState's moment.
        let rss = shown(&board, &names, "/index.xml");
        assert!(
            rss.contains("<pubDate>Sun, 01 Mar 2026 00:00:00 +0000</pubDate>"),
            "{rss}"
        );
    }
}

#[test]
fn commands_tell_the_day() {
    let place = Place::new();
    place.write("open.md", FILES[1].1);
    let settings = std::fs::read_to_string(place.path("alerts.toml")).unwrap();
    let zone = "timezone = 'America/Los_Angeles'\n[[component]]";
    let settings = settings.replacen("[[component]]", zone, 1);
    std::fs::write(place.path("alerts.toml"), settings).unwrap();
    let list = place.run(&["incident", "list"]);
    assert!(
        list.out.contains("  2026-03-01  open  "),
        "{}{}",
        list.out,
        list.said
    );
    let show = place.run(&["incident", "show", "open"]);
    assert!(
        show.out
            .lines()
            .any(|line| line.split_whitespace().eq(["since", "2026-03-01"])),
        "{}",
        show.out
    );
    assert_eq!(
        place.json(&["incident", "show", "open"])["date"],
        "2026-03-01"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_west_of_greenwich_shows_the_day_that_is_written() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (names, board) = site("UTC");
    let page = Page::of(names, board).await;
    browser.zone("America/Los_Angeles").await;
    browser.visit(&page.address).await;
    let told = browser
        .ask("return [...document.querySelectorAll('time')].map(e => e.textContent).join('|')")
        .await;
    let told = told.as_str().unwrap();
    for day in ["1 March", "20 March", "22 March", "1 February"] {
        assert!(told.split('|').any(|one| one == day), "{day}: {told}");
    }
    // A moment with a time is the visitor's.
    assert!(told.contains("28 February, 04:00"), "{told}");
    browser.quit().await;
}
