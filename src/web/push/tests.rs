//! The listener for pushes, asked as senders ask it.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use prometheus::Registry;
use prost::Message as _;
use serde_json::json;
use tokio::sync::mpsc;
use tower::ServiceExt as _;

use crate::model::request::samples::push::{
    Push, PushEntry, Reading, SampleBatch, SamplesDoor, TakenSamples,
};
use crate::model::sample::CollectorId;
use crate::model::token_hash::TokenHash;
use crate::web::ops::push::metrics::PushMetrics;
use crate::web::push::doors::PushDoors;
use crate::web::push::remote_write::messages::{RequestV2, SampleV1, TimeSeriesV2};
use crate::web::push::{otlp, remote_write, routes};

const TOKEN: &str = "a token of the agents";

fn clock() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// Posts a request of version 2; its collector has room for `room` samples.
async fn write(
    request: &RequestV2,
    kind: &str,
    room: usize,
) -> (StatusCode, HeaderMap, Option<SampleBatch>) {
    let (batches, mut inbox) = mpsc::channel::<Push<SampleBatch, TakenSamples>>(1);
    let door = SamplesDoor {
        collector: CollectorId("agents".to_owned()),
        token: TokenHash::of(TOKEN),
        batches,
    };
    let metrics = PushMetrics::register(&Registry::new(), clock).unwrap();
    let router = routes(PushDoors::new(&[PushEntry::Samples(door)]), metrics);
    let body = snap::raw::Encoder::new().compress_vec(&request.encode_to_vec());
    let sent = Request::post("/api/v1/write")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", kind)
        .header("content-encoding", "snappy")
        .body(Body::from(body.unwrap()))
        .unwrap();
    let collector = async {
        let Push { what, answer } = inbox.recv().await?;
        let sent = what.samples.len();
        let taken = TakenSamples {
            taken: sent.min(room),
            late: 0,
            crowded: sent.saturating_sub(room),
        };
        answer.send(Ok(taken)).unwrap();
        Some(what)
    };
    // What is refused before it comes to its collector closes the door, which ends its wait.
    let (answer, taken) = tokio::join!(router.oneshot(sent), collector);
    let answer = answer.unwrap();
    (answer.status(), answer.headers().clone(), taken)
}

const KIND: &str = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

fn request() -> RequestV2 {
    let sample = |value| SampleV1 {
        value,
        timestamp: 1_000,
    };
    RequestV2 {
        symbols: ["", "__name__", "up", "job", "a"]
            .map(str::to_owned)
            .to_vec(),
        timeseries: vec![TimeSeriesV2 {
            labels_refs: vec![1, 2, 3, 4],
            samples: vec![sample(1.0), sample(2.0)],
            ..TimeSeriesV2::default()
        }],
    }
}

#[tokio::test]
async fn version_2_is_taken_and_counted_in_the_answer() {
    let (status, headers, taken) = write(&request(), KIND, 9).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers["x-prometheus-remote-write-samples-written"], "2");
    assert_eq!(headers["x-prometheus-remote-write-histograms-written"], "0");
    let taken = taken.unwrap();
    assert_eq!(taken.samples[1].reading, Reading::Value(2.0));
}

#[tokio::test]
async fn what_has_no_room_is_told_with_what_was_written() {
    let (status, headers, _) = write(&request(), KIND, 1).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(headers["x-prometheus-remote-write-samples-written"], "1");
}

#[test]
fn what_a_body_says_once_is_not_repeated_without_end() {
    let long = "x".repeat(2_000);
    let sample = SampleV1 {
        value: 1.0,
        timestamp: 1_000,
    };
    let written = remote_write::batch::of_version_2(&RequestV2 {
        symbols: ["__name__", "up", "a", &long].map(str::to_owned).to_vec(),
        timeseries: vec![TimeSeriesV2 {
            labels_refs: vec![0, 1, 2, 3],
            samples: vec![sample; 50_000],
            ..TimeSeriesV2::default()
        }],
    });
    assert!(written.samples.samples.is_empty());
    assert!(written.fault.unwrap().contains("64 MiB"));
    let points = |values: usize, buckets: usize| {
        let value = json!({ "stringValue": long });
        let attribute = |at: usize| json!({ "key": format!("a{at}"), "value": value });
        let request = json!({ "resourceMetrics": [{ "scopeMetrics": [{ "metrics": [{
            "name": "a", "histogram": { "aggregationTemporality": 2, "dataPoints": [{
                "timeUnixNano": 1, "count": 1,
                "attributes": (0..values).map(attribute).collect::<Vec<_>>(),
                "bucketCounts": vec![u64::MAX; buckets + 1],
                "explicitBounds": (0..buckets).collect::<Vec<_>>(),
            }] },
        }] }] }] });
        let read = otlp::batch::of(&serde_json::from_value(request).unwrap());
        (read.samples.samples.len(), read.fault.unwrap_or_default())
    };
    assert_eq!(points(1, 2), (4, String::new()));
    assert_eq!(points(9, 2).0, 0);
    let (taken, why) = points(1, 50_000);
    assert!(taken == 0 && why.contains("64 MiB"), "{why}");
}

#[test]
fn a_long_row_of_what_no_label_has_takes_no_long_time() {
    // Each sign looked at all before it: a MiB of them took an hour.
    let signs = "_".repeat(1 << 20);
    assert_eq!(otlp::names::label(&signs), signs);
}

#[tokio::test]
async fn another_message_is_refused_before_it_is_read() {
    let kind = "application/x-protobuf;proto=io.prometheus.write.v3.Request";
    let (status, _, taken) = write(&request(), kind, 9).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(taken, None);
}
