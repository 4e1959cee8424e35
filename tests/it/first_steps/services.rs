//! `critwatch import statuspage` and its kin, by the forms that they document.

use serde_json::Value;

use crate::place::Place;

/// Imports texts as files; the report.
fn import(place: &Place, source: &str, files: &[(&str, &str)], more: &[&str]) -> Value {
    let mut arguments = vec!["import", source];
    for (name, text) in files {
        std::fs::write(place.path(name), text).unwrap();
        arguments.push(name);
    }
    arguments.extend(["--out", "page"]);
    arguments.extend(more);
    place.json(&arguments)
}

fn settings(place: &Place) -> String {
    std::fs::read_to_string(place.path("page/alerts.toml")).unwrap()
}

/// The incident files, and that `check` has nothing to say of all that was written.
fn incidents(place: &Place) -> Vec<(String, String)> {
    let arguments = [
        "--config",
        "page/alerts.toml",
        "--incidents",
        "page/incidents",
    ];
    let done = place.run(&[&["check", "--strict"][..], &arguments].concat());
    assert_eq!(done.code, 0, "{}{}", done.out, done.said);
    crate::world::files(&place.path("page/incidents"))
}

fn left(report: &Value) -> String {
    let findings = report["findings"].as_array().unwrap().iter();
    let lines = findings.map(|one| {
        let (file, message) = (
            one["file"].as_str().unwrap(),
            one["message"].as_str().unwrap(),
        );
        format!("{file}:{} {message}\n", one["line"])
    });
    lines.collect()
}

fn all(text: &str, words: &[&str]) {
    for words in words {
        assert!(text.contains(words), "{words}: {text}");
    }
}

const STATUSPAGE: &str = r#"{
  "page": { "id": "p", "name": "Dice", "url": "https://status.dice.example" },
  "components": [
    { "id": "g", "name": "Backend", "group": true },
    { "id": "c1", "name": "API", "status": "operational", "group": false, "group_id": "g", "description": "What ${others} call" },
    { "id": "c2", "name": "Website", "status": "operational", "group_id": null }
  ],
  "incidents": [{
    "id": "i1", "name": "API is down", "status": "postmortem", "impact": "critical",
    "created_at": "2024-05-01T10:00:00.000-07:00", "resolved_at": "2024-05-01T11:30:00.000-07:00",
    "components": [{ "id": "c1", "name": "API" }], "postmortem_body": "It was the disk.",
    "incident_updates": [
      { "status": "resolved", "body": "Fixed.", "display_at": "2024-05-01T11:30:00.000-07:00" },
      { "status": "investigating", "body": "We look<br />into {{< it >}}.", "display_at": "2024-05-01T10:00:00.000-07:00" }
    ]
  }],
  "scheduled_maintenances": [{
    "id": "m1", "name": "New disks", "status": "completed", "impact": "maintenance",
    "created_at": "2024-05-02T10:00:00Z", "scheduled_for": "2024-05-03T10:00:00Z", "scheduled_until": "2024-05-03T11:00:00Z",
    "components": [{ "id": "c1", "name": "API" }],
    "incident_updates": [
      { "status": "completed", "body": "Done.", "display_at": "2024-05-03T11:00:00Z" },
      { "status": "scheduled", "body": "We change disks.", "display_at": "2024-05-02T10:00:00Z" }
    ]
  }]
}"#;

#[test]
fn statuspage_gives_components_history_and_readers() {
    let place = Place::new();
    let readers =
        "Email,Quarantined at,Components\nann@example.org,,c1\nbob@example.org,2024-01-01,\n";
    let files = [("all.json", STATUSPAGE), ("readers.csv", readers)];
    let report = import(&place, "statuspage", &files, &["--state", "state"]);
    assert_eq!(
        (
            &report["components"],
            &report["incidents"],
            &report["subscribers"]
        ),
        (&2.into(), &2.into(), &1.into()),
        "{report:#}"
    );
    assert!(left(&report).contains("readers.csv:3"), "{report:#}");
    all(
        &settings(&place),
        &[
            "title = \"Dice\"",
            "category = \"Backend\"",
            "What $ {others} call",
        ],
    );
    let files = incidents(&place);
    let names: Vec<_> = files.iter().map(|(name, _)| &**name).collect();
    assert_eq!(
        names,
        ["2024-05-01-api-is-down.md", "2024-05-03-new-disks.md"]
    );
    all(
        &files[0].1,
        &[
            "date: 2024-05-01T17:00:00Z",
            "resolvedWhen: 2024-05-01T18:30:00Z",
            "severity: down",
            "*Resolved* - Fixed. {{< track \"2024-05-01 18:30:00\" >}}",
            "into { {< it >}}.",
            "## Post-mortem\n\nIt was the disk.",
        ],
    );
    all(
        &files[1].1,
        &[
            "severity: notice",
            "*Scheduled* - We change disks.",
            "*Completed* - Done.",
        ],
    );
    let listed = place.json(&["subscriber", "list", "--state", "state"]);
    assert_eq!(
        listed["subscribers"][0]["components"],
        serde_json::json!(["backend-api"])
    );
}

const KUMA: &str = r#"{
  "version": "1.23.11",
  "notificationList": [{ "id": 1, "name": "Team chat", "config": "{\"token\":\"hunter2\"}" }],
  "monitorList": [
    { "id": 1, "name": "Shop", "type": "group", "active": 1 },
    { "id": 2, "name": "Front page", "type": "keyword", "url": "https://shop.example/", "keyword": "Buy (now)", "parent": 1,
      "interval": 20, "maxretries": 2, "retryInterval": 30, "timeout": 16, "active": true, "method": "GET",
      "accepted_statuscodes": ["200-299", "301"], "expiryNotification": true },
    { "id": 3, "name": "Mail", "type": "port", "hostname": "mail.shop.example", "port": 25, "interval": 60, "active": 1 },
    { "id": 4, "name": "Backup", "type": "push", "interval": 86400, "active": 1 },
    { "id": 5, "name": "Old", "type": "http", "url": "https://old.example/", "active": 0 },
    { "id": 6, "name": "Ping", "type": "ping", "hostname": "h", "active": 1 },
    { "id": 7, "name": "Secret", "type": "http", "url": "https://a.example/", "active": 1, "basic_auth_pass": "hunter2" }
  ]
}"#;

#[test]
fn uptime_kuma_gives_monitors_and_no_secret() {
    let place = Place::new();
    let report = import(&place, "uptime-kuma", &[("backup.json", KUMA)], &[]);
    assert_eq!(
        (&report["probes"], &report["heartbeats"]),
        (&2.into(), &1.into()),
        "{report:#}"
    );
    let text = settings(&place);
    all(
        &text,
        &[
            "url = \"https://shop.example/\"",
            "body = 'Buy \\(now\\)'",
            "status = [\"2xx\", 301]",
            "for = \"1m\"",
            "category = \"Shop\"",
            "address = \"mail.shop.example:25\"",
            "heartbeat_age_seconds{name=\"backup\"} > 172800",
            "\n\n# Each job reports a successful run to the operators' listener (docs/alerts.md):\n\
            # curl -fsS -X POST http://127.0.0.1:9180/api/v1/heartbeat/NAME\n[[collector]]",
        ],
    );
    assert!(incidents(&place).is_empty());
    let left = left(&report);
    all(
        &left,
        &[
            "`Old` is paused",
            "`Ping` is skipped",
            "`Secret` is skipped",
            "`Team chat` contains secrets",
        ],
    );
    assert!(!text.contains("hunter2") && !left.contains("hunter2"));
}

const GATUS: &str = r#"
ui:
  header: Shop
alerting:
  slack: { webhook-url: "https://hooks.example/hunter2" }
endpoints:
  - name: front
    group: web
    url: "https://shop.example/health"
    interval: 30s
    conditions:
      - "[STATUS] == 200"
      - "[BODY].status == UP"
      - "[RESPONSE_TIME] < 500"
      - "[CERTIFICATE_EXPIRATION] > 48h"
      - "len([BODY].list) > 5"
    alerts:
      - { type: slack, failure-threshold: 4 }
  - { name: db, url: "tcp://db.shop.example:5432", conditions: ["[CONNECTED] == true"] }
  - { name: socket, url: "wss://shop.example/ws", conditions: ["[CONNECTED] == true"] }
  - { name: names, url: "8.8.8.8", dns: { query-name: a, query-type: A }, conditions: [] }
  - { name: off, url: "https://off.example", enabled: false, conditions: [] }
external-endpoints:
  - { name: nightly, token: hunter2, heartbeat: { interval: 24h } }
"#;

#[test]
fn gatus_gives_endpoints_with_their_conditions() {
    let place = Place::new();
    let report = import(&place, "gatus", &[("config.yaml", GATUS)], &[]);
    assert_eq!(
        (&report["probes"], &report["heartbeats"]),
        (&3.into(), &1.into()),
        "{report:#}"
    );
    let text = settings(&place);
    all(
        &text,
        &[
            "title = \"Shop\"",
            "status = 200",
            "pointer = \"/status\"",
            "equals = \"UP\"",
            "for = \"1m30s\"",
            "probe_duration_seconds{job=\"web-front\"} > 0.5",
            "- time() < 172800",
            "address = \"db.shop.example:5432\"",
            "url = \"wss://shop.example/ws\"",
        ],
    );
    assert!(incidents(&place).is_empty());
    let left = left(&report);
    all(
        &left,
        &[
            "config.yaml:7 `front`",
            "`len([BODY].list) > 5`",
            "`names` is skipped",
            "`off` is not enabled",
            "alerting by `slack`",
        ],
    );
    assert!(!text.contains("hunter2") && !left.contains("hunter2"));
    std::fs::write(place.path("bad.yaml"), "endpoints:\n  - name: [\n").unwrap();
    let done = place.run(&["import", "gatus", "bad.yaml", "--out", "other"]);
    assert_eq!(done.code, 2);
    assert!(done.said.contains("bad.yaml:"), "{}", done.said);
}

const MONITORS: &str = r#"{ "data": [
  { "id": "1", "type": "monitor", "attributes": { "url": "https://shop.example", "pronounceable_name": "shop.example",
    "monitor_type": "expected_status_code", "expected_status_codes": [200, 204], "check_frequency": 30,
    "request_timeout": 15, "http_method": "get", "confirmation_period": 60, "ssl_expiration": 14, "paused": false } },
  { "id": "2", "type": "monitor", "attributes": { "url": "1.2.3.4", "pronounceable_name": "Ping", "monitor_type": "ping" } },
  { "id": "9", "type": "heartbeat", "attributes": { "name": "Backup", "period": 86400, "grace": 3600 } }
], "pagination": {} }"#;

const REPORTS: &str = r#"{ "data": [
  { "id": "7", "type": "status_report", "attributes": { "title": "Shop is down", "report_type": "manual",
    "starts_at": "2024-06-01T10:00:00.000Z", "ends_at": "2024-06-01T10:30:00.000Z",
    "affected_resources": [{ "status_page_resource_id": "55", "status": "downtime" }] } },
  { "id": "55", "type": "status_page_resource", "attributes": { "resource_id": 1, "resource_type": "Monitor", "public_name": "Shop" } },
  { "id": "70", "type": "status_update", "attributes": { "message": "We look.", "published_at": "2024-06-01T10:01:00Z" },
    "relationships": { "status_report": { "data": { "id": "7", "type": "status_report" } } } },
  { "id": "71", "type": "status_update", "attributes": { "message": "It works.", "published_at": "2024-06-01T10:30:00Z", "status_report_id": 7 } },
  { "id": "3", "type": "incident", "attributes": { "name": "Shop", "cause": "Timeout", "started_at": "2024-06-02T10:00:00Z", "resolved_at": "2024-06-02T10:05:00Z" } },
  { "id": "1", "type": "status_page", "attributes": { "company_name": "Dice", "custom_domain": "status.shop.example" } },
  { "id": "4", "type": "escalation_policy", "attributes": {} }
] }"#;

#[test]
fn better_stack_gives_monitors_and_what_people_wrote() {
    let place = Place::new();
    let files = [("reports.json", REPORTS), ("monitors.json", MONITORS)];
    let report = import(&place, "betterstack", &files, &[]);
    assert_eq!(
        (
            &report["probes"],
            &report["heartbeats"],
            &report["incidents"]
        ),
        (&1.into(), &1.into(), &2.into()),
        "{report:#}"
    );
    all(
        &settings(&place),
        &[
            "name = \"Shop\"",
            "status = [200, 204]",
            "for = \"1m\"",
            "- time() < 1209600",
            "> 90000",
        ],
    );
    let files = incidents(&place);
    all(
        &files[0].1,
        &[
            "title: \"Shop is down\"",
            "- Shop",
            "severity: down",
            "*Resolved* - It works.",
            "*Investigating* - We look.",
        ],
    );
    all(
        &files[1].1,
        &[
            "title: \"Shop did not answer\"",
            "*Investigating* - Timeout",
        ],
    );
    all(
        &left(&report),
        &[
            "`Ping` is skipped",
            "`escalation_policy` has no equivalent here",
        ],
    );
}

#[test]
fn what_is_no_export_is_refused() {
    let place = Place::new();
    for (source, text) in [
        ("statuspage", "{}"),
        ("uptime-kuma", "[]"),
        ("betterstack", "{\"data\": []}"),
        ("gatus", "a: 1"),
        ("statuspage", "{"),
        ("statuspage", "\u{0}"),
    ] {
        std::fs::write(place.path("x"), text).unwrap();
        let done = place.run(&["import", source, "x"]);
        assert_eq!(done.code, 2, "{source} {text}: {}{}", done.out, done.said);
        assert!(!place.path("imported").exists(), "{source}");
    }
}
