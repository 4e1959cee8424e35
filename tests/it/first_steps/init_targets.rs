//! `critwatch init` with addresses of every kind: several of one, dead ones, and those
//! that lack a scheme.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

use crate::first_steps::init::{init, run, settings};
use crate::queues::world::Watched;

/// A server with two pages, two metrics pages, a Prometheus and an address that is gone.
async fn server() -> String {
    let jobs = r#"{"status":"success","data":["a"]}"#;
    let query = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;
    let routes = Router::new()
        .route("/", get(async || "hello"))
        .route("/history/", get(async || "hello"))
        .route("/metrics", get(async || "a_total 1\n"))
        .route("/other", get(async || "b_total 1\n"))
        .route("/api/v1/label/job/values", get(async move || jobs))
        .route(
            "/api/v1/query",
            get(async move || query).post(async move || query),
        )
        .route("/gone", get(async || StatusCode::NOT_FOUND));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address.to_string()
}

/// Components of one name would be one, and their settings would not be read.
#[tokio::test(flavor = "multi_thread")]
async fn several_targets_of_one_kind_and_host_give_settings_that_pass() {
    let (one, two) = (server().await, server().await);
    let [page, history] = ["/", "/history/"].map(|path| format!("http://{one}{path}"));
    let [metrics, other, third] = [(&one, "/metrics"), (&one, "/other"), (&two, "/metrics")]
        .map(|(host, path)| format!("http://{host}{path}"));
    let [first, second] = [&one, &two].map(|host| format!("http://{host}"));
    let twice = format!("http://{two}/");
    for arguments in [
        vec!["--page", &page, "--page", &history],
        vec!["--page", &page, "--page", &twice, "--page", &page],
        vec![
            "--metrics",
            &metrics,
            "--metrics",
            &other,
            "--metrics",
            &third,
        ],
        vec!["--prometheus", &first, "--prometheus", &second],
        vec![
            "--page",
            &page,
            "--page",
            &history,
            "--metrics",
            &metrics,
            "--metrics",
            &third,
            "--prometheus",
            &first,
            "--prometheus",
            &second,
        ],
    ] {
        let place = tempfile::tempdir().unwrap();
        let looks = ["--looks", "1"];
        let (code, said) = init(place.path(), &[&arguments[..], &looks].concat(), &[]);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        let text = settings(place.path());
        run(place.path(), &["check", "--strict"]);
        let names: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("name = "))
            .collect();
        let mut unlike = names.clone();
        unlike.sort_unstable();
        unlike.dedup();
        assert_eq!(unlike.len(), names.len(), "{names:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_one_host_are_named_by_their_paths() {
    let one = server().await;
    let [page, history] = ["/", "/history/"].map(|path| format!("http://{one}{path}"));
    let place = tempfile::tempdir().unwrap();
    let arguments = ["--page", &page, "--page", &history, "--looks", "1"];
    let (code, said) = init(place.path(), &arguments, &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for words in [
        "name = \"127.0.0.1\"",
        "name = \"127.0.0.1 /history/\"",
        "title = \"127.0.0.1 /history/ does not answer\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// What is down when it is first seen would get thresholds from its failures.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_answer_is_refused_whatever_it_is() {
    let one = server().await;
    let gone = format!("http://{one}/gone");
    let tls = format!("https://{one}/");
    let dead = "http://127.0.0.1:1/";
    for (arguments, words) in [
        (["--page", dead], "--page http://127.0.0.1:1/: "),
        (["--page", &gone], "404"),
        (["--page", &tls], "--page https://127.0.0.1"),
        (
            ["--page", "ftp://h/"],
            "must begin with http:// or https://",
        ),
        (
            ["--metrics", dead],
            "--metrics http://127.0.0.1:1/: it does not answer",
        ),
        (["--metrics", &gone], "404"),
        (
            ["--prometheus", dead],
            "--prometheus http://127.0.0.1:1/: it does not answer",
        ),
        (["--redis", "127.0.0.1:1"], "--redis redis://127.0.0.1:1: "),
        (
            ["--redis", "redis://:hunter2/x@h"],
            "--redis redis://…@h: this is not a Redis URL",
        ),
        (
            ["--host", "127.0.61.80"],
            "--host 127.0.61.80: nothing answers",
        ),
    ] {
        let place = tempfile::tempdir().unwrap();
        let (code, said) = init(place.path(), &arguments, &[]);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(words), "{words}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert!(!place.path().join("alerts.toml").exists(), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_a_scheme_gets_one_and_commas_part_addresses() {
    let redis = Watched::new(&[]).await;
    let socket = redis.url();
    let socket = socket.strip_prefix("unix://").unwrap();
    let one = server().await;
    let pages = format!("{one},{one}/history/");
    let metrics = format!("{one}/metrics");
    let place = tempfile::tempdir().unwrap();
    let arguments = [
        "--redis",
        socket,
        "--page",
        &pages,
        "--metrics",
        &metrics,
        "--looks",
        "1",
    ];
    let (code, said) = init(place.path(), &arguments, &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for url in [
        redis.url(),
        format!("http://{one}"),
        format!("http://{one}/history/"),
        format!("http://{one}/metrics"),
    ] {
        assert!(text.contains(&format!("url = \"{url}\"")), "{url}: {text}");
    }
    assert!(said.contains("/metrics: 1 metric\n"), "{said}");
}
