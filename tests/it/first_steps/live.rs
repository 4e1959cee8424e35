//! `critwatch check --live`: collectors and receivers are tried once, and nobody gets a
//! message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{Method, Request, StatusCode};

use crate::place::Place;

/// Remote sides of several kinds, which count what would be a message.
async fn remote_sides() -> (String, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let answer = move |request: Request<axum::body::Body>| {
        let path = request.uri().path().to_owned();
        let is_question = path.contains("getChat") || path.contains("auth.test");
        if request.method() == Method::POST && !is_question {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        async move {
            let body = match &*path {
                "/botgood/getChat" => "{\"ok\":true}",
                "/api/auth.test" => "{\"ok\":false,\"error\":\"invalid_auth\"}",
                "/hook" => "{}",
                _ => return (StatusCode::NOT_FOUND, String::new()),
            };
            (StatusCode::OK, body.to_owned())
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_are_tried_without_a_message() {
    let (url, sent) = remote_sides().await;
    let place = Place::new();
    let head = "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n";
    let good = format!(
        "{head}[[collector]]\nid = 'machine'\ntype = 'host'\n\
        [[notifier]]\nid = 'chat'\ntype = 'telegram'\ntoken = 'good'\nchat = '5'\nserver = '{url}'\n\
        [[notifier]]\nid = 'phone'\ntype = 'discord'\nwebhook = '{url}/hook'\n\
        [[notifier]]\nid = 'page'\ntype = 'webhook'\nurl = '{url}/own'\nsecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'\n\
        [[notifier]]\nid = 'log'\ntype = 'console'\n"
    );
    std::fs::write(place.path("alerts.toml"), &good).unwrap();
    let done = place.run(&["check", "--live"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.said);
    for words in [
        "machine answered in ",
        "chat accepts the credentials, after ",
        "phone accepts the credentials, after ",
        "page was reached after ",
        "`critwatch notify test page` sends a message",
        "log was not tried: it sends nothing over the network",
    ] {
        assert!(done.said.contains(words), "{words}: {}", done.said);
    }
    let bad = format!(
        "{good}[[notifier]]\nid = 'team'\ntype = 'slack'\ntoken = 'x'\nchannel = 'c'\nserver = '{url}'\n\
        [[notifier]]\nid = 'gone'\ntype = 'gotify'\ntoken = 'x'\nserver = 'http://127.0.0.1:1'\n\
        [[collector]]\nid = 'dead'\ntype = 'tcp'\naddress = '127.0.0.1:1'\n"
    );
    std::fs::write(place.path("alerts.toml"), bad).unwrap();
    let done = place.run(&["check", "--live"]);
    assert_eq!(done.code, 1, "{}{}", done.out, done.said);
    for words in [
        "team would get no message: its server answers: invalid_auth; compare its address and its token",
        "gone would get no message: its server: ",
        "dead failed after ",
        "[receiver-failed]",
        "[collector-failed]",
    ] {
        assert!(done.out.contains(words), "{words}: {}", done.out);
        assert!(
            !done.said.contains(words),
            "{words} is told once: {}",
            done.said
        );
    }
    // A finding names the line of what failed.
    let text = std::fs::read_to_string(place.path("alerts.toml")).unwrap();
    for id in ["team", "gone", "dead"] {
        let mut lines = text.lines().zip(1..);
        let (_, line) = lines
            .find(|(line, _)| *line == format!("id = '{id}'"))
            .unwrap();
        let told = format!("alerts.toml:{line}:6: warning: {id} ");
        assert!(done.out.contains(&told), "{told}: {}", done.out);
    }
    assert_eq!(sent.load(Ordering::Relaxed), 0, "nobody gets a message");
}
