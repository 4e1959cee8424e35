//! What waits for people: drafts, closed incidents whose rule still fires, reports.

use std::process::Command;

use serde_json::json;

use crate::events::{SITE, Watch, client};
use crate::redis::world::Server;
use crate::world::PROGRAM;

const DRAFT: &str = "---\nsection: issue\ntitle: Rolls late\ndate: 2026-03-01T12:00:00Z\n\
    resolved: false\ndraft: true\nseverity: notice\naffected: [API]\n\
    critwatch:\n  rules: [late]\n  severity: notice\n---\n";

#[tokio::test]
async fn drafts_wait_until_a_person_publishes_them() {
    let watch = Watch::new(SITE).await;
    let file = watch
        .place
        .path()
        .join("incidents/2026-03-01-rolls-late.md");
    std::fs::write(&file, DRAFT).unwrap();
    let waiting = async |count: usize| {
        let line = format!("critwatch_drafts_waiting {count}");
        watch.monitor().until_told(&line).await;
    };
    waiting(1).await;
    let listed = watch.get("/api/v1/incidents").await;
    assert_eq!(listed[0]["id"], "2026-03-01-rolls-late");
    assert_eq!(listed[0]["draft"], true);
    assert_eq!(listed[0]["machine"]["rules"], json!(["late"]));
    assert_eq!(listed[0]["machine"]["muted"], json!([]));

    let incident = |arguments: &[&str]| {
        let run = Command::new(PROGRAM)
            .arg("incident")
            .args(arguments)
            .current_dir(watch.place.path())
            .output()
            .unwrap();
        let code = run.status.code().unwrap();
        (code, String::from_utf8(run.stdout).unwrap())
    };
    let (_, shown) = incident(&["show", "late"]);
    let way = "critwatch incident publish 2026-03-01-rolls-late";
    assert!(shown.contains(way), "{shown}");
    let (code, shown) = incident(&["confirm", "late", "--preview"]);
    assert!(code == 0 && shown.contains("+draft: false"), "{shown}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), DRAFT);
    assert_eq!(incident(&["confirm", "late"]).0, 0);
    let public = DRAFT.replace("draft: true", "draft: false");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), public);
    waiting(0).await;
    assert_eq!(incident(&["confirm", "late"]).0, 2);
}

#[tokio::test]
async fn a_rule_that_fires_though_its_incident_was_closed_is_told_to_operators() {
    let redis = Server::start(&[]);
    let watch = Watch::of(&redis, "").await;
    watch.until_rule_is("quiet").await;
    redis.signal("-STOP");
    watch.until_rule_is("firing").await;
    let closed = DRAFT
        .replace(
            "resolved: false",
            "resolved: true\nresolvedWhen: 2026-03-01T13:00:00Z",
        )
        .replace("draft: true", "draft: false")
        .replace("rules: [late]", "rules: [gone]\n  muted: [gone]");
    let file = watch
        .place
        .path()
        .join("incidents/2026-03-01-rolls-late.md");
    std::fs::write(&file, closed).unwrap();
    let line = "critwatch_rule_muted{rule=\"gone\"} 1";
    watch.monitor().until_told(line).await;
    let listed = watch.get("/api/v1/incidents").await;
    assert_eq!(listed[0]["machine"]["muted"], json!(["gone"]));
    let listed = Command::new(PROGRAM)
        .args(["incident", "list"])
        .current_dir(watch.place.path())
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("▲ over, still firing"), "{listed}");
    redis.signal("-CONT");
}

#[tokio::test]
async fn a_visitor_reports_once_and_operators_read_it() {
    let watch = Watch::new(SITE).await;
    let page = &watch.monitor().page;
    let send = async |what: &str, from: &str| {
        let request = client().post(format!("{page}/report"));
        let request = request
            .header("sec-fetch-site", from)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("what={}", what.replace(' ', "+")));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send("nothing of ours", "same-origin").await, 400);
    assert_eq!(send("api", "cross-site").await, 403);
    assert_eq!(send("api", "same-origin").await, 200);
    assert_eq!(send("cache", "same-origin").await, 429, "at once again");
    assert_eq!(watch.told().await, ["report: API fails"]);
}
