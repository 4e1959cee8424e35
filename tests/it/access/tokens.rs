//! Named tokens: made, listed, followed by the server, revoked, kept.

use serde_json::Value;

use crate::access::{Operators, send};
use crate::world::Monitor;
use crate::world::patience::until;

#[tokio::test]
async fn a_token_is_shown_once_followed_at_once_and_revoked() {
    let operators = Operators::new("").await;
    let add = [
        "add",
        "ci",
        "--scope",
        "read,push",
        "--expires",
        "90d",
        "--format",
        "json",
    ];
    let (code, made, _) = operators.command(&add).await;
    let made: Value = serde_json::from_str(&made).unwrap();
    let token = made["token"].as_str().unwrap();
    assert!(code == 0 && token.starts_with("cw_") && token.len() == 46);
    assert_eq!(made["scopes"].to_string(), r#"["read","push"]"#);
    let (created, expires) = (&made["createdAt"], &made["expiresAt"]);
    let moment = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let days = moment(expires).duration_since(moment(created)).as_hours() / 24;
    assert_eq!(days, 90);
    until("the server follows", async || {
        operators.try_token(token).await == 200
    })
    .await;
    until("its use is written", async || {
        let (_, listed, _) = operators.command(&["list", "--format", "json"]).await;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        assert_eq!(listed[0]["token"], Value::Null);
        listed[0]["lastUsedAt"].is_string()
    })
    .await;
    let (_, listed, _) = operators.command(&["list"]).await;
    assert!(listed.contains("ci    valid  read,push"), "{listed}");

    assert_eq!(operators.command(&["revoke", "ci"]).await.0, 0);
    until("the server follows", async || {
        operators.try_token(token).await == 401
    })
    .await;
    assert_eq!(operators.command(&["list"]).await.1, "none\n");
    let (_, all, _) = operators.command(&["list", "--all"]).await;
    assert!(all.contains("ci    revoked"), "{all}");
    // A token that has ended opens the listener to nobody.
    assert_eq!(send(operators.get("/api/v1/state")).await.status, 401);
    let secret = &token[3..];
    for entry in std::fs::read_dir(operators.place.path().join("state")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let kept = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!kept, "only its hash is kept");
    }
    assert!(!operators.log().contains(secret));
}

#[tokio::test]
async fn what_cannot_be_a_token_is_refused_with_the_way_out() {
    let operators = Operators::new("").await;
    operators.token("ci", "read").await;
    for (arguments, words) in [
        (&["add", "ci", "--scope", "read"][..], "revoke it first"),
        (&["add", "x", "--scope", "raed"], "read, write, push, admin"),
        (&["add", "x", "--scope", ""], "read, write, push, admin"),
        (&["add", "a\nb", "--scope", "read"], "one line of 1 to 128"),
        (
            &["add", "ops", "--scope", "read"],
            "the token of the settings",
        ),
        (
            &["add", "x", "--scope", "read", "--expires", "soon"],
            "1h30m",
        ),
        (
            &["add", "x", "--scope", "read", "--expires", "0s"],
            "already have expired",
        ),
        (
            &["add", "x", "--scope", "read", "--expires", "9000000y"],
            "any clock",
        ),
        (&["revoke", "nobody"], "there is no valid token `nobody`"),
    ] {
        let (code, output, errors) = operators.command(arguments).await;
        assert_eq!((code, &*output), (2, ""), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
    }
}

#[tokio::test]
async fn tokens_and_logins_outlive_a_restart_and_a_deleted_database() {
    let mut operators = Operators::new("").await;
    let token = operators.token("ann", "write").await;
    let old = operators.token("old", "write").await;
    operators.command(&["revoke", "old"]).await;
    let cookie = operators.log_in(&token).await.cookie();
    operators.monitor.kill().await;
    operators.monitor = Monitor::serve(operators.place.path(), &[]).await;
    assert_eq!(operators.try_token(&token).await, 200);
    assert_eq!(operators.try_cookie(&cookie).await, 200);
    std::fs::remove_file(operators.place.path().join("state/critwatch.db")).unwrap();
    until("the tokens are in the new database", async || {
        let (_, listed, _) = operators.command(&["list", "--all"]).await;
        let has = listed.contains("ann   valid") && listed.contains("old   revoked");
        has.then_some(()).ok_or(listed)
    })
    .await;
    assert_eq!(operators.try_token(&token).await, 200);
    assert_eq!(operators.try_cookie(&cookie).await, 200);
    assert_eq!(operators.try_token(&old).await, 401);
}

#[tokio::test]
async fn the_token_of_the_settings_may_do_everything_under_its_own_name() {
    let operators = Operators::new("[ops]\ntoken = 'open the door please'\n").await;
    let token = "open the door please";
    let note = operators.post("/api/v1/events").bearer_auth(token);
    assert_eq!(
        send(note.body(r#"{"text": "Release 1"}"#)).await.status,
        201
    );
    let log = send(operators.get("/api/v1/audit").bearer_auth(token)).await;
    let entry = &log.json()["entries"][0];
    assert_eq!(
        (&entry["actor"], &entry["proof"]),
        (&"ops".into(), &"token".into())
    );
    assert_eq!(
        (&entry["act"], &entry["detail"]),
        (&"add event".into(), &"Release 1".into())
    );
}
