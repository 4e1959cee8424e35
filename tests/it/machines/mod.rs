//! What machines are told, from one board that holds every case.

mod calendars;
mod days;
mod described;
mod feeds;
mod revised;
mod statuspage;

use std::sync::Arc;

use critwatch::incident::file::document::Document;
use critwatch::incident::maintenance::progress;
use critwatch::model::board::{Board, Facts, Sight};
use critwatch::model::component::Component;
use critwatch::model::facts::uptime::Uptime;
use critwatch::model::incident::Incident;
use critwatch::model::verdict::RuleState;
use critwatch::web::formats::machines::address::MachineAddress;
use critwatch::web::site::{Names, View};
use critwatch::web::site_elements::CategoryNames;
use critwatch::web::table::answer::AnswerKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::golden::check;
use crate::world::fixtures;

pub(crate) fn now() -> Timestamp {
    "2026-03-01T19:00:00Z".parse().unwrap()
}

/// Every kind of file: open, past, draft, post, planned in each stage, and hostile.
pub(crate) const FILES: [(&str, &str); 10] = [
    (
        "2026-03-09-new-disks.md",
        "---\nsection: issue\ntitle: \"New disks; faster, safer\"\ndate: 2026-03-09T02:00:00Z\nresolved: false\n\
         resolvedWhen: 2026-03-09T04:00:00Z\nseverity: notice\naffected: [Cache, API]\n---\n\
         *Update* - It takes an hour longer. {{< track \"2026-02-28 12:00:00\" >}}\n\n\
         *Scheduled* - We move to **new** disks; expect a\nshort break. {{< track \"2026-02-27 12:00:00\" >}}\n",
    ),
    (
        "2026-03-05-called-off.md",
        "---\nsection: issue\ntitle: Called off\ndate: 2026-03-05T02:00:00Z\nresolved: true\n\
         resolvedWhen: 2026-03-05T02:00:00Z\nseverity: notice\naffected: [Worker]\n---\n\
         *Cancelled* - Not needed. {{< track \"2026-03-01 10:00:00\" >}}\n\n\
         *Scheduled* - A test. {{< track \"2026-02-26 12:00:00\" >}}\n",
    ),
    (
        "2026-03-01-rolls-fail.md",
        "---\nsection: issue\ntitle: \"Rolls <script>alert(1)</script> & \\\"more\\\"\\u0007\\u0000]]>\"\n\
         date: 2026-03-01T19:48:00+01:00\nresolved: false\nresolvedWhen:\nseverity: down\naffected: [API, \"Gone \\\"&\\\" <away>\"]\n---\n\
         *Identified* - A person <b>wrote</b> `<script>alert(2)</script>` [here](javascript:alert(1)). {{< track \"2026-03-01 18:55:00\" >}}\n\n\
         *Investigating* - The cache is full. {{< track \"2026-03-01 18:48:00\" >}}\n",
    ),
    (
        "2026-03-01-worker-update.md",
        "---\nsection: issue\ntitle: Worker update\ndate: 2026-03-01T18:30:00Z\nresolved: false\n\
         resolvedWhen: 2026-03-01T19:30:00Z\nseverity: notice\naffected: [Worker]\n---\n\
         *In progress* - It began. {{< track \"2026-03-01 18:30:00\" >}}\n\n\
         *Scheduled* - Soon. {{< track \"2026-02-28 18:30:00\" >}}\n",
    ),
    (
        "2026-03-01-secret.md",
        "---\nsection: issue\ntitle: Secret\nresolved: false\ndraft: true\nseverity: down\naffected: [Hidden]\n---\n",
    ),
    (
        "2026-02-20-a-post.md",
        "---\nsection: issue\ntitle: We moved house\ndate: 2026-02-20\ninformational: true\npin: true\n---\nWe are *here* now.\n",
    ),
    (
        "2026-02-10-done.md",
        "---\nsection: issue\ntitle: Older disks\ndate: 2026-02-10T02:00:00Z\nresolved: true\n\
         resolvedWhen: 2026-02-10T03:00:00Z\nseverity: notice\naffected: [Cache]\n---\n\
         *Completed* - Done. {{< track \"2026-02-10 03:00:00\" >}}\n\n*Scheduled* - Soon. {{< track \"2026-02-09 03:00:00\" >}}\n",
    ),
    (
        "2026-02-01-by-hand.md",
        "---\nsection: issue\ntitle: By hand\ndate: 2026-02-01 10:00:00\nresolved: yes\n\
         resolvedWhen: 2026-02-01 11:00:00\nseverity: Disrupted\naffected: [Blog]\n---\nAll of it was slow.\n",
    ),
    (
        "2026-01-01-no-section.md",
        "---\ntitle: A page that is no issue\ndate: 2026-01-01\n---\nText.\n",
    ),
    (
        "2023-01-19-cache-outage.md",
        include_str!("../../../incidents/2023-01-19-cache-outage.md"),
    ),
];

fn component(id: &str, name: &str, category: Option<&str>) -> (Component, Arc<Uptime>) {
    let component = Component {
        description: (id != "blog").then(|| format!("{name} & co")),
        category: category.map(str::to_owned),
        ..fixtures::component(id, name)
    };
    let uptime = Uptime {
        since: Some("2026-02-28T08:00:00Z".parse().unwrap()),
        ..Uptime::default()
    };
    (component, Arc::new(uptime))
}

fn incidents(files: &[(&str, &str)]) -> Vec<Arc<Incident>> {
    let read = |(name, text): &(&str, &str)| Document::parse(*text).unwrap().incident(name);
    files.iter().map(read).map(Arc::new).collect()
}

pub(crate) fn board(files: &[(&str, &str)], at: Timestamp) -> Board {
    let incidents = incidents(files);
    let unseen = fixtures::verdict("blog", "blog", RuleState::Unknown { since: at });
    Board::new(
        at,
        vec![
            component("api", "API", Some("Rolling")),
            component("cache", "Cache", Some("Rolling")),
            component("worker", "Worker", Some("Rolling")),
            component("blog", "Blog", None),
            component("home", "NFS /home", Some("Storage")),
        ],
        Facts {
            maintenance: progress::all(&incidents, at),
            incidents: Arc::new(incidents.into()),
            verdicts: vec![unseen],
            ..Facts::of(Sight::Unwatched)
        },
    )
}

pub(crate) fn names() -> Names {
    let category = |name: &str| CategoryNames {
        name: name.into(),
        description: (name == "Rolling").then(|| "All that rolls".into()),
        untitled: false,
        closed: name == "Storage",
    };
    Names {
        description: Some("Rolls <well>, *mostly*".into()),
        url: Some("https://status.example.org".into()),
        categories: vec![category("Rolling"), category("Storage")],
        ..Names::new("Dice & co", TimeZone::get("Europe/Berlin").unwrap())
    }
}

pub(crate) fn shown(board: &Board, names: &Names, path: &str) -> String {
    let view = View::new(names, board, board.at);
    let machine = MachineAddress::parse(path).unwrap_or_else(|| panic!("{path} is no machine's"));
    machine
        .show(&view)
        .unwrap()
        .unwrap_or_else(|| panic!("{path} is not there"))
}

pub(crate) fn show(path: &str) -> String {
    shown(&board(&FILES, now()), &names(), path)
}

pub(crate) fn json(path: &str) -> Value {
    serde_json::from_str(&show(path)).unwrap()
}

#[test]
fn every_machine_is_told_the_same_of_the_same_board() {
    for (golden, path) in [
        ("machine-index.json", "/index.json"),
        ("machine-issues.json", "/issues/index.json"),
        (
            "machine-issue.json",
            "/issues/2026-03-01-rolls-fail/index.json",
        ),
        ("machine-affected.json", "/affected/api/index.json"),
        ("machine-index.xml", "/index.xml"),
        ("machine-issues.xml", "/issues/index.xml"),
        ("machine-affected.xml", "/affected/worker/index.xml"),
        ("machine-index.svg", "/index.svg"),
        ("machine-affected.svg", "/affected/gone-away/index.svg"),
        ("machine-unknown.svg", "/affected/blog/index.svg"),
        ("machine-summary.json", "/api/v2/summary.json"),
        ("machine-status.json", "/api/v2/status.json"),
        ("machine-components.json", "/api/v2/components.json"),
        ("machine-incidents.json", "/api/v2/incidents.json"),
        (
            "machine-unresolved.json",
            "/api/v2/incidents/unresolved.json",
        ),
        (
            "machine-scheduled.json",
            "/api/v2/scheduled-maintenances.json",
        ),
        (
            "machine-upcoming.json",
            "/api/v2/scheduled-maintenances/upcoming.json",
        ),
        (
            "machine-active.json",
            "/api/v2/scheduled-maintenances/active.json",
        ),
        ("machine-feed.atom", "/feed.atom"),
        ("machine-history.atom", "/history.atom"),
        ("machine-history.rss", "/history.rss"),
        ("machine-calendar.ics", "/calendar.ics"),
        ("machine-shields.json", "/badge/api.json"),
        ("machine-robots.txt", "/robots.txt"),
        ("machine-sitemap.xml", "/sitemap.xml"),
        ("machine-embed.json", "/api/embed.json"),
        ("machine-embed.html", "/embed/"),
        ("machine-embed.css", "/embed.css"),
    ] {
        check(golden, &show(path).replace('\r', ""));
    }
}

#[test]
fn nothing_of_a_draft_and_nothing_that_runs_is_told() {
    let (board, names) = (board(&FILES, now()), names());
    let view = View::new(&names, &board, now());
    let all = MachineAddress::all(&view);
    assert!(all.len() > 50);
    for machine in all {
        let text = machine.show(&view).unwrap().unwrap();
        assert!(
            !text.contains("Secret") && !text.contains("Hidden") && !text.contains("javascript:"),
            "{machine:?}"
        );
        // A title in JSON is a text; what else is given on as HTML was cleaned.
        if machine.kind() != AnswerKind::Json {
            // Our own script keeps the page for frames true.
            let ours = "<script src=\"/embed.js\" data-show=\"frame\"></script>";
            let others = text.replace(ours, "");
            assert!(!others.contains("<script"), "{machine:?}: {text}");
            let allowed = |c: char| matches!(c, '\n' | '\r') || !c.is_control();
            assert!(text.chars().all(allowed), "{machine:?}");
        }
    }
    for path in [
        "/issues/2026-03-01-secret/index.json",
        "/affected/hidden/index.json",
    ] {
        assert!(
            MachineAddress::parse(path)
                .unwrap()
                .show(&view)
                .unwrap()
                .is_none(),
            "{path}"
        );
    }
}
