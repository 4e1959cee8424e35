//! Pages, documents and messages of one fixed board.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use critwatch::incident::file::document::Document;
use critwatch::model::board::{Board, Facts, Outlook, Sight};
use critwatch::model::component::{Component, ComponentId, Health};
use critwatch::model::facts::detection::Honesty;
use critwatch::model::facts::provider_status::Related;
use critwatch::model::facts::uptime::{Day, DayTally, Uptime};
use critwatch::model::incident::{Incident, IncidentId};
use critwatch::model::incidents::list::Incidents;
use critwatch::model::series::measure::{ChartSpan, ChartState, Course, PublishedSeries};
use critwatch::model::series::minute::ChartBucket;
use critwatch::model::text::unit::Unit;
use critwatch::model::verdict::{RuleState, Verdict};
use critwatch::web::formats::cstate::index;
use critwatch::web::pages::archive::{ArchivePart, Search};
use critwatch::web::pages::{archive, charts, incident, status};
use critwatch::web::site::{Names, View};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::golden::check;
use crate::world::fixtures;

fn now() -> Timestamp {
    "2026-03-01T19:00:00Z".parse().unwrap()
}

const OPEN: &str = "---
section: issue
title: \"Rolls <b>fail</b> & \\\"more\\\"\"
date: 2026-03-01T18:48:00Z
resolved: false
draft: false
informational: false
resolvedWhen:
affected:
  - API
  - Cache
severity: down
critwatch:
  rules: [redis-oom-replies]
---
*Identified* - A person wrote <script>alert(1)</script> [here](javascript:alert(1)). {{< track \"2026-03-01 18:55:00\" >}}

*Investigating* - The cache is full. {{< track \"2026-03-01 18:48:00\" >}}
";

const PAST: &str = include_str!("../../../incidents/2023-01-19-cache-outage.md");

const HIDDEN: &str =
    "---\nsection: issue\ntitle: Secret\nresolved: false\ndraft: true\nseverity: down\n---\n";

fn incident(file: &str, text: &str) -> Incident {
    Document::parse(text).unwrap().incident(file)
}

fn component(id: &str, name: &str, category: Option<&str>) -> Component {
    Component {
        description: Some(format!("{name} & co")),
        category: category.map(str::to_owned),
        ..fixtures::component(id, name)
    }
}

fn verdict(component: &str, state: RuleState) -> Verdict {
    fixtures::verdict(&format!("{component}-rule"), component, state)
}

fn uptime() -> Arc<Uptime> {
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    let days = [
        DayTally {
            unknown: hours(23),
            maintenance: hours(1),
            ..DayTally::default()
        },
        DayTally {
            ok: hours(24),
            ..DayTally::default()
        },
        DayTally {
            ok: hours(12),
            down: hours(6),
            disrupted: hours(6),
            ..DayTally::default()
        },
    ];
    let total = DayTally {
        ok: hours(36),
        down: hours(6),
        disrupted: hours(6),
        unknown: hours(23),
        maintenance: hours(1),
    };
    let days = (27..).zip(days).map(|(day, tally)| Day {
        date: jiff::civil::date(2026, 2, day.min(28)),
        tally,
        incidents: Vec::new(),
        parts: Vec::new(),
    });
    Arc::new(Uptime {
        since: Some(now()),
        begun: Some(now() - Duration::from_hours(72)),
        days: days.collect(),
        periods: [total; 5],
    })
}

fn honesty() -> Arc<Honesty> {
    Arc::new(Honesty {
        watching: true,
        noticed: 3,
        median: Some(Duration::from_millis(1300)),
        worst: Some(Duration::from_secs(40)),
        false_clears: 1,
        withdrawn: 1,
        blind: Duration::from_mins(12),
        ..Honesty::default()
    })
}

fn board(seems_over: bool, sight: Sight) -> Board {
    let open = incident("2026-03-01-rolls-fail.md", OPEN);
    let outlooks = seems_over.then(|| {
        let outlook = Outlook {
            good_since: Some(now()),
            until: Some(now() + Duration::from_mins(15)),
            ..Outlook::default()
        };
        (open.id.clone(), outlook)
    });
    let since = now();
    Board::new(
        now(),
        vec![
            (component("api", "API", Some("Rolling")), uptime()),
            (component("cache", "Cache", Some("Rolling")), uptime()),
            (component("blog", "Blog", None), Arc::default()),
            (component("worker", "Worker", Some("Rolling")), uptime()),
        ],
        Facts {
            maintenance: Vec::new(),
            incidents: Arc::new(Incidents::new(vec![
                Arc::new(open),
                Arc::new(incident("2026-03-01-secret.md", HIDDEN)),
                Arc::new(incident("2023-01-19-cache-outage.md", PAST)),
            ])),
            outlooks: outlooks
                .into_iter()
                .collect::<BTreeMap<IncidentId, Outlook>>(),
            verdicts: vec![
                verdict("cache", RuleState::Firing { since }),
                verdict("worker", RuleState::Unknown { since }),
            ],
            related: vec![
                Related {
                    provider: "Cloud & co".into(),
                    health: Health::Disrupted,
                    title: "Slow <script>alert(1)</script> discs".into(),
                    since: Some(now() - Duration::from_mins(90)),
                    link: Some("https://status.example.net/incidents/1?a=\"b\"".into()),
                },
                Related {
                    provider: "Mail".into(),
                    health: Health::Notice,
                    title: "Reports a problem".into(),
                    since: None,
                    link: Some("javascript:alert(1)".into()),
                },
            ],
            honesty: honesty(),
            ..Facts::of(sight)
        },
    )
}

fn show<T>(board: &Board, page: impl FnOnce(&View<'_>) -> T) -> T {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let names = Names {
        description: Some("Rolls <well>, *mostly*".into()),
        url: Some("https://status.example.org".into()),
        ..Names::new("Dice & co", zone)
    };
    page(&View::new(&names, board, now()))
}

fn newest(view: &View<'_>) -> String {
    let page = archive::page(view, &ArchivePart::Newest(Search::default()));
    page.unwrap().unwrap()
}

fn fresh() -> Sight {
    Sight::Fresh {
        last: now() - Duration::from_secs(3),
    }
}

#[test]
fn the_first_page_of_an_outage() {
    check(
        "status-outage.html",
        &show(&board(false, fresh()), status::page).unwrap(),
    );
}

/// A figure of the last hour in which an incident began.
pub(crate) fn with_figure() -> Board {
    let (from, step) = (now() - Duration::from_hours(1), Duration::from_mins(1));
    let bucket = |minute: u32| ChartBucket {
        at: from + step * minute,
        min: f64::from(minute) / 10.0,
        mean: f64::from(minute) / 5.0,
        max: f64::from(minute) / 2.0,
    };
    let course = Course {
        from,
        until: now(),
        step,
        buckets: (20..60)
            .filter(|minute| *minute != 40)
            .map(bucket)
            .collect(),
    };
    let series = PublishedSeries {
        id: "wait".into(),
        title: "Waiting <time> & more".into(),
        unit: Unit::Seconds,
        warn: Some(5.0),
        bad: Some(20.0),
        components: vec![ComponentId("api".into())],
    };
    let state = ChartState {
        series,
        courses: [(ChartSpan::Hour, Arc::new(course))].into(),
        newest: Some((now() - Duration::from_secs(3), 0.12)),
    };
    Board {
        charts: Arc::new(vec![Arc::new(state)]),
        ..board(false, fresh())
    }
}

#[test]
fn the_page_of_a_figure() {
    let board = with_figure();
    let page = |id: &str| show(&board, |view| charts::page(view, id, ChartSpan::Hour));
    check("figure.html", &page("wait").unwrap().unwrap());
    assert!(page("other").is_none());
    // The figure of one component stands in its row.
    let first = show(&board, status::page).unwrap();
    assert!(first.contains("<span>Waiting &#60;time&#62; &#38; more</span>"));
    assert!(!first.contains("/figures/"));
    let list = show(&board, |view| charts::list(view, ChartSpan::Hour));
    let list = list.unwrap().unwrap();
    for words in [
        "href=\"/figures/wait/day/\"",
        "href=\"/figures/90-days/\"",
        "class=\"figure whole\"",
    ] {
        assert!(list.contains(words), "{words}");
    }
    let bare = self::board(false, fresh());
    assert!(show(&bare, |view| charts::list(view, ChartSpan::Day)).is_none());
}

#[test]
fn a_figure_tells_its_newest_value_and_not_the_mean_of_a_part() {
    let words = |newest: Option<(Timestamp, f64)>| {
        let mut board = with_figure();
        let charts = Arc::make_mut(&mut board.charts);
        Arc::make_mut(&mut charts[0]).newest = newest;
        let page = show(&board, |view| charts::page(view, "wait", ChartSpan::Hour));
        let page = page.unwrap().unwrap();
        let (_, words) = page.split_once("<figcaption class=\"quiet\">").unwrap();
        let (words, _) = words.split_once("</figcaption>").unwrap();
        let mut plain = String::new();
        let mut tag = false;
        for sign in words.chars() {
            tag = (tag || sign == '<') && sign != '>';
            if !tag && sign != '>' {
                plain.push(sign);
            }
        }
        plain.replace('\u{a0}', " ")
    };
    let ago = |seconds: u64| now() - Duration::from_secs(seconds);
    let fresh = words(Some((ago(3), 0.12)));
    assert_eq!(fresh, "Last hour · now 120 ms, 3 s ago");
    let old = words(Some((ago(600), 0.12)));
    assert!(old.starts_with("Last hour · no data since "), "{old}");
    // Known from before a restart alone, and until a moment ago.
    assert_eq!(words(None), "Last hour");
}

#[test]
fn the_first_page_of_an_outage_that_seems_over() {
    let page = show(&board(true, fresh()), status::page).unwrap();
    assert!(page.contains("Working again since 20:00. –"));
    assert!(page.contains("We are monitoring and will mark this resolved at about <time"));
}

#[test]
fn the_first_page_of_a_monitor_that_sees_nothing() {
    let page = show(&board(false, Sight::Blind { since: now() }), status::page).unwrap();
    assert!(page.contains("No data from our systems since"));
}

#[test]
fn a_hostile_incident_harms_nobody_and_a_draft_is_shown_to_nobody() {
    let board = board(false, fresh());
    let pages = [
        show(&board, status::page).unwrap(),
        show(&board, |view| incident::page(view, "2026-03-01-rolls-fail"))
            .unwrap()
            .unwrap(),
        show(&board, newest),
    ];
    for page in pages {
        let page = page.replace("<script src=\"/", "");
        assert!(
            !page.contains("<script") && !page.contains("javascript:") && !page.contains("<b>fail")
        );
        assert!(!page.contains("Secret"));
    }
    assert!(show(&board, |view| incident::page(view, "2026-03-01-secret")).is_none());
    assert!(!show(&board, index::index).to_string().contains("Secret"));
}

#[test]
fn the_page_of_an_incident() {
    let page = |slug| {
        show(&board(false, fresh()), |view| incident::page(view, slug))
            .unwrap()
            .unwrap()
    };
    check("incident-open.html", &page("2026-03-01-rolls-fail"));
    check("incident-past.html", &page("2023-01-19-cache-outage"));
}

#[test]
fn the_list_of_incidents() {
    check("incidents.html", &show(&board(false, fresh()), newest));
}

#[test]
fn the_status_api() {
    check(
        "index.json",
        &format!("{:#}", show(&board(false, fresh()), index::index)),
    );
}
