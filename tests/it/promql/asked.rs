//! Prometheus' HTTP API as we answer it, compared with a real one over the same samples.

use std::fmt::Write as _;

use critwatch::model::request::samples::question::{RuleRuns, WindowQuestion};
use critwatch::pipeline::questions::{self, QuestionReader};
use critwatch::web::ops::prometheus;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::promql::rows::ROWS;
use crate::promql::series::series;
use crate::promql::world::{Prometheus, SAMPLE_SHIFT_MS, alike, alike_over, window};

/// A moment in the midst of the samples, and a span of them.
const MOMENT: i64 = 613_037;
const SPAN: (i64, i64, i64) = (480_037, 960_037, 53_000);

/// Rows that are compared at the moment only; `prometheus.rs` tells why.
const NOT_OVER_A_RANGE: [&str; 2] = [
    "topk(3, jobs_waiting)",
    "predict_linear(redis_memory_used_bytes[3m] @ 500, 60)",
];

/// Our own answers over the series of the tests, until it is dropped.
async fn ours(series: &[(String, String)]) -> (Prometheus, DropGuard) {
    let (asks, questions) = mpsc::channel::<WindowQuestion>(8);
    let window = window(series, SAMPLE_SHIFT_MS);
    let stop = CancellationToken::new();
    let guard = stop.clone().drop_guard();
    tokio::spawn(async move {
        let now = Timestamp::from_second(900).unwrap();
        let mut reader = QuestionReader::new(questions);
        loop {
            questions::answer(reader.next().await, &window, RuleRuns::new, now);
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let served = axum::serve(listener, prometheus::routes(asks));
        served
            .with_graceful_shutdown(async move { stop.cancelled().await })
            .await
            .unwrap();
    });
    (Prometheus::at(url), guard)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_answers_each_expression_as_prometheus_does() {
    let series = series();
    let Some(theirs) = Prometheus::start(&series).await else {
        return;
    };
    let (ours, _guard) = ours(&series).await;
    assert!(ROWS.len() >= 200, "{}", ROWS.len());
    let (ours, theirs) = (&ours, &theirs);
    let different = futures_util::stream::iter(ROWS)
        .map(async |row| {
            let mut different = String::new();
            let at = (
                ours.instant(row, MOMENT).await,
                theirs.instant(row, MOMENT).await,
            );
            if !alike(&at.0, &at.1) {
                writeln!(different, "{row}\n  ours {:?}\n  theirs {:?}", at.0, at.1).unwrap();
            }
            if NOT_OVER_A_RANGE.contains(row) {
                return different;
            }
            let over = (ours.range(row, SPAN).await, theirs.range(row, SPAN).await);
            if !alike_over(&over.0, &over.1) {
                writeln!(
                    different,
                    "{row} over\n  ours {:?}\n  theirs {:?}",
                    over.0, over.1
                )
                .unwrap();
            }
            different
        })
        .buffer_unordered(4)
        .collect::<String>()
        .await;
    assert!(different.is_empty(), "{different}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ranges_and_texts_are_answered_as_prometheus_does() {
    let series = series();
    let Some(theirs) = Prometheus::start(&series).await else {
        return;
    };
    let (ours, _guard) = ours(&series).await;
    for row in [
        "jobs_total[2m]",
        "(jobs_total{host='a'}[90s] offset 1m)",
        "jobs_waiting[5m]",
        "jobs_waiting[3m:30s]",
        "rate(jobs_total[1m])[2m:20s]",
        "sum by (host) (jobs_total)[4m:1m] offset 1m",
        "{__name__=~'jobs_.*', host='b'}[1m]",
        "nothing[5m]",
    ] {
        let (ours, theirs) = (
            ours.samples(row, MOMENT).await,
            theirs.samples(row, MOMENT).await,
        );
        assert!(alike_over(&ours, &theirs), "{row}: {ours:?}, {theirs:?}");
    }
    for path in [
        "/api/v1/query?query=%22a+text%22&time=600",
        "/api/v1/query?query=%27b%27&time=600.5",
    ] {
        assert_eq!(
            ours.get(path).await.1["data"],
            theirs.get(path).await.1["data"],
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_series_are_those_of_prometheus() {
    let series = series();
    let Some(theirs) = Prometheus::start(&series).await else {
        return;
    };
    let (ours, _guard) = ours(&series).await;
    for path in [
        "/api/v1/labels?start=0&end=900",
        "/api/v1/labels?match[]=redis_up&start=0&end=900",
        "/api/v1/label/__name__/values?start=0&end=900",
        "/api/v1/label/host/values?start=0&end=900",
        "/api/v1/label/queue/values?match[]=jobs_total{host=%22a%22}&start=0&end=900",
        "/api/v1/label/nothing/values?start=0&end=900",
        "/api/v1/series?match[]={__name__=~%22jobs.*%22}&start=0&end=900",
        "/api/v1/series?match[]=redis_up&match[]=jobs_total{queue=%22mail%22}&start=0&end=900",
    ] {
        let (ours, theirs) = (ours.get(path).await, theirs.get(path).await);
        assert_eq!((ours.0, theirs.0), (200, 200), "{path}");
        assert_eq!(sorted(&ours.1["data"]), sorted(&theirs.1["data"]), "{path}");
    }
}

/// Their order is that of their database.
fn sorted(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    let mut texts: Vec<_> = list.map(canonical).collect();
    texts.sort();
    texts
}

fn canonical(one: &Value) -> String {
    let Some(labels) = one.as_object() else {
        return one.to_string();
    };
    let mut labels: Vec<_> = labels
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    labels.sort();
    labels.join(",")
}

/// Questions that mean nothing, with the status, the kind and a part of the error.
const REFUSED: [(&str, u16, &str, &str); 12] = [
    ("/api/v1/query", 400, "bad_data", "query"),
    (
        "/api/v1/query?query=sum(",
        400,
        "bad_data",
        "1:4: parse error",
    ),
    ("/api/v1/query?query=1&time=soon", 400, "bad_data", "time"),
    (
        "/api/v1/query_range?query=1&start=1&end=2",
        400,
        "bad_data",
        "step",
    ),
    (
        "/api/v1/query_range?query=1&start=2&end=1&step=1",
        400,
        "bad_data",
        "before the start",
    ),
    (
        "/api/v1/query_range?query=1&start=0&end=99999&step=1",
        400,
        "bad_data",
        "11000",
    ),
    (
        "/api/v1/query_range?query=up[5m]&start=1&end=2&step=1",
        400,
        "bad_data",
        "a range has no value",
    ),
    (
        "/api/v1/query_range?query=%22a%22&start=1&end=2&step=1",
        400,
        "bad_data",
        "a text has no value",
    ),
    ("/api/v1/query?query=up[1m]%2Bup", 400, "bad_data", "range"),
    ("/api/v1/series", 400, "bad_data", "match[]"),
    (
        "/api/v1/series?match[]=rate(x[5m])",
        400,
        "bad_data",
        "selector",
    ),
    (
        "/api/v1/query?query=jobs_total%2Bon(host)jobs_waiting&time=600",
        422,
        "execution",
        "match",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_meant_is_said_in_the_manner_of_prometheus() {
    let (ours, _guard) = ours(&series()).await;
    let theirs = Prometheus::start(&series()).await;
    for (path, status, kind, words) in REFUSED {
        let (answered, body) = ours.get(path).await;
        assert_eq!(answered, status, "{path}: {body}");
        assert_eq!(
            body["errorType"].as_str().unwrap_or_default(),
            kind,
            "{path}"
        );
        let said = body["error"].as_str().unwrap_or_default();
        assert!(said.contains(words), "{path}: {said}");
        if let Some(theirs) = &theirs {
            let (answered, _) = theirs.get(path).await;
            assert_eq!(answered, status, "{path}");
        }
    }
}
