//! Requests that are odd or wrong, and what is told of an address.

use crate::serving::{ask, monitor, monitor_with, raw};

#[tokio::test]
async fn a_head_that_is_too_long_or_no_http_is_refused_and_harms_nobody() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    let many = (0..100).fold(String::new(), |all, number| {
        format!("{all}X-{number}: y\r\n")
    });
    let long = format!("X: {}\r\n", "y".repeat(100_000));
    for headers in [many, long] {
        let head = format!("GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let answer = raw(&monitor.page, &head).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        // Who still sends may find the line closed.
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
    }
    let answer = raw(&monitor.page, "\u{1}\u{2}\u{3}\r\n\r\n").await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 400"));
    let large = format!("Content-Length: 100000\r\n\r\n{}", "x".repeat(100_000));
    assert_eq!(ask(&monitor, "POST", "/nope", &large).await.status, 413);
    assert_eq!(ask(&monitor, "GET", "/", "").await.status, 200);
}

#[tokio::test]
async fn a_request_that_names_no_host_or_two_or_none_that_could_be_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    for server in [&monitor.page, &monitor.ops] {
        for (version, hosts, status) in [
            ("1.1", "Host: localhost\r\n", 200),
            ("1.1", "Host:\r\n", 200),
            ("1.0", "", 200),
            ("1.1", "", 400),
            ("1.1", "Host: localhost\r\nHost: localhost\r\n", 400),
            ("1.0", "Host: localhost\r\nHost: evil.example\r\n", 400),
            ("1.1", "Host: a b<script>\r\n", 400),
            ("1.1", "Host: a/../b\r\n", 400),
            ("1.1", "Host: me@localhost\r\n", 400),
        ] {
            let path = if *server == monitor.page {
                "/"
            } else {
                "/metrics"
            };
            let head = format!("GET {path} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
            let answer = String::from_utf8(raw(server, &head).await).unwrap();
            let expected = format!("HTTP/{version} {status} ");
            assert!(answer.starts_with(&expected), "{hosts}: {answer}");
            assert!(
                answer.contains("x-content-type-options: nosniff"),
                "{answer}"
            );
            if status == 400 {
                assert!(
                    answer.contains("`Host`") && !answer.contains("evil"),
                    "{answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_can_be_done_at_an_address_is_told_and_nothing_else_can() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor_with(place.path(), "reports = true\n").await;
    let reading = "GET, HEAD, OPTIONS";
    let reporting = "GET, HEAD, OPTIONS, POST";
    for (path, allowed, open) in [
        ("/", reading, false),
        ("/issues/", reading, false),
        ("/issues", reading, false),
        ("/affected/", reading, false),
        ("/report", reporting, false),
        ("/live", reading, true),
        ("/live?since=1", reading, true),
        ("/index.json", reading, true),
        ("/api/v2/summary.json", reading, true),
    ] {
        for (method, status) in [
            ("OPTIONS", 204),
            ("PUT", 405),
            ("DELETE", 405),
            ("PATCH", 405),
            ("POST", 405),
            ("ODD", 405),
        ] {
            if allowed.contains(method) && status == 405 {
                continue;
            }
            let answer = ask(&monitor, method, path, "Content-Length: 0\r\n").await;
            assert_eq!(answer.status, status, "{method} {path}");
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let origin = answer.header("access-control-allow-origin");
            assert_eq!(origin == "*", open, "{method} {path}");
            let told = answer.header("access-control-allow-methods");
            assert_eq!(told == allowed, open && status == 204, "{method} {path}");
        }
        let head = ask(&monitor, "HEAD", path, "").await;
        assert!(head.status < 400 && head.body.is_empty(), "{path}");
    }
    assert_eq!(ask(&monitor, "OPTIONS", "*", "").await.status, 204);
    assert_eq!(ask(&monitor, "OPTIONS", "/nope", "").await.status, 404);
    assert_eq!(ask(&monitor, "POST", "/nope.json", "").await.status, 404);
}

#[tokio::test]
async fn where_nobody_reports_the_form_is_not_there_for_any_method() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor_with(place.path(), "reports = false\n").await;
    for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT"] {
        let answer = ask(&monitor, method, "/report", "Content-Length: 0\r\n").await;
        assert_eq!(answer.status, 404, "{method}");
    }
}
