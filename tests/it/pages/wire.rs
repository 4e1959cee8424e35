//! Answers that are packed, cut off or no whole pages, compared with what
//! Prometheus makes of them, and read by everything else that asks over HTTP.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::pages::{Prometheus, installed, serve, take, written};
use crate::world::Monitor;
use crate::world::patience::until;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A server that gives the same answer to everything.
async fn answer(status: u16, coding: &'static str, body: Vec<u8>) -> SocketAddr {
    let status = StatusCode::from_u16(status).unwrap();
    let mut headers = HeaderMap::new();
    if !coding.is_empty() {
        headers.insert("content-encoding", coding.parse().unwrap());
    }
    let answer = async move || (status, headers, body);
    serve(Router::new().fallback(get(answer.clone()).post(answer))).await
}

/// What servers answer: a status, a coding and a body.
fn answers() -> Vec<(u16, &'static str, Vec<u8>)> {
    let long = "b 2\n".repeat(15_000);
    let cut = |bytes: Vec<u8>, less: usize| bytes[..bytes.len() - less].to_vec();
    vec![
        (200, "gzip", gzip("a 1\nb 2\n")),
        (200, "gzip", [gzip("a 1\n"), gzip("b 2\n")].concat()),
        (200, "gzip", [gzip("a 1\n"), gzip(""), gzip(&long)].concat()),
        (200, "gzip", [gzip("a 1\nb"), gzip(" 2\n")].concat()),
        (200, "gzip", [gzip("a 1\n"), b"junk".to_vec()].concat()),
        (200, "gzip", [gzip("a 1\n"), vec![0; 9]].concat()),
        (200, "gzip", [gzip("a 1\n"), cut(gzip("b 2\n"), 1)].concat()),
        (
            200,
            "gzip",
            [gzip("a 1\n"), gzip("b 2\n")[..5].to_vec()].concat(),
        ),
        (200, "gzip", cut(gzip("a 1\n"), 8)),
        (200, "gzip", cut(gzip(&format!("a 1\n{long}")), 20)),
        (200, "gzip", b"a 1\n".to_vec()),
        (200, "gzip", Vec::new()),
        (200, "deflate", gzip("a 1\n")),
        (200, "", gzip("a 1\n")),
        (200, "identity", b"a 1\n".to_vec()),
        (200, "utf-8", b"a 1\n".to_vec()),
        (201, "", b"a 1\n".to_vec()),
        (203, "", b"a 1\n".to_vec()),
        (204, "", Vec::new()),
        (206, "", b"a 1\n".to_vec()),
        (200, "", b"# caf\xe9\na 1\n".to_vec()),
        (200, "", b"# HELP a caf\xe9\na 1\n".to_vec()),
        (200, "", b"# TYPE caf\xe9 gauge\na 1\n".to_vec()),
        (
            200,
            "",
            format!("# HELP a {}\na 1\n", "x".repeat(70_000)).into_bytes(),
        ),
    ]
}

#[tokio::test]
async fn an_answer_is_a_page_to_us_if_it_is_one_to_prometheus() {
    if !installed("prometheus") {
        return;
    }
    let mut settings =
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
    let mut ours = Vec::new();
    for (number, (status, coding, body)) in answers().into_iter().enumerate() {
        let address = answer(status, coding, body).await;
        writeln!(
            settings,
            "- {{job_name: p{number}, static_configs: [{{targets: ['{address}']}}]}}"
        )
        .unwrap();
        let said = take("prometheus", &format!("url = 'http://{address}/metrics'")).await;
        ours.push(said);
    }
    let prometheus = Prometheus::start(&settings, "");
    for (number, (take, failure)) in ours.iter().enumerate() {
        let job = format!("job=\"p{number}\"");
        until("Prometheus scraped the page", async || {
            let done = format!("scrape_samples_scraped{{{job}}}");
            (!prometheus.query(&done).await.is_empty()).then_some(())
        })
        .await;
        let theirs = format!("{{{job},__name__!~\"scrape_.*\"}}");
        let theirs = prometheus.query(&theirs).await;
        let ours: BTreeMap<_, _> = written(&take.samples)
            .into_iter()
            .map(|(series, value)| (series.replace("job=\"it\"", &job), value))
            .collect();
        let (status, coding, _) = &answers()[number];
        assert_eq!(ours, theirs, "{number}: {status} {coding}: {failure}");
    }
}

/// A page of names that the classic format has no letters for.
const LETTERS: &str =
    "{\"jobs.done\",\"queue.name\"=\"mail\"} 3\njobs_done{queue_name=\"mail\"} 4\nplain 5\n";

#[tokio::test]
async fn names_of_any_letters_are_federated_as_the_scraper_wants_them() {
    let place = tempfile::tempdir().unwrap();
    let address = answer(200, "", LETTERS.into()).await;
    let settings = format!(
        "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n[[collector]]\nid = 'it'\n\
        type = 'prometheus'\nurl = 'http://{address}/'\n[[rule]]\nid = 'r'\n\
        expr = '{{__name__=~\"jobs.*|plain\"}} > 9'\nseverity = 'down'\ncomponents = ['c']\n\
        title = 'T'\ntext = 't'\n"
    );
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let url = format!(
        "{}/federate?match[]={{__name__!=\"up\",__name__=~\"[jp].*\"}}",
        monitor.ops
    );
    let asked = async |accept: &str| {
        let request = reqwest::Client::new().get(&url).header("accept", accept);
        let response = request.send().await.unwrap();
        let kind = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (kind, response.text().await.unwrap())
    };
    until("the page was read", async || {
        asked("*/*").await.1.contains("plain").then_some(())
    })
    .await;
    let (kind, text) = asked("text/plain;version=1.0.0;escaping=allow-utf-8").await;
    assert_eq!(
        kind,
        "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
    );
    assert!(
        text.contains("{\"jobs.done\",job=\"it\",\"queue.name\"=\"mail\"} 3.0 "),
        "{text}"
    );
    let (kind, text) = asked("text/plain;escaping=values").await;
    assert_eq!(
        kind,
        "text/plain; version=0.0.4; charset=utf-8; escaping=values"
    );
    assert!(
        text.contains("\nU__jobs_2e_done{U__queue_2e_name=\"mail\",job=\"it\"} 3.0 "),
        "{text}"
    );
    let (kind, text) = asked("*/*").await;
    assert_eq!(
        kind,
        "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
    );
    assert!(text.starts_with("# 1 series are omitted"), "{text}");
    // Our own collector takes the names as they are.
    let (taken, failure) = take("prometheus", &format!("url = '{url}'")).await;
    let names: Vec<_> = written(&taken.samples).into_keys().collect();
    assert!(
        names.contains(&"jobs.done{exported_job=\"it\",job=\"it\",queue.name=\"mail\"}".to_owned()),
        "{names:?} {failure}"
    );
    if !installed("prometheus") {
        return;
    }
    // An old Prometheus takes the page as well, with what is left of it.
    let target = monitor.ops.trim_start_matches("http://");
    let prometheus = Prometheus::start(
        &format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: f\n  honor_labels: true\n  \
            metrics_path: /federate\n  params: {{'match[]': ['{{__name__=~\"[jp].*\"}}']}}\n  \
            static_configs: [{{targets: ['{target}']}}]\n"
        ),
        "",
    );
    until("Prometheus has all that it can read", async || {
        let theirs = prometheus.query("{__name__=~\"jobs.*|plain\"}").await;
        (theirs.len() == 2).then_some(())
    })
    .await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn queries_and_providers_take_whole_answers_only() {
    const QUERY: &str = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"3"]}}"#;
    const PAGE: &str = r#"{"status":{"indicator":"none","description":"ok"},"incidents":[]}"#;
    let halves = |text: &str| {
        let (one, other) = text.split_at(20);
        [gzip(one), gzip(other)].concat()
    };
    for (kind, text) in [("query", QUERY), ("provider", PAGE)] {
        for (status, coding, body, up) in [
            (200, "", text.into(), true),
            (200, "gzip", gzip(text), true),
            (200, "gzip", halves(text), true),
            (200, "gzip", [gzip(text), b"junk".to_vec()].concat(), false),
            (200, "br", text.into(), false),
            (203, "", text.into(), false),
            (206, "", text.into(), false),
        ] {
            let address = answer(status, coding, body).await;
            let settings = match kind {
                "query" => "[[collector.query]]\nname = 'a'\nexpr = 'b'",
                _ => "format = 'statuspage'",
            };
            let (take, failure) =
                take(kind, &format!("url = 'http://{address}'\n{settings}")).await;
            let said = take.samples.iter().find(|one| one.metric.name == "up");
            let expected = f64::from(u8::from(up));
            assert_eq!(
                said.unwrap().value.to_bits(),
                expected.to_bits(),
                "{kind}, {status} {coding}: {failure}"
            );
        }
    }
}
