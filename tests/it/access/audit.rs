//! Who did what.

use serde_json::{Value, json};

use crate::access::{Operators, form_token, send};

#[tokio::test]
async fn every_change_is_written_down_with_who_made_it() {
    let operators = Operators::new("").await;
    let reload = send(operators.post("/-/reload")).await;
    assert_eq!(reload.status, 200);
    let token = operators.token("root", "admin").await;
    let silence = json!({ "matchers": [{ "name": "rule", "value": "x" }], "createdBy": "Ann",
        "endsAt": "2199-01-01T00:00:00Z", "comment": "Move" });
    let add = operators.post("/api/v1/silences").bearer_auth(&token);
    let id = send(add.body(silence.to_string())).await.json()["id"].clone();
    let url = operators.url(&format!("/api/v1/silence/{}", id.as_str().unwrap()));
    let end = crate::access::client().delete(url).bearer_auth(&token);
    assert_eq!(send(end).await.status, 200);
    let cookie = operators.log_in(&token).await.cookie();
    let page = send(operators.get("/login").header("Cookie", &cookie)).await;
    let own = form_token(&page.text);
    let out = operators.form("/logout", &[("form_token", &own)]);
    assert_eq!(send(out.header("Cookie", &cookie)).await.status, 303);
    // What is refused changes nothing.
    let bad = operators
        .post("/api/v1/events")
        .bearer_auth(&token)
        .body("{}");
    assert_eq!(send(bad).await.status, 400);

    let list = async |query: &str| {
        let request = operators.get(&format!("/api/v1/audit{query}"));
        send(request.bearer_auth(&token)).await.json()
    };
    let all = list("").await;
    let lines = |all: &Value| -> Vec<String> {
        let entries = all["entries"].as_array().unwrap().iter();
        let parts = ["actor", "proof", "act", "target", "detail"];
        entries
            .map(|entry| parts.map(|part| entry[part].as_str().unwrap()).join("|"))
            .collect()
    };
    let expected = [
        "root|token|log out|127.0.0.1|",
        "root|token|log in|127.0.0.1|",
        "root|token|end silence|1|",
        "root|token|add silence|1|{rule=\"x\"}",
        "ann|command|add token|root|scopes admin",
        "anyone|open|reload|settings|in force",
    ];
    assert_eq!(lines(&all), expected);
    assert_eq!(all["next"], Value::Null);
    let first = list("?limit=4").await;
    assert_eq!(lines(&first), expected[..4]);
    let rest = list(&format!("?limit=4&before={}", first["next"])).await;
    assert_eq!(lines(&rest), expected[4..]);
    for query in ["?limit=0", "?limit=501", "?limit=x", "?befor=1"] {
        let request = operators.get(&format!("/api/v1/audit{query}"));
        let answer = send(request.bearer_auth(&token)).await;
        assert!(
            answer.status == 400 && answer.text.contains("before="),
            "{query}: {answer:?}"
        );
    }
    let log = operators.log();
    assert_eq!(log.matches(r#""message":"audit""#).count(), 5, "{log}");
    assert!(!log.contains(&token[3..]) && !all.to_string().contains(&token[3..]));
}
