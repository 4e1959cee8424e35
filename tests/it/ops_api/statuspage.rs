//! Statuspage's REST API: by hand in both of its forms, and by an unmodified client.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::ops_api::{Operated, TOKEN};
use crate::world::patience::until;

const OAUTH: (&str, &str) = ("authorization", "OAuth open the door please");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A page, and the ids that clients keep.
struct Page {
    ops: Operated,
    path: String,
    id: String,
    api: String,
    web: String,
}

impl Page {
    async fn new() -> Self {
        let ops = Operated::new().await;
        let summary = ops.monitor.get("/api/v2/summary.json").await.1;
        let summary: Value = serde_json::from_str(&summary).unwrap();
        let id = |name: &str| {
            let components = summary["components"].as_array().unwrap();
            let found = components.iter().find(|one| one["name"] == name).unwrap();
            found["id"].as_str().unwrap().to_owned()
        };
        let page = summary["page"]["id"].as_str().unwrap().to_owned();
        Self {
            path: format!("/v1/pages/{page}"),
            id: page,
            api: id("API"),
            web: id("Web & App"),
            ops,
        }
    }

    async fn json(&self, method: &str, path: &str, body: &Value) -> crate::ops_api::Answer {
        let path = format!("{}{path}", self.path);
        self.ops.ask_with(method, &path, &[OAUTH], body).await
    }
}

#[tokio::test]
async fn an_incident_is_created_with_ids_that_visitors_read_too() {
    let page = Page::new().await;
    let body = json!({ "incident": {
        "name": "Rolls fail", "status": "investigating", "body": "We look.",
        "components": { page.api.clone(): "major_outage", page.web.clone(): "degraded_performance" },
        "deliver_notifications": true, "metadata": {},
    }});
    let made = page.json("POST", "/incidents.json", &body).await.is(201);
    let id = made.id();
    assert_eq!(
        (&made.body["impact"], &made.body["status"]),
        (&json!("critical"), &json!("investigating"))
    );
    // What visitors' machines read has the same ids.
    until("the page shows it", async || {
        let public = page.ops.monitor.get("/api/v2/incidents.json").await.1;
        let public: Value = serde_json::from_str(&public).unwrap();
        public["incidents"][0]["id"] == id.as_str()
    })
    .await;
    let states = page
        .json("GET", "/components", &Value::Null)
        .await
        .is(200)
        .body;
    let states: Vec<_> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        states,
        ["operational", "major_outage", "degraded_performance"]
    );
}

#[tokio::test]
async fn an_incident_is_updated_resolved_opened_again_and_withdrawn() {
    let page = Page::new().await;
    let body = json!({ "incident": {
        "name": "Rolls fail", "body": "We look.", "component_ids": [page.api.clone()],
    }});
    let id = page.json("POST", "/incidents", &body).await.is(201).id();
    let one = format!("/incidents/{id}");
    let body = json!({ "incident": { "status": "identified" } });
    let updated = page
        .json("PATCH", &format!("{one}.json"), &body)
        .await
        .is(200);
    assert_eq!(updated.body["status"], "identified");
    let update = updated.body["incident_updates"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({ "incident_update": { "body": "The cache is full." } });
    let corrected = page
        .json("PATCH", &format!("{one}/incident_updates/{update}"), &body)
        .await
        .is(200);
    assert_eq!(corrected.body["body"], "The cache is full.");
    assert_eq!(
        page.json("GET", "/incidents/unresolved.json", &Value::Null)
            .await
            .is(200)
            .body[0]["id"],
        id.as_str()
    );
    let body = json!({ "incident": { "status": "resolved", "body": "Well.", "components": { page.api.clone(): "operational" } } });
    let resolved = page.json("PUT", &one, &body).await.is(200);
    assert_eq!(
        (&resolved.body["status"], resolved.id()),
        (&json!("resolved"), id.clone())
    );
    // Sent twice, it is over all the same.
    let body = json!({ "incident": { "status": "resolved" } });
    page.json("PATCH", &one, &body).await.is(200);
    assert_eq!(
        page.json("GET", "/incidents/unresolved", &Value::Null)
            .await
            .is(200)
            .body,
        json!([])
    );
    let body = json!({ "incident": { "status": "investigating", "body": "Again." } });
    assert_eq!(
        page.json("PATCH", &one, &body).await.is(200).body["status"],
        "investigating"
    );
    assert_eq!(
        page.json("DELETE", &one, &Value::Null).await.is(200).body["impact"],
        "none"
    );
    assert_eq!(
        page.json("GET", "/incidents?limit=1&page=1&q=rolls", &Value::Null)
            .await
            .is(200)
            .body[0]["id"],
        id.as_str()
    );
}

#[tokio::test]
async fn forms_a_key_in_the_query_and_planned_work_are_taken() {
    let page = Page::new().await;
    let form = format!(
        "incident[name]=Rolls+fail&incident[status]=monitoring&incident[impact_override]=minor\
        &incident[component_ids][]={}&incident[body]=We+look.",
        page.api
    );
    let path = format!("{}/incidents", page.path);
    let made = page
        .ops
        .send("POST", &path, &[OAUTH, FORM], form)
        .await
        .is(201);
    assert_eq!(
        (&made.body["impact"], &made.body["status"]),
        (&json!("minor"), &json!("monitoring"))
    );
    let by_key = format!("{path}?api_key={}", TOKEN.replace(' ', "%20"));
    let client = reqwest::Client::new();
    let answer = client
        .get(format!("{}{by_key}", page.ops.monitor.ops))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let work = json!({ "incident": {
        "name": "Move", "status": "scheduled", "component_ids": [page.web],
        "scheduled_for": "2199-03-01T20:00:00Z", "scheduled_until": "2199-03-01T21:00:00Z",
    }});
    let planned = page.json("POST", "/incidents", &work).await.is(201);
    assert_eq!(
        (&planned.body["status"], &planned.body["impact"]),
        (&json!("scheduled"), &json!("maintenance"))
    );
    let longer = json!({ "incident": { "scheduled_until": "2199-03-01T22:00:00Z" } });
    let one = format!("/incidents/{}", planned.id());
    let longer = page.json("PATCH", &one, &longer).await.is(200);
    assert_eq!(longer.body["scheduled_until"], "2199-03-01T22:00:00.000Z");
    assert_eq!(
        page.json("GET", "/incidents/upcoming", &Value::Null)
            .await
            .is(200)
            .body[0]["id"],
        planned.id().as_str()
    );
    let off = json!({ "incident": { "status": "completed" } });
    assert_eq!(
        page.json("PATCH", &one, &off).await.is(200).body["status"],
        "completed"
    );
    let over =
        json!({ "incident": { "name": "Past", "status": "resolved", "body": "It was short." } });
    assert_eq!(
        page.json("POST", "/incidents", &over).await.is(201).body["status"],
        "resolved"
    );
}

#[tokio::test]
async fn what_is_entered_afterwards_was_over_then() {
    let page = Page::new().await;
    for said in [
        json!({ "backfilled": true, "backfill_date": "2026-02-01" }),
        json!({ "backfilled": true, "backfill_date": "2026-02-01T00:00:00Z" }),
        json!({ "status": "resolved" }),
        json!({ "status": "postmortem" }),
    ] {
        let mut past = json!({ "incident": {
            "name": "Past", "body": "It was short.", "component_ids": [page.web],
        }});
        for (field, value) in said.as_object().unwrap() {
            past["incident"][field] = value.clone();
        }
        let made = page.json("POST", "/incidents", &past).await.is(201);
        let began = &made.body["started_at"];
        assert_eq!(
            (&made.body["status"], &made.body["resolved_at"]),
            (&json!("resolved"), began),
        );
        let updates = made.body["incident_updates"].as_array().unwrap();
        assert_eq!(updates.len(), 1, "{updates:?}");
        assert_eq!(
            (&updates[0]["status"], &updates[0]["body"]),
            (&json!("resolved"), &json!("It was short.")),
        );
        let is_dated = said.get("backfill_date").is_some();
        let began = began.as_str().unwrap();
        assert_eq!(began.starts_with("2026-0"), is_dated, "{began}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_told_in_statuspages_manner() {
    let page = Page::new().await;
    for (method, path, body, status) in [
        (
            "POST",
            "/incidents",
            json!({ "incident": { "status": "investigating" } }),
            422,
        ),
        (
            "POST",
            "/incidents",
            json!({ "incident": { "name": "a", "status": "broken" } }),
            422,
        ),
        (
            "POST",
            "/incidents",
            json!({ "incident": { "name": "a", "component_ids": ["none"] } }),
            422,
        ),
        (
            "POST",
            "/incidents",
            json!({ "incident": { "name": "a", "status": "scheduled" } }),
            422,
        ),
        ("POST", "/incidents", json!({ "name": "a" }), 400),
        ("PATCH", "/incidents/none", json!({ "incident": {} }), 404),
        (
            "PATCH",
            "/components/none",
            json!({ "component": { "status": "operational" } }),
            404,
        ),
        (
            "PATCH",
            "/components/api",
            json!({ "component": { "status": "under_maintenance" } }),
            422,
        ),
        (
            "POST",
            "/components",
            json!({ "component": { "name": "New" } }),
            403,
        ),
    ] {
        let answer = page.json(method, path, &body).await.is(status);
        assert!(!answer.body["error"].is_null(), "{}", answer.text);
    }
    let other = page
        .ops
        .ask_with("GET", "/v1/pages/other/incidents", &[OAUTH], &Value::Null)
        .await
        .is(404);
    assert!(other.body["error"].as_str().unwrap().contains(&page.id));
    assert_eq!(page.ops.files(), 0);
}

#[tokio::test]
async fn an_unmodified_client_creates_updates_and_resolves() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages = here.join("target/statuspage");
    if !packages.join("atlassian_statuspage").is_dir() {
        eprintln!("atlassian-statuspage is missing; no unmodified client talks to us");
        return;
    }
    let page = Page::new().await;
    let output = tokio::process::Command::new("python3")
        .arg(here.join("tests/it/ops_api/statuspage.py"))
        .args([&page.ops.monitor.ops, TOKEN, &page.id])
        .env("PYTHONPATH", packages)
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}{wrong}");
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        said,
        json!({
            "made": ["Rolls fail", "investigating", "critical"],
            "unresolved": [true],
            "during": "major_outage",
            "updated": ["identified", "The cache."],
            "resolved": ["resolved", true],
            "held": "partial_outage",
            "let go": "operational",
            "id": true,
        })
    );
}
