//! `POST /webhook/git`: who may say that somebody has pushed.

use std::time::Duration;

use ring::hmac;

use super::remote::{Remote, incident};
use super::{place, until_equal};
use crate::kept::Page;
use crate::world::Monitor;

const SECRET: &str = "a secret of a git host";

fn signature(body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, body.as_bytes());
    tag.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn post(monitor: &Monitor, headers: &[(&str, &str)], body: String) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client
        .post(format!("{}/webhook/git", monitor.ops))
        .body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
        .send()
        .await
        .map_or(413, |answer| answer.status().as_u16())
}

#[tokio::test]
async fn a_signed_webhook_has_the_remote_asked_at_once_and_no_other_does() {
    let page = Page::start().await;
    let remote = Remote::new(&[("a.md", &incident("A", "It is old."))]);
    let place = place(&page, &remote, &format!("webhook_secret = '{SECRET}'"));
    let settings = place.path().join("alerts.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(
        &settings,
        text.replace("interval = '1s'", "interval = '1h'"),
    )
    .unwrap();
    let incidents = place.path().join("incidents");
    let monitor = Monitor::serve(place.path(), &[]).await;
    until_equal(&remote, &incidents, "").await;

    let body = "{\"ref\":\"refs/heads/main\"}";
    let signed = format!("sha256={}", signature(body));
    let wrong = format!("sha256={}", signature("something else"));
    for headers in [
        vec![],
        vec![("x-hub-signature-256", wrong.as_str())],
        vec![("x-hub-signature-256", "sha256=")],
        vec![("x-gitlab-token", "a secret of a git")],
        vec![("authorization", SECRET)],
    ] {
        assert_eq!(
            post(&monitor, &headers, body.to_owned()).await,
            401,
            "{headers:?}"
        );
    }
    let huge = "x".repeat(5 * 1024 * 1024);
    assert_eq!(
        post(&monitor, &[("x-gitlab-token", SECRET)], huge).await,
        413
    );

    remote.edit("Ann writes", |_| {
        vec![("b.md".to_owned(), Some(incident("B", "New.")))]
    });
    assert_eq!(
        post(
            &monitor,
            &[("x-hub-signature-256", &signed)],
            body.to_owned()
        )
        .await,
        202
    );
    until_equal(&remote, &incidents, "").await;
    // Whoever recorded it may send it again: nothing follows.
    assert_eq!(
        post(
            &monitor,
            &[("x-hub-signature-256", &signed)],
            body.to_owned()
        )
        .await,
        200
    );
    for (name, value, body) in [
        ("x-gitlab-token", SECRET.to_owned(), "{\"n\":1}"),
        ("x-gitea-signature", signature("{\"n\":2}"), "{\"n\":2}"),
    ] {
        let file = format!("{}.md", name.replace("x-", ""));
        remote.edit("Ann writes", |_| {
            vec![(file.clone(), Some(incident(&file, "New.")))]
        });
        assert_eq!(
            post(&monitor, &[(name, &value)], body.to_owned()).await,
            202,
            "{name}"
        );
        let found = tokio::time::timeout(
            Duration::from_secs(30),
            until_equal(&remote, &incidents, ""),
        );
        found.await.unwrap();
    }
}
