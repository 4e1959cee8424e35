//! Alerts in the forms of others, and what is refused of them.

use serde_json::{Value, json};

use crate::push::{ALERTS, Pushed, alert, client, post};
use crate::world::{self};

#[expect(clippy::too_many_lines, reason = "a table of cases")]
#[tokio::test]
async fn errors_of_alertmanagers_api_are_json_strings_whoever_refuses() {
    let token = "a-token-of-some-length";
    let pushed = Pushed::new(&format!("\n[ops]\ntoken = \"{token}\"\n")).await;
    let ask = async |method: &str, path: &str, token: &str, body: &'static str| {
        let request = client().request(method.parse().unwrap(), pushed.ops(path));
        let request = request.bearer_auth(token).body(body).send().await.unwrap();
        let kind = request.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        let status = request.status().as_u16();
        (status, kind, request.text().await.unwrap())
    };
    for (method, path, token, body, expected) in [
        (
            "POST",
            "/api/v2/alerts",
            token,
            "[]",
            (404, "add a `[[collector]]`"),
        ),
        (
            "POST",
            "/api/v2/alerts",
            "wrong",
            "[]",
            (401, "Bearer TOKEN"),
        ),
        (
            "GET",
            "/api/v2/alerts?filter=x",
            token,
            "",
            (400, "there is no `=`"),
        ),
        (
            "GET",
            "/api/v2/silence/7",
            token,
            "",
            (404, "no silence `7`"),
        ),
        ("POST", "/api/v2/silences", token, "{", (400, "not JSON")),
        (
            "POST",
            "/api/v2/silences",
            "wrong",
            "{}",
            (401, "Bearer TOKEN"),
        ),
        (
            "POST",
            "/api/v2/silences",
            token,
            r#"{"matchers":[{"name":"x","value":".*","isRegex":true}],"createdBy":"B",
            "comment":"c","startsAt":"2026-03-01T12:00:00Z","endsAt":"2199-03-01T12:00:00Z"}"#,
            (400, "matchers: "),
        ),
    ] {
        let (status, kind, said) = ask(method, path, token, body).await;
        assert_eq!(
            (status, &*kind),
            (expected.0, "application/json"),
            "{path}: {said}"
        );
        let said: String = serde_json::from_str(&said).unwrap();
        assert!(said.contains(expected.1), "{path}: {said}");
    }
    // Our own API names the field apart, as ever.
    let (_, _, said) = ask("POST", "/api/v1/silences", token, "{}").await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["error"]["field"], "endsAt", "{said}");
    // Where nothing takes alerts none fires.
    for path in ["/api/v2/alerts", "/api/v2/alerts/groups"] {
        let (status, _, said) = ask("GET", path, token, "").await;
        assert_eq!((status, &*said), (200, "[]"), "{path}");
    }
}

#[tokio::test]
async fn a_webhook_brings_firing_and_resolved_mixed_and_says_what_it_left_out() {
    let settings = format!(
        "{ALERTS}\n[[rule]]\nid = 'left-out'\nexpr = 'critwatch_alerts_truncated_total > 5'\n\
        severity = 'notice'\ncomponents = ['backup']\ntitle = 'Too long'\ntext = 'T'\n"
    );
    let pushed = Pushed::new(&settings).await;
    let webhook = pushed.ops("/webhook/alertmanager");
    let message = |target: &str, other: &str| {
        let alert = |name: &str, status: &str| {
            let ended = status == "resolved";
            let ends = if ended {
                "2026-03-01T10:00:00Z"
            } else {
                "0001-01-01T00:00:00Z"
            };
            json!({ "status": status, "labels": { "alertname": name }, "annotations": {},
                "startsAt": "2026-03-01T09:00:00.123456789+00:00", "endsAt": ends,
                "generatorURL": "", "fingerprint": "0123456789abcdef" })
        };
        json!({ "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 3, "status": "firing",
            "receiver": "us", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "externalURL": "", "alerts": [alert("TargetDown", target), alert("Other", other)] })
    };
    let first = message("firing", "resolved").to_string();
    assert_eq!(post(&webhook, first.clone()).await.0, 200);
    pushed.until("api", "down").await;
    assert_eq!(post(&webhook, first).await.0, 200);
    pushed.until("backup", "notice").await;
    assert!(
        pushed.log().contains("left alerts out of its webhook"),
        "{}",
        pushed.log()
    );
    let second = message("resolved", "firing").to_string();
    assert_eq!(post(&webhook, second).await.0, 200);
    pushed.until("api", "ok").await;
    let (_, listed) = world::get(&pushed.ops("/api/v2/alerts")).await;
    assert!(
        listed.contains("Other") && !listed.contains("TargetDown"),
        "{listed}"
    );
}

#[tokio::test]
async fn garbage_is_refused_with_its_place_and_too_much_with_the_limit() {
    let pushed = Pushed::new(ALERTS).await;
    let url = pushed.ops("/api/v2/alerts");
    let webhook = pushed.ops("/webhook/alertmanager");
    for (url, body, place) in [
        (&url, "[\n{\"labels\": 7}]", "line 2"),
        (&url, "{}", "line 1"),
        (
            &url,
            "[{\"labels\":{\"a\":\"b\"},\"endsAt\":\"soon\"}]",
            "line 1",
        ),
        (
            &url,
            "[{\"labels\":{\"a\":\"b\"}},{\"labels\":{}}]",
            "alert 1",
        ),
        (&webhook, "{\"version\":\"3\",\"alerts\":[]}", "version 4"),
        (
            &webhook,
            "{\"version\":\"4\",\"alerts\":[{\"labels\":{\"a\":\"b\"}}]}",
            "`status`",
        ),
    ] {
        let (status, words) = post(url, body).await;
        assert_eq!(status, 400, "{body}: {words}");
        assert!(words.contains(place), "{body}: {words}");
    }
    // What is good in a request with a fault is taken.
    let (_, listed) = world::get(&url).await;
    assert_eq!(
        serde_json::from_str::<Value>(&listed)
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let (status, words) = post(&url, vec![b' '; 1024 * 1024 + 1]).await;
    assert!(status == 413 && words.contains("1 MiB"), "{status} {words}");
    let many: Vec<_> = (0..5000)
        .map(|number| alert(&format!("a{number}"), None))
        .collect();
    let (status, words) = post(&url, Value::from(many).to_string()).await;
    assert!(status == 429 && words.contains("5000"), "{status} {words}");
    assert!(
        pushed.log().contains("too many alerts fire"),
        "{}",
        pushed.log()
    );
}
