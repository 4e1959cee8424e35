//! What machines are told, from one board that holds every case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use critwatch::incident::document::Document;
use critwatch::incident::maintenance;
use critwatch::model::board::{Board, Findings, Sight};
use critwatch::model::component::{Component, ComponentId, Severity};
use critwatch::model::incident::Incident;
use critwatch::model::verdict::{Publish, RuleId, State, Verdict};
use critwatch::web;
use critwatch::web::machines::address::Machine;
use critwatch::web::site::{Category, Names, Site, View};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::sync::watch;

use crate::golden::check;

fn now() -> Timestamp {
    "2026-03-01T19:00:00Z".parse().unwrap()
}

/// Every kind of file: open, past, draft, post, planned in each stage, and hostile.
const FILES: [(&str, &str); 10] = [
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
        include_str!("../../incidents/2023-01-19-cache-outage.md"),
    ),
];

fn component(
    id: &str,
    name: &str,
    category: Option<&str>,
) -> (Component, Arc<critwatch::model::uptime::Uptime>) {
    let component = Component {
        id: ComponentId(id.into()),
        name: name.into(),
        description: (id != "blog").then(|| format!("{name} & co")),
        category: category.map(str::to_owned),
        needs: Vec::new(),
    };
    let uptime = critwatch::model::uptime::Uptime {
        since: Some("2026-02-28T08:00:00Z".parse().unwrap()),
        ..critwatch::model::uptime::Uptime::default()
    };
    (component, Arc::new(uptime))
}

fn incidents(files: &[(&str, &str)]) -> Vec<Arc<Incident>> {
    let read = |(name, text): &(&str, &str)| Document::parse(*text).unwrap().incident(name);
    files.iter().map(read).map(Arc::new).collect()
}

fn board(files: &[(&str, &str)], at: Timestamp) -> Board {
    let incidents = incidents(files);
    let unseen = Verdict {
        rule: RuleId("blog".into()),
        state: State::Unknown { since: at },
        severity: Severity::Down,
        components: vec![ComponentId("blog".into())],
        publish: Publish::Auto,
        title: String::new(),
        text: String::new(),
        evidence: Vec::new(),
    };
    Board::new(
        at,
        Findings {
            components: vec![
                component("api", "API", Some("Rolling")),
                component("cache", "Cache", Some("Rolling")),
                component("worker", "Worker", Some("Rolling")),
                component("blog", "Blog", None),
                component("home", "NFS /home", Some("Storage")),
            ],
            planned: maintenance::planned(incidents.iter().map(AsRef::as_ref), at),
            incidents: Arc::new(incidents),
            outlooks: BTreeMap::new(),
            verdicts: vec![unseen],
            faults: Arc::default(),
            related: Vec::new(),
            sight: Sight::Unwatched,
        },
    )
}

fn names() -> Names {
    let category = |name: &str| Category {
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

fn shown(board: &Board, names: &Names, path: &str) -> String {
    let view = View {
        names,
        board,
        now: board.at,
    };
    let machine = Machine::parse(path).unwrap_or_else(|| panic!("{path} is no machine's"));
    machine
        .show(&view)
        .unwrap()
        .unwrap_or_else(|| panic!("{path} is not there"))
}

fn show(path: &str) -> String {
    shown(&board(&FILES, now()), &names(), path)
}

fn json(path: &str) -> Value {
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
    let view = View {
        names: &names,
        board: &board,
        now: now(),
    };
    let all = Machine::all(&view);
    assert!(all.len() > 50);
    for machine in all {
        let text = machine.show(&view).unwrap().unwrap();
        assert!(
            !text.contains("Secret") && !text.contains("Hidden") && !text.contains("javascript:"),
            "{machine:?}"
        );
        // A title in JSON is a text; what else is given on as HTML was cleaned.
        if !machine.kind().contains("json") {
            assert!(!text.contains("<script"), "{machine:?}: {text}");
            let allowed = |c: char| matches!(c, '\n' | '\r') || !c.is_control();
            assert!(text.chars().all(allowed), "{machine:?}");
        }
    }
    for path in [
        "/issues/2026-03-01-secret/index.json",
        "/affected/hidden/index.json",
    ] {
        assert!(
            Machine::parse(path).unwrap().show(&view).unwrap().is_none(),
            "{path}"
        );
    }
}

#[test]
fn every_feed_is_read_back_by_an_independent_reader() {
    let (board, names) = (board(&FILES, now()), names());
    let view = View {
        names: &names,
        board: &board,
        now: now(),
    };
    let mut read = 0;
    for machine in Machine::all(&view) {
        if !machine.kind().contains("rss") && !machine.kind().contains("atom") {
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
    // Eight public files, five of which have two updates; one more has none.
    let updates = atom
        .entries
        .iter()
        .filter(|entry| entry.id.contains("#update-"));
    let of_files: usize = board
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
fn a_feed_has_no_more_than_the_newest_fifty() {
    let files: Vec<_> = (0..80)
        .rev()
        .map(|day| {
            let date = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_hours(day * 24);
            let body = "*Update* - Much. {{< track \"2026-01-01 00:00:00\" >}}\n\n".to_owned() + &"Long words. ".repeat(4_000);
            (format!("{day}.md"), format!("---\nsection: issue\ntitle: T\ndate: {date}\nresolved: true\nresolvedWhen: {date}\nseverity: down\n---\n{body}"))
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let board = board(&files, "2027-01-01T00:00:00Z".parse().unwrap());
    for path in ["/index.xml", "/issues/index.xml", "/feed.atom"] {
        let text = shown(&board, &names(), path);
        assert!(text.len() < 800_000, "{path}: {}", text.len());
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
        assert_eq!(feed.entries.len(), 50, "{path}");
        assert_eq!(
            feed.entries[0].id, "https://status.example.org/issues/79/",
            "{path}"
        );
    }
    let incidents: Value =
        serde_json::from_str(&shown(&board, &names(), "/api/v2/incidents.json")).unwrap();
    assert_eq!(incidents["incidents"].as_array().unwrap().len(), 50);
}

/// The events of a calendar by their UID, each property as an independent reader has it.
fn events(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let unfolded = icalendar::parser::unfold(text);
    let calendar = icalendar::parser::read_calendar(&unfolded).unwrap();
    let events = calendar
        .components
        .iter()
        .filter(|part| part.name == "VEVENT");
    events
        .map(|event| {
            let properties: BTreeMap<_, _> = event
                .properties
                .iter()
                .map(|property| (property.name.to_string(), property.val.to_string()))
                .collect();
            (properties["UID"].clone(), properties)
        })
        .collect()
}

#[test]
fn planned_work_is_in_the_calendar_as_an_independent_reader_has_it() {
    let text = show("/calendar.ics");
    assert!(text.lines().all(|line| line.len() <= 75));
    assert!(
        text.split('\n')
            .all(|line| line.is_empty() || line.ends_with('\r'))
    );
    let events = events(&text);
    let names: Vec<_> = events
        .keys()
        .map(|uid| uid.split('@').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "2026-02-10-done",
            "2026-03-01-worker-update",
            "2026-03-05-called-off",
            "2026-03-09-new-disks"
        ]
    );
    let disks = &events["2026-03-09-new-disks@status.example.org"];
    assert_eq!(
        (&*disks["DTSTART"], &*disks["DTEND"]),
        ("20260309T020000Z", "20260309T040000Z")
    );
    assert_eq!(
        (&*disks["SEQUENCE"], &*disks["DTSTAMP"]),
        ("2", "20260228T120000Z")
    );
    assert_eq!(disks["STATUS"], "CONFIRMED");
    let off = &events["2026-03-05-called-off@status.example.org"];
    assert_eq!((&*off["STATUS"], &*off["SEQUENCE"]), ("CANCELLED", "2"));
    assert!(!off.contains_key("DTEND"));
}

#[test]
fn a_changed_work_keeps_its_name_in_the_calendar_and_counts_on() {
    let (file, text) = FILES[0];
    let later = now() + Duration::from_secs(5);
    let events = |text: &str, at| {
        events(&shown(
            &board(&[(file, text)], at),
            &names(),
            "/calendar.ics",
        ))
    };
    let before = events(text, now());
    assert_eq!(events(text, later), before);
    let moved = text
        .replace("2026-03-09T02", "2026-03-10T02")
        .replace(
            "---\n*Update",
            "---\n*Cancelled* - No. {{< track \"2026-03-01 18:00:00\" >}}\n\n*Update",
        )
        .replace("resolved: false", "resolved: true");
    let after = events(&moved, later);
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    let event = after.values().next().unwrap();
    assert_eq!(
        (&*event["SEQUENCE"], &*event["DTSTAMP"]),
        ("3", "20260301T180000Z")
    );
    assert_eq!(event["STATUS"], "CANCELLED");
}

#[test]
fn a_calendar_without_work_can_be_read() {
    let text = shown(&board(&[], now()), &names(), "/calendar.ics");
    assert!(events(&text).is_empty() && text.contains("VTIMEZONE"));
}

/// What Statuspage documents, by where it stands.
const DOCUMENTED: [(&str, &[&str]); 7] = [
    ("page", &["id", "name", "url", "time_zone", "updated_at"]),
    ("status", &["indicator", "description"]),
    (
        "components",
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "position",
            "description",
            "showcase",
            "start_date",
            "group_id",
            "page_id",
            "group",
            "only_show_if_degraded",
        ],
    ),
    (
        "incidents",
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "monitoring_at",
            "resolved_at",
            "impact",
            "shortlink",
            "started_at",
            "page_id",
            "incident_updates",
            "components",
            "reminder_intervals",
        ],
    ),
    (
        "scheduled_maintenances",
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "monitoring_at",
            "resolved_at",
            "impact",
            "shortlink",
            "started_at",
            "page_id",
            "incident_updates",
            "components",
            "scheduled_for",
            "scheduled_until",
        ],
    ),
    (
        "incident_updates",
        &[
            "id",
            "status",
            "body",
            "incident_id",
            "created_at",
            "updated_at",
            "display_at",
            "affected_components",
            "deliver_notifications",
            "custom_tweet",
            "tweet_id",
        ],
    ),
    (
        "affected_components",
        &["code", "name", "old_status", "new_status"],
    ),
];

/// Looks for documented fields wherever a value has a documented name.
fn documented(key: &str, value: &Value, seen: &mut BTreeSet<&'static str>) {
    let entry = DOCUMENTED.iter().find(|(name, _)| *name == key);
    match value {
        Value::Array(items) => items.iter().for_each(|item| documented(key, item, seen)),
        Value::Object(fields) => {
            if let Some((name, documented)) = entry {
                seen.insert(name);
                for field in *documented {
                    assert!(
                        fields.contains_key(*field),
                        "{key} lacks {field}: {value:#}"
                    );
                }
            }
            for (name, value) in fields {
                documented(name, value, seen);
            }
        }
        _ => {}
    }
}

#[test]
fn every_documented_field_of_statuspage_is_there() {
    let mut seen = BTreeSet::new();
    for document in web::statuspage::Document::ALL {
        let value = json(document.path());
        assert!(value["page"].is_object(), "{document:?}");
        for (key, value) in value.as_object().unwrap() {
            documented(key, value, &mut seen);
        }
    }
    assert_eq!(seen.len(), DOCUMENTED.len(), "{seen:?}");
}

#[test]
fn statuspage_is_told_what_is_true_in_its_words() {
    let summary = json("/api/v2/summary.json");
    let status = |name: &str| {
        let components = summary["components"].as_array().unwrap();
        let found = components
            .iter()
            .find(|component| component["name"] == name)
            .unwrap();
        found["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status("API"), "major_outage");
    assert_eq!(status("Worker"), "under_maintenance");
    // What we cannot see is never operational.
    assert_eq!(status("Blog"), "degraded_performance");
    assert_eq!(status("NFS /home"), "operational");
    assert_eq!(status("Rolling"), "major_outage");
    assert_eq!(summary["status"]["indicator"], "critical");
    let titles = |key: &str| -> Vec<String> {
        let list = summary[key].as_array().unwrap().iter();
        list.map(|one| one["name"].as_str().unwrap()[..5].to_owned())
            .collect()
    };
    assert_eq!(titles("incidents"), ["Rolls"]);
    assert_eq!(titles("scheduled_maintenances"), ["Worke", "New d"]);
    let all = json("/api/v2/incidents.json");
    assert_eq!(
        all["incidents"].as_array().unwrap().len(),
        3,
        "posts and planned work are none"
    );
    let unseen = board(&[], now());
    let alone: Value =
        serde_json::from_str(&shown(&unseen, &names(), "/api/v2/status.json")).unwrap();
    assert_eq!(alone["status"]["indicator"], "minor");
}

/// Every reference of a description leads to what it names.
fn described() -> Value {
    json("/api/openapi.json")
}

fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// The public listener's routes on a free port.
async fn serve(board: Board) -> String {
    let (sender, boards) = watch::channel(Arc::new(board));
    let routes = web::routes(Site::new(names(), boards));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        axum::serve(listener, routes).await.unwrap();
        drop(sender);
    });
    format!("http://{address}")
}

#[tokio::test]
async fn every_described_address_answers_as_described_and_none_is_undescribed() {
    let document = described();
    let (board, names) = (board(&FILES, now()), names());
    let view = View {
        names: &names,
        board: &board,
        now: now(),
    };
    let machines = Machine::all(&view);
    let url = serve(board.clone()).await;
    let client = critwatch::runtime::client::new(Duration::from_secs(5), true).unwrap();
    let mut asked = BTreeSet::new();
    for machine in machines {
        let pattern = machine.pattern();
        let answer = &document["paths"][pattern]["get"]["responses"]["200"]["content"];
        let answer = answer
            .as_object()
            .unwrap_or_else(|| panic!("{pattern} is not described"));
        let (kind, content) = answer.iter().next().unwrap();
        let response = client
            .get(format!("{url}{}", machine.path()))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{machine:?}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), *kind, "{machine:?}");
        assert_eq!(header("access-control-allow-origin"), "*", "{machine:?}");
        let policy = header("content-security-policy");
        let framed = policy.contains("frame-ancestors *");
        assert_eq!(
            framed,
            machine == Machine::EmbedFrame,
            "{machine:?}: {policy}"
        );
        let text = response.text().await.unwrap();
        if kind == "application/json" {
            let value: Value = serde_json::from_str(&text).unwrap();
            let validator = validator(&document, &content["schema"]);
            let faults: Vec<_> = validator
                .iter_errors(&value)
                .map(|error| format!("{error} at {}", error.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{machine:?}: {faults:#?}");
        }
        asked.insert(pattern);
    }
    let paths = document["paths"].as_object().unwrap();
    let described: BTreeSet<_> = paths.keys().map(String::as_str).collect();
    assert_eq!(asked, described);
}

#[tokio::test]
async fn machines_may_be_read_from_any_site_and_nothing_else_may_be_done() {
    let url = serve(board(&FILES, now())).await;
    let client = critwatch::runtime::client::new(Duration::from_secs(5), true).unwrap();
    let ask = async |method: reqwest::Method, path: &str| {
        let request = client.request(method, format!("{url}{path}"));
        let request = request.header("origin", "https://elsewhere.example.org");
        let response = request
            .header("access-control-request-method", "GET")
            .send()
            .await
            .unwrap();
        let open = response
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap().to_owned());
        (
            response.status().as_u16(),
            open,
            response.text().await.unwrap(),
        )
    };
    let open = Some("*".to_owned());
    let (status, origin, body) = ask(reqwest::Method::OPTIONS, "/api/v2/summary.json").await;
    assert_eq!((status, origin, &*body), (204, open.clone(), ""));
    let (status, origin, body) = ask(reqwest::Method::HEAD, "/feed.atom").await;
    assert_eq!((status, origin, &*body), (200, open.clone(), ""));
    let (status, origin, _) = ask(reqwest::Method::POST, "/index.json").await;
    assert_eq!((status, origin), (405, open.clone()));
    let (status, origin, _) = ask(reqwest::Method::GET, "/affected/nothing/index.json").await;
    assert_eq!((status, origin), (404, open));
    // Pages are for people on the page itself.
    let (status, origin, _) = ask(reqwest::Method::GET, "/").await;
    assert_eq!((status, origin), (200, None));
}

#[test]
fn what_is_only_planned_changes_nothing_in_statuspages_words() {
    let at = |files: &[(&str, &str)], text: &str| -> Value {
        let mut board = board(files, text.parse().unwrap());
        board
            .components
            .retain(|state| state.component.id.0 != "blog");
        board.health = board
            .components
            .iter()
            .map(|state| state.health)
            .max()
            .unwrap();
        serde_json::from_str(&shown(&board, &names(), "/api/v2/summary.json")).unwrap()
    };
    let told = |summary: &Value| {
        let components = summary["components"].as_array().unwrap();
        let cache = components
            .iter()
            .find(|component| component["name"] == "Cache")
            .unwrap();
        let words = [&cache["status"], &summary["status"]["indicator"]];
        words.map(|word| word.as_str().unwrap().to_owned())
    };
    let disks = &FILES[..1];
    assert_eq!(
        told(&at(disks, "2026-03-01T19:00:00Z")),
        ["operational", "none"]
    );
    assert_eq!(
        told(&at(disks, "2026-03-09T03:00:00Z")),
        ["under_maintenance", "maintenance"]
    );
    let notice = [(
        "2026-03-01-slow.md",
        "---\nsection: issue\ntitle: Slow\ndate: 2026-03-01\nresolved: false\nseverity: notice\naffected: [Cache]\n---\nSlow.\n",
    )];
    assert_eq!(
        told(&at(&notice, "2026-03-01T19:00:00Z")),
        ["degraded_performance", "minor"]
    );
}
