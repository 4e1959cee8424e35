//! What is refused, and that nothing is written then.

use serde_json::{Value, json};

use crate::ops_api::{Operated, SITE};
use crate::world;

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_nothing_is_written() {
    let ops = Operated::new().await;
    let body = json!({
        "title": "a\nb", "severity": "bad", "affected": ["API", 5], "severityOf": { "x": "worse" },
        "date": "soon", "text": 1, "draft": "no", "titel": "x",
    });
    let refused = ops.ask("POST", "/api/v1/incidents", &body).await.is(400);
    assert_eq!(
        refused.pointers(),
        [
            "/titel",
            "/severity",
            "/affected/1",
            "/severityOf/x",
            "/date",
            "/draft",
            "/text"
        ]
    );
    // What only the desk knows is named at once, too.
    let body = json!({
        "title": "a\u{1b}[2J", "severity": "notice", "affected": ["AIP"],
        "severityOf": { "web": "down" }, "text": "{{< youtube x >}}",
    });
    let refused = ops.ask("POST", "/api/v1/incidents", &body).await.is(400);
    assert_eq!(
        refused.pointers(),
        ["/title", "/affected", "/severityOf", "/text"]
    );
    let body = json!({ "title": "A", "from": "in 2h", "to": "in 1h", "affected": ["api"] });
    let refused = ops.ask("POST", "/api/v1/maintenance", &body).await.is(400);
    assert_eq!(refused.pointers(), ["/to"]);
    let refused = ops
        .ask("POST", "/api/v1/maintenance", &json!({}))
        .await
        .is(400);
    assert_eq!(refused.pointers(), ["/title", "/from", "/to", "/affected"]);
    assert_eq!(ops.files(), 0);
}

#[tokio::test]
async fn an_impossible_change_names_its_field_and_leaves_the_file() {
    let ops = Operated::new().await;
    let id = ops.open("A").await;
    let path = format!("/api/v1/incidents/{id}");
    for (act, body, pointer) in [
        ("resolve", json!({ "at": "in 2h" }), "/at"),
        ("resolve", json!({ "at": "2001-01-01 00:00" }), "/at"),
        ("resolve", json!({ "text": " " }), "/text"),
        ("reopen", json!({ "phase": "resolved" }), "/phase"),
        ("accept", json!({ "by": "a\nb" }), "/by"),
        ("updates", json!({}), "/text"),
        ("updates", json!({ "text": "x", "date": "in 2h" }), "/date"),
    ] {
        let before = ops.file(&format!("{id}.md"));
        let refused = ops
            .ask("POST", &format!("{path}/{act}"), &body)
            .await
            .is(400);
        assert_eq!(refused.pointers(), [pointer], "{act} {body}");
        assert_eq!(ops.file(&format!("{id}.md")), before);
    }
    let refused = ops.ask("PATCH", &path, &json!({})).await.is(400);
    assert_eq!(refused.pointers(), ["/text"]);
    ops.ask("GET", "/api/v1/incidents/a", &Value::Null)
        .await
        .is(404);
    ops.ask("GET", "/api/v1/incidents?state=closed", &Value::Null)
        .await
        .is(400);
    ops.ask(
        "PATCH",
        &format!("{path}?preview=perhaps"),
        &json!({ "title": "x" }),
    )
    .await
    .is(400);
}

#[tokio::test]
async fn hostile_bodies_break_neither_the_service_nor_a_file() {
    let ops = Operated::new().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for body in [
        deep.clone(),
        format!(r#"{{"title": {deep}}}"#),
        r#"{"title": 1e999999}"#.to_owned(),
        format!(r#"{{"title": {}}}"#, "9".repeat(5_000)),
        "\u{0}\u{1}".to_owned(),
        r#"{"title": "\ud800"}"#.to_owned(),
    ] {
        ops.send("POST", "/api/v1/incidents", &[], body)
            .await
            .is(400);
    }
    let long = json!({ "title": "x".repeat(70_000) });
    ops.ask("POST", "/api/v1/incidents", &long).await.is(413);
    assert_eq!(ops.files(), 0);
    for title in [
        "---",
        "a\" # b: [c",
        "'x' {{< y >}} | >",
        "draft: true",
        "*Resolved* - done",
        "\u{202e}abc",
        "<script>alert(1)</script>",
    ] {
        let text =
            format!("---\nresolved: true\n---\n{title}\n\n*Resolved* - Not at all.\n\n# {title}");
        let text = text.replace("{{<", "{{");
        let body = json!({ "title": title, "severity": "down", "affected": ["api"], "text": text });
        let opened = ops.ask("POST", "/api/v1/incidents", &body).await.is(201);
        let one = &opened.body;
        assert_eq!(
            (&one["title"], &one["state"], &one["draft"]),
            (&json!(title), &json!("open"), &json!(false))
        );
        assert_eq!(one["updates"].as_array().unwrap().len(), 1, "{one}");
        assert_eq!(one["updates"][0]["author"], "person");
    }
    for shortcode in ["{{< figure >}}", "{{% x %}}", "a\u{1b}b"] {
        let body =
            json!({ "title": "x", "severity": "down", "affected": ["api"], "text": shortcode });
        assert_eq!(
            ops.ask("POST", "/api/v1/incidents", &body)
                .await
                .is(400)
                .pointers(),
            ["/text"]
        );
    }
    assert!(ops.monitor.stop().await.success());
}

#[tokio::test]
async fn nobody_gets_in_without_the_token_nor_by_the_page() {
    let ops = Operated::new().await;
    let id = ops.open("A").await;
    let before = ops.file(&format!("{id}.md"));
    for (method, path) in [
        ("GET", "/api/v1/openapi.json".to_owned()),
        ("GET", "/api/v1/components".to_owned()),
        ("POST", "/api/v1/incidents".to_owned()),
        ("DELETE", format!("/api/v1/incidents/{id}")),
        ("POST", format!("/api/v1/incidents/{id}/resolve")),
        ("PUT", "/api/v1/components/api/state".to_owned()),
        ("GET", "/api/v1/subscribers".to_owned()),
        ("POST", "/v1/pages/x/incidents".to_owned()),
        ("GET", "/v1/pages/x/incidents".to_owned()),
    ] {
        for wrong in ["Bearer open the door pleas", "OAuth nothing", ""] {
            let answer = ops
                .send(method, &path, &[("authorization", wrong)], "{}".into())
                .await;
            assert_eq!(answer.status, 401, "{method} {path}");
        }
        let url = format!("{}{path}", ops.monitor.page);
        if method == "GET" {
            assert_eq!(world::get(&url).await.0, 404, "{path}");
        }
    }
    let foreign = [("origin", "https://elsewhere.example.org")];
    ops.send(
        "POST",
        &format!("/api/v1/incidents/{id}/resolve"),
        &foreign,
        "{}".into(),
    )
    .await
    .is(403);
    assert_eq!(ops.file(&format!("{id}.md")), before);
}

#[tokio::test]
async fn a_monitor_that_only_follows_says_who_writes() {
    let ops = Operated::new().await;
    let second = tempfile::tempdir().unwrap();
    std::fs::write(second.path().join("alerts.toml"), SITE).unwrap();
    std::os::unix::fs::symlink(
        ops.place.path().join("incidents"),
        second.path().join("incidents"),
    )
    .unwrap();
    let reader = Operated {
        monitor: world::Monitor::serve(second.path(), &[]).await,
        place: second,
        description: ops.description.clone(),
    };
    let body = json!({ "title": "A", "severity": "down", "affected": ["api"], "text": "x" });
    let refused = reader.ask("POST", "/api/v1/incidents", &body).await.is(503);
    let words = refused.body["detail"].as_str().unwrap();
    assert!(
        words.starts_with("another critwatch writes the incidents of "),
        "{words}"
    );
    let id = ops.open("B").await;
    let one = reader
        .ask("GET", &format!("/api/v1/incidents/{id}"), &Value::Null)
        .await;
    assert_eq!(one.is(200).body["title"], "B");
}
