//! How a page is asked for, and what of it is refused.

use std::process::Stdio;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use axum::routing::get;
use futures_util::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::pages::{TEXT, certificates, collector, page, serve, take, value, written};

#[tokio::test]
async fn a_page_of_a_million_series_is_refused_and_not_kept() {
    let served = async |pages: u32| {
        let pieces = futures_util::stream::iter(0..pages).map(|piece| {
            let lines = (0..1000).map(|line| {
                format!("hits_total{{host=\"web-{piece}\",path=\"/{line}\"}} {line}\n")
            });
            Ok::<_, std::io::Error>(lines.collect::<String>())
        });
        Body::from_stream(pieces).into_response()
    };
    let routes = Router::new()
        .route("/metrics", get(async move || served(1000).await))
        .route("/fewer", get(async move || served(30).await));
    let address = serve(routes).await;
    let url = format!("url = 'http://{address}/metrics'\n");
    for (settings, reason, scraped, words) in [
        ("", "series", 20_001.0, "more than 20000 series"),
        ("series = 10\n", "series", 11.0, "more than 10 series"),
        (
            "size = 100_000\n",
            "size",
            f64::NAN,
            "longer than 100000 bytes",
        ),
    ] {
        let (take, failure) = take("prometheus", &format!("{url}{settings}")).await;
        assert!(failure.contains(words), "{failure}");
        assert_eq!(value(&take, "up", None), Some(0.0));
        for known in ["size", "series", "labels"] {
            let expected = f64::from(u8::from(known == reason));
            assert_eq!(
                value(&take, "scrape_refused", Some(("reason", known))),
                Some(expected)
            );
        }
        let read = value(&take, "scrape_samples_scraped", None).unwrap();
        assert!(
            scraped.is_nan() && read < 20_000.0 || read.to_bits() == scraped.to_bits(),
            "{read}"
        );
        // What is handed on is the scrape's own figures alone.
        assert!(take.samples.len() < 12, "{}", take.samples.len());
    }
    // A drop rule makes room: what is dropped costs nothing.
    let drop = "series = 1000\n[[collector.relabel]]\nsource_labels = ['host']\nregex = 'web-7'\naction = 'keep'";
    let url = format!("url = 'http://{address}/fewer'\n");
    let (take, failure) = take("prometheus", &format!("{url}{drop}")).await;
    assert_eq!(failure, "");
    assert_eq!(value(&take, "scrape_samples_scraped", None), Some(30_000.0));
    assert_eq!(
        value(&take, "scrape_samples_post_metric_relabeling", None),
        Some(1000.0)
    );
    assert_eq!(value(&take, "up", None), Some(1.0));
}

#[tokio::test]
async fn a_series_that_is_there_twice_counts_once_and_labels_are_put_on() {
    // It does not say itself whether it was up.
    let text = "a{team=\"x\"} 1\na{team=\"x\"} 2\nb 3\nscrape_samples_scraped 9\n";
    let address = page(TEXT, text).await;
    let settings =
        format!("url = 'http://{address}/metrics'\nlabels = {{ team = 'dice', zone = 'north' }}");
    let (take, _) = take("prometheus", &settings).await;
    let own = "job=\"it\",team=\"dice\",zone=\"north\"";
    let expected = [
        (format!("a{{exported_team=\"x\",{own}}}"), "1".to_owned()),
        (format!("b{{{own}}}"), "3".to_owned()),
        ("up{job=\"it\"}".to_owned(), "1".to_owned()),
    ];
    assert_eq!(written(&take.samples), expected.into());
    assert_eq!(value(&take, "scrape_samples_duplicate", None), Some(1.0));
    let address = page(TEXT, "up 0\nup{of=\"x\"} 0\n").await;
    let (take, _) = self::take("prometheus", &format!("url = 'http://{address}/metrics'")).await;
    let up = take.samples.iter().filter(|one| one.metric.name == "up");
    let up: Vec<_> = up.map(|one| one.value.to_string()).collect();
    assert_eq!(up, ["0", "1"]);
}

#[tokio::test]
async fn the_page_is_asked_with_what_the_settings_say_and_the_secret_goes_nowhere_else() {
    let other = page(TEXT, "stolen 1\n").await;
    let answer = async move |headers: HeaderMap| {
        let says = |name: &str| {
            headers
                .get(name)
                .map_or("", |value| value.to_str().unwrap())
                .to_owned()
        };
        assert!(says("accept").starts_with("application/openmetrics-text;version=1.0.0"));
        match &*says("authorization") {
            "Bearer sesame" if says("x-scope-orgid") == "dice" => {
                "who{is=\"bearer\"} 1\n".into_response()
            }
            "Basic YW5uOnNlc2FtZQ==" => "who{is=\"ann\"} 1\n".into_response(),
            "Bearer moved" => {
                axum::response::Redirect::temporary(&format!("http://{other}/metrics"))
                    .into_response()
            }
            _ => axum::http::StatusCode::UNAUTHORIZED.into_response(),
        }
    };
    let address = serve(Router::new().route("/metrics", get(answer))).await;
    let url = format!("url = 'http://{address}/metrics'\n");
    for (settings, who, failure) in [
        (
            "bearer = 'sesame'\nheaders = { X-Scope-OrgID = 'dice' }",
            Some("bearer"),
            "",
        ),
        ("username = 'ann'\npassword = 'sesame'", Some("ann"), ""),
        (
            "bearer = 'moved'",
            None,
            "the page answered 307 Temporary Redirect",
        ),
        ("", None, "the page answered 401 Unauthorized"),
    ] {
        let (take, said) = take("prometheus", &format!("{url}{settings}")).await;
        assert_eq!(said, failure);
        let found = take
            .samples
            .iter()
            .find(|sample| sample.metric.name == "who");
        assert_eq!(found.map(|sample| &*sample.metric.labels["is"]), who);
        let (_, collector) = collector("prometheus", &format!("{url}{settings}"));
        assert!(!format!("{collector:?}").contains("sesame"));
    }
}

#[tokio::test]
async fn a_page_behind_an_authority_of_ones_own_is_read_by_who_trusts_it() {
    let place = tempfile::tempdir().unwrap();
    certificates(place.path());
    std::fs::write(
        place.path().join("metrics"),
        "HTTP/1.0 200 OK\r\n\r\nsafe 1\n",
    )
    .unwrap();
    let mut server = Command::new("openssl")
        .args("s_server -HTTP -accept 127.0.0.1:0 -cert it.pem -key it.key".split(' '))
        .current_dir(place.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let port = loop {
        let line = lines.next_line().await.unwrap().unwrap();
        if let Some(address) = line.strip_prefix("ACCEPT ") {
            break address.rsplit(':').next().unwrap().to_owned();
        }
    };
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    let url = format!("url = 'https://localhost:{port}/metrics'\n");
    let (_, failure) = take("prometheus", &url).await;
    assert!(
        failure.starts_with("http: cannot connect") && failure.contains("ertificate"),
        "{failure}"
    );
    let ca = place.path().join("ca.pem");
    let (taken, failure) = take("prometheus", &format!("{url}ca_file = '{}'", ca.display())).await;
    assert_eq!(
        (failure.as_str(), value(&taken, "safe", None)),
        ("", Some(1.0))
    );
}
