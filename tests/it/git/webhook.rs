//! `POST /webhook/git`: who may say that somebody has pushed.

use std::fmt::Write as _;

use ring::hmac;

use super::remote::{Remote, incident};
use super::{place, until_equal};
use crate::kept::Page;
use crate::world::Monitor;

const SECRET: &str = "a secret of a git host";

fn signature(body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, body.as_bytes());
    tag.as_ref().iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    })
}

async fn post(monitor: &Monitor, headers: &[(&str, &str)], body: String) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
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

/// A monitor that asks its remote once an hour, with what the remote has.
async fn monitor(page: &Page, remote: &Remote) -> (tempfile::TempDir, Monitor) {
    let place = place(page, remote, &format!("webhook_secret = '{SECRET}'"));
    let settings = place.path().join("alerts.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(
        &settings,
        text.replace("interval = '1s'", "interval = '1h'"),
    )
    .unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    until_equal(remote, &place.path().join("incidents"), "").await;
    (place, monitor)
}

#[tokio::test]
async fn a_webhook_without_a_good_signature_is_refused() {
    let page = Page::start().await;
    let remote = Remote::new(&[("a.md", &incident("A", "It is old."))]);
    let (_place, monitor) = monitor(&page, &remote).await;
    let body = "{\"ref\":\"refs/heads/main\"}";
    let wrong = format!("sha256={}", signature("something else"));
    for headers in [
        vec![],
        vec![("x-hub-signature-256", wrong.as_str())],
        vec![("x-hub-signature-256", "sha256=")],
        vec![("x-gitlab-token", "a secret of a git")],
        vec![("authorization", SECRET)],
    ] {
        let status = post(&monitor, &headers, body.to_owned()).await;
        assert_eq!(status, 401, "{headers:?}");
    }
    let huge = "x".repeat(5 * 1024 * 1024);
    assert_eq!(
        post(&monitor, &[("x-gitlab-token", SECRET)], huge).await,
        413
    );
}

#[tokio::test]
async fn a_signed_webhook_has_the_remote_asked_at_once() {
    let page = Page::start().await;
    let remote = Remote::new(&[("a.md", &incident("A", "It is old."))]);
    let (place, monitor) = monitor(&page, &remote).await;
    for (number, name, prefix) in [
        (1, "x-hub-signature-256", "sha256="),
        (2, "x-gitea-signature", ""),
        (3, "x-gitlab-token", SECRET),
    ] {
        let body = format!("{{\"number\":{number}}}");
        let value = if prefix == SECRET {
            SECRET.to_owned()
        } else {
            format!("{prefix}{}", signature(&body))
        };
        let file = format!("{number}.md");
        remote.edit("Ann writes", |_| {
            vec![(file.clone(), Some(incident(&file, "New.")))]
        });
        assert_eq!(
            post(&monitor, &[(name, &value)], body.clone()).await,
            202,
            "{name}"
        );
        until_equal(&remote, &place.path().join("incidents"), "").await;
        // Whoever recorded it may send it again: nothing follows.
        assert_eq!(post(&monitor, &[(name, &value)], body).await, 200, "{name}");
    }
}
