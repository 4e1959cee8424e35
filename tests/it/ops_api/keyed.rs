//! Requests with a key are done once, and nobody overwrites what they did not see.

use serde_json::{Value, json};

use crate::ops_api::Operated;

fn rolls(title: &str) -> Value {
    json!({ "title": title, "severity": "down", "affected": ["api"], "text": "x" })
}

#[tokio::test]
async fn a_request_with_a_key_is_done_once_and_answered_the_same() {
    let mut ops = Operated::new().await;
    let path = "/api/v1/incidents";
    let key = [("idempotency-key", "a1")];
    let body = rolls("A");
    let (one, two, three) = tokio::join!(
        ops.ask_with("POST", path, &key, &body),
        ops.ask_with("POST", path, &key, &body),
        ops.ask_with("POST", path, &key, &body),
    );
    let first = one.is(201);
    for other in [two, three] {
        assert_eq!(other.text, first.text);
        assert_eq!(other.header("etag"), first.header("etag"));
        assert_eq!(other.header("location"), first.header("location"));
    }
    assert_eq!(ops.files(), 1);
    let other = ops.ask_with("POST", path, &key, &rolls("B")).await.is(422);
    assert!(
        other.body["detail"]
            .as_str()
            .unwrap()
            .contains("Idempotency-Key")
    );
    // What was refused may be sent again with the same key.
    let key = [("idempotency-key", "a2")];
    ops.ask_with("POST", path, &key, &rolls("\u{7}"))
        .await
        .is(400);
    ops.ask_with("POST", path, &key, &rolls("C")).await.is(201);
    // It outlives the service.
    ops.monitor.kill().await;
    ops.monitor = crate::world::Monitor::serve(ops.place.path(), &[]).await;
    let again = ops
        .ask_with("POST", path, &[("idempotency-key", "a1")], &rolls("A"))
        .await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.is(201).text, first.text);
    assert_eq!(ops.files(), 2);
    let event = json!({ "text": "Release 1" });
    for _ in 0..2 {
        let key = [("idempotency-key", "e")];
        ops.ask_with("POST", "/api/v1/events", &key, &event)
            .await
            .is(201);
    }
    assert_eq!(
        ops.get("/api/v1/events")
            .await
            .body
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let long = "k".repeat(256);
    ops.ask_with("POST", path, &[("idempotency-key", &long)], &rolls("D"))
        .await
        .is(400);
}

#[tokio::test]
async fn a_change_of_what_was_not_seen_is_refused_with_the_present_version() {
    let ops = Operated::new().await;
    let id = ops.open("A").await;
    let path = format!("/api/v1/incidents/{id}");
    let seen = ops.get(&path).await.header("etag");
    let file = format!("{id}.md");
    let mine = ops.file(&file).replace("We look.", "Words of a person.");
    ops.write(&file, &mine);
    let title = json!({ "title": "B" });
    let stale = ops
        .ask_with("PATCH", &path, &[("if-match", &seen)], &title)
        .await
        .is(412);
    assert_eq!(ops.file(&file), mine);
    let now = stale.header("etag");
    assert_eq!(now, ops.get(&path).await.header("etag"));
    ops.ask_with("PATCH", &path, &[("if-match", "\"a\", \"b\"")], &title)
        .await
        .is(400);
    ops.ask_with("PATCH", &path, &[("if-match", &format!("W/{now}"))], &title)
        .await
        .is(400);
    let changed = ops
        .ask_with("PATCH", &path, &[("if-match", &now)], &title)
        .await
        .is(200);
    assert_ne!(changed.header("etag"), now);
    ops.ask_with(
        "PATCH",
        &path,
        &[("if-match", "*")],
        &json!({ "title": "C" }),
    )
    .await
    .is(200);
    assert!(ops.file(&file).contains("Words of a person."));
}
