//! What works: the whole life of incidents, planned work, components and subscribers.

use serde_json::{Value, json};

use crate::golden::check;
use crate::ops_api::Operated;

/// An answer without what differs from day to day.
fn timeless(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap();
    let text = regex::Regex::new(r"20\d\d-\d\d-\d\d-")
        .unwrap()
        .replace_all(&text, "DAY-");
    let text = regex::Regex::new(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?( UTC)?")
        .unwrap()
        .replace_all(&text, "MOMENT");
    let text = regex::Regex::new(r"20\d{6}T\d{6}Z(-\d+)?")
        .unwrap()
        .replace_all(&text, "UPDATE");
    regex::Regex::new(r"\d\d:\d\d( UTC)?")
        .unwrap()
        .replace_all(&text, "TIME")
        .into_owned()
}

#[tokio::test]
async fn an_incident_is_opened_and_every_answer_shows_its_file() {
    let ops = Operated::new().await;
    let body = json!({
        "title": "Rolls fail", "severity": "disrupted", "affected": ["api", "Web & App"],
        "severityOf": { "web": "notice" }, "text": "We look.\r\n\r\n## More", "date": "10m ago",
    });
    let opened = ops.ask("POST", "/api/v1/incidents", &body).await.is(201);
    check("api-opened.json", &timeless(&opened.body));
    let (id, path) = (opened.id(), opened.header("location"));
    assert_eq!(path.replace("%2D", "-"), format!("/api/v1/incidents/{id}"));
    // Who changed something finds it at once, in the file and on the board.
    let one = ops.get(&path).await;
    assert_eq!(one.header("etag"), opened.header("etag"));
    assert_eq!(
        ops.get("/api/v1/incidents").await.body[0]["id"],
        id.as_str()
    );
    let file = ops.get(&format!("{path}/file")).await;
    assert_eq!(file.text, ops.file(&format!("{id}.md")));
    assert!(file.text.contains("We look. {{< track"), "{}", file.text);
}

#[tokio::test]
async fn an_update_is_previewed_signed_and_corrected() {
    let ops = Operated::new().await;
    let id = ops.open("Rolls fail").await;
    let path = format!("/api/v1/incidents/{id}");
    let file = ops.get(&format!("{path}/file")).await;
    let update =
        json!({ "text": "The cache is full.", "phase": "identified", "severity": "disrupted" });
    let preview = format!("{path}/updates?preview=true");
    let shown = ops.ask("POST", &preview, &update).await.is(200);
    let difference = shown.body["difference"].as_str().unwrap();
    assert!(difference.contains("+severity: disrupted"), "{difference}");
    assert_eq!(ops.file(&format!("{id}.md")), file.text);
    let updated = ops
        .ask("POST", &format!("{path}/updates"), &update)
        .await
        .is(201);
    assert_eq!(
        updated.body["changed"],
        json!(["severity", "critwatch", "update"])
    );
    assert_eq!(updated.body["updates"][0]["by"], "ops");
    let key = updated.body["updates"][0]["id"].as_str().unwrap();
    let text = json!({ "text": "The disk is full." });
    let corrected = ops
        .ask("PATCH", &format!("{path}/updates/{key}"), &text)
        .await
        .is(200);
    assert_eq!(corrected.body["updates"][0]["text"], "The disk is full.");
    assert_eq!(corrected.body["updates"][0]["by"], "ops");
    let older = updated.body["updates"][1]["id"].as_str().unwrap();
    ops.ask("PATCH", &format!("{path}/updates/{older}"), &text)
        .await
        .is(409);
    ops.ask("PATCH", &format!("{path}/updates/1999"), &text)
        .await
        .is(404);
    // Whoever corrects an update has seen all of its paragraphs.
    let text = json!({ "text": "One.\n\nTwo." });
    let corrected = ops
        .ask("PATCH", &format!("{path}/updates/newest"), &text)
        .await
        .is(200);
    assert_eq!(corrected.body["updates"][0]["text"], "One.\n\nTwo.");
    let keys = json!({ "title": "Rolls fail: \"all\"", "severityOf": { "API": null } });
    let changed = ops.ask("PATCH", &path, &keys).await.is(200);
    assert_eq!(changed.body["title"], "Rolls fail: \"all\"");
    assert_eq!(changed.body["severityOf"], json!({}));
}

#[tokio::test]
async fn an_incident_ends_returns_and_never_was() {
    let ops = Operated::new().await;
    let id = ops.open("Rolls fail").await;
    let path = format!("/api/v1/incidents/{id}");
    let well = json!({ "text": "Well." });
    let done = ops
        .ask("POST", &format!("{path}/resolve"), &well)
        .await
        .is(200);
    check("api-resolved.json", &timeless(&done.body));
    ops.ask("POST", &format!("{path}/resolve"), &Value::Null)
        .await
        .is(409);
    let learned = json!({ "text": "### What happened\n\nThe cache was too small." });
    let written = ops
        .ask("PUT", &format!("{path}/post-mortem"), &learned)
        .await
        .is(200);
    let body = written.body["body"].as_str().unwrap();
    assert!(body.contains("The cache was too small."), "{body}");
    let nothing = ops
        .ask("PUT", &format!("{path}/post-mortem"), &json!({}))
        .await
        .is(400);
    assert_eq!(nothing.pointers(), ["/text"]);
    let again = ops
        .ask("POST", &format!("{path}/reopen"), &json!({}))
        .await
        .is(200);
    assert_eq!(
        (&again.body["state"], &again.body["phase"]),
        (&json!("open"), &json!("investigating"))
    );
    let accepted = ops
        .ask("POST", &format!("{path}/accept"), &Value::Null)
        .await
        .is(200);
    assert_eq!(accepted.body["accepted"], json!({ "capacity-lint": "ops" }));
    let never = ops
        .ask(
            "POST",
            &format!("{path}/withdraw"),
            &json!({ "text": "It was us." }),
        )
        .await;
    assert_eq!(never.is(200).body["withdrawn"], true);
    ops.ask("POST", &format!("{path}/withdraw"), &json!({}))
        .await
        .is(409);
    // What visitors read says nothing of the name.
    let page = crate::world::get(&format!("{}/issues/{id}/", ops.monitor.page))
        .await
        .1;
    assert!(
        page.contains("It was us.") && !page.contains("by ops"),
        "{page}"
    );
    assert!(ops.monitor.stop().await.success());
}

#[tokio::test]
async fn a_draft_is_published_or_deleted_and_a_whole_file_replaced() {
    let ops = Operated::new().await;
    let draft = json!({ "title": "D", "severity": "notice", "affected": ["Cache"], "text": "x", "draft": true, "join": true });
    let opened = ops.ask("POST", "/api/v1/incidents", &draft).await.is(201);
    let path = format!("/api/v1/incidents/{}", opened.id());
    let listed = ops
        .get("/api/v1/incidents?state=draft&component=cache&q=d&severity=notice")
        .await;
    assert_eq!(listed.body.as_array().unwrap().len(), 1);
    let public = ops
        .ask("POST", &format!("{path}/publish"), &Value::Null)
        .await
        .is(200);
    assert_eq!(public.body["draft"], false);
    ops.ask("POST", &format!("{path}/publish"), &Value::Null)
        .await
        .is(409);
    ops.ask("DELETE", &path, &Value::Null).await.is(409);
    let text = ops.get(&format!("{path}/file")).await;
    let version = text.header("etag");
    let other = text
        .text
        .replace("title: \"D\"", "title: \"Other\"  # mine");
    let replaced = ops
        .send(
            "PUT",
            &format!("{path}/file"),
            &[("if-match", &version)],
            other.clone(),
        )
        .await
        .is(200);
    assert_eq!(replaced.body["title"], "Other");
    assert_eq!(ops.file(&format!("{}.md", opened.id())), other);
    let unread = ops
        .send(
            "PUT",
            &format!("{path}/file"),
            &[],
            "---\n: [\n---\n".into(),
        )
        .await;
    assert_eq!(unread.is(400).pointers(), ["/text"]);

    let other = ops.ask("POST", "/api/v1/incidents", &draft).await.is(201);
    let path = format!("/api/v1/incidents/{}", other.id());
    ops.ask("DELETE", &format!("{path}?preview=true"), &Value::Null)
        .await
        .is(200);
    assert_eq!(ops.files(), 2);
    ops.ask("DELETE", &path, &Value::Null).await.is(200);
    assert_eq!(ops.files(), 1);
    ops.ask("GET", &path, &Value::Null).await.is(404);
}

#[tokio::test]
async fn work_is_planned_extended_ended_and_called_off() {
    let ops = Operated::new().await;
    let work = json!({ "title": "New cache", "from": "now", "to": "in 1h", "affected": ["cache"] });
    let planned = ops.ask("POST", "/api/v1/maintenance", &work).await.is(201);
    check("api-planned.json", &timeless(&planned.body));
    let path = format!("/api/v1/maintenance/{}", planned.id());
    assert_eq!(
        ops.get(&path).await.body["maintenance"]["stage"],
        "in progress"
    );
    let longer = json!({ "until": "in 2h", "text": "It takes longer." });
    ops.ask("POST", &format!("{path}/extend"), &longer)
        .await
        .is(200);
    let listed = ops.get("/api/v1/maintenance").await;
    assert_eq!(listed.body[0]["id"], planned.id().as_str());
    let done = ops
        .ask("POST", &format!("{path}/end"), &Value::Null)
        .await
        .is(200);
    assert_eq!(done.body["maintenance"]["stage"], "completed");
    assert_eq!(ops.get("/api/v1/maintenance").await.body, json!([]));
    assert_eq!(
        ops.get("/api/v1/maintenance?state=over")
            .await
            .body
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let work = json!({ "title": "Move", "from": "in 1h", "to": "in 2h", "affected": ["api"], "text": "We move." });
    let planned = ops.ask("POST", "/api/v1/maintenance", &work).await.is(201);
    let path = format!("/api/v1/maintenance/{}", planned.id());
    ops.ask("POST", &format!("{path}/end"), &Value::Null)
        .await
        .is(409);
    let off = ops
        .ask("POST", &format!("{path}/cancel"), &Value::Null)
        .await
        .is(200);
    assert_eq!(off.body["maintenance"]["stage"], "cancelled");
    let id = ops.open("A").await;
    ops.ask("GET", &format!("/api/v1/maintenance/{id}"), &Value::Null)
        .await
        .is(404);
    ops.ask(
        "POST",
        &format!("/api/v1/maintenance/{id}/cancel"),
        &Value::Null,
    )
    .await
    .is(409);
}

#[tokio::test]
async fn a_state_by_hand_is_one_incident_from_its_beginning_to_its_end() {
    let ops = Operated::new().await;
    let hold = async |state: &str, text: Value| {
        let body = json!({ "state": state, "text": text });
        ops.ask("PUT", "/api/v1/components/web/state", &body)
            .await
            .is(200)
            .body
    };
    assert_eq!(hold("ok", Value::Null).await["changed"], json!([]));
    let down = hold("down", Value::Null).await;
    assert_eq!(down["incident"]["title"], "Web & App: down");
    assert_eq!(down["incident"]["stateOf"], "web");
    let shown = ops.get("/api/v1/components/web").await.body;
    assert_eq!(
        (&shown["health"], &shown["heldBy"]),
        (&json!("down"), &down["incident"]["id"])
    );
    assert_eq!(hold("down", Value::Null).await["changed"], json!([]));
    let milder = hold("notice", json!("Only slow.")).await;
    assert_eq!(milder["incident"]["updates"][0]["text"], "Only slow.");
    assert_eq!(ops.files(), 1);
    let well = hold("ok", Value::Null).await;
    assert_eq!(well["incident"]["state"], "over");
    assert_eq!(ops.get("/api/v1/components").await.body[2]["health"], "ok");
    hold("disrupted", Value::Null).await;
    assert_eq!(ops.files(), 2);
    ops.ask(
        "PUT",
        "/api/v1/components/none/state",
        &json!({ "state": "ok" }),
    )
    .await
    .is(404);
    let wrong = ops
        .ask(
            "PUT",
            "/api/v1/components/web/state",
            &json!({ "state": "bad" }),
        )
        .await;
    assert_eq!(wrong.is(400).pointers(), ["/state"]);
}

#[tokio::test]
async fn pages_of_a_list_lead_to_each_incident_once() {
    let ops = Operated::new().await;
    for number in 0..7 {
        let date = format!("2026-03-0{}T12:00:00Z", number + 1);
        let text = format!(
            "---\nsection: issue\ntitle: N{number}\ndate: {date}\nresolved: true\n\
            resolvedWhen: {date}\nseverity: down\naffected: [API]\n---\nx\n"
        );
        ops.write(&format!("n{number}.md"), &text);
    }
    crate::world::patience::until("all are read", async || {
        ops.get("/api/v1/incidents?state=all")
            .await
            .body
            .as_array()
            .unwrap()
            .len()
            == 7
    })
    .await;
    let mut found = Vec::new();
    let mut next = Some("/api/v1/incidents?state=over&limit=3".to_owned());
    while let Some(path) = next {
        let page = ops.get(&path).await;
        let titles = page.body.as_array().unwrap().iter();
        found.extend(titles.map(|one| one["title"].as_str().unwrap().to_owned()));
        let link = page.header("link");
        next = link
            .strip_prefix('<')
            .and_then(|link| Some(link.split_once('>')?.0.to_owned()));
    }
    assert_eq!(found, ["N6", "N5", "N4", "N3", "N2", "N1", "N0"]);
}

#[tokio::test]
async fn subscribers_are_counted_added_exported_and_erased() {
    let ops = Operated::new().await;
    let none = json!({ "asked": 0, "confirmed": 0, "paused": 0 });
    assert_eq!(ops.get("/api/v1/subscribers").await.body["counts"], none);
    let body = json!({ "address": "Ann@example.org", "language": "de", "components": ["api"], "report": "weekly" });
    let added = ops.ask("POST", "/api/v1/subscribers", &body).await.is(201);
    assert_eq!(added.body["address"], "ann@example.org");
    assert_eq!(
        added.body["gets"],
        json!(["incidents", "maintenance", "weekly"])
    );
    ops.ask("POST", "/api/v1/subscribers", &body).await.is(409);
    let one = "/api/v1/subscribers/ann%40example.org";
    assert_eq!(ops.get(one).await.body["state"], "confirmed");
    let wrong =
        json!({ "address": "ann", "language": "xx", "components": ["none"], "incidents": "yes" });
    let refused = ops.ask("POST", "/api/v1/subscribers", &wrong).await.is(400);
    assert_eq!(
        refused.pointers(),
        ["/address", "/language", "/components/0", "/incidents"]
    );
    ops.ask("DELETE", one, &Value::Null).await.is(200);
    ops.ask("GET", one, &Value::Null).await.is(404);
    assert_eq!(ops.get("/api/v1/subscribers").await.body["counts"], none);
}

#[tokio::test]
async fn each_change_is_in_the_audit_log_with_who_made_it() {
    let ops = Operated::new().await;
    let id = ops.open("Rolls fail").await;
    let resolve = format!("/api/v1/incidents/{id}/resolve");
    let preview = format!("{resolve}?preview=true");
    ops.ask("POST", &preview, &json!({})).await.is(200);
    ops.ask("POST", &resolve, &json!({})).await.is(200);
    // What is refused changes nothing.
    ops.ask("POST", &resolve, &json!({})).await.is(409);
    let log = ops.get("/api/v1/audit").await;
    let entries = log.body["entries"].as_array().unwrap().iter();
    let parts = ["actor", "proof", "act", "target"];
    let lines: Vec<_> = entries
        .map(|entry| parts.map(|part| entry[part].as_str().unwrap()).join(" "))
        .collect();
    let line = |act: &str| format!("ops token {act} {id}.md");
    assert_eq!(lines, [line("resolve incident"), line("open incident")]);
}
