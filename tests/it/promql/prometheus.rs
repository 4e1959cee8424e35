//! Our evaluator compared with a real Prometheus, at moments and over ranges.

use std::fmt::Write as _;

use futures_util::StreamExt as _;

use crate::promql::rows::ROWS;
use crate::promql::series::series;
use crate::promql::world::{
    Answer, Prometheus, SAMPLE_SHIFT_MS, alike, alike_over, instant, range, window,
};

/// Two moments: in the midst of the samples, and behind the last.
const MOMENTS: [i64; 2] = [613_037, 893_037];

/// From the midst of the samples until behind the last.
const SPAN: (i64, i64, i64) = (480_037, 960_037, 53_000);

/// Rows that are compared at moments only, and why.
const NOT_OVER_A_RANGE: [(&str, &str); 2] = [
    (
        "topk(3, jobs_waiting)",
        "of equal values Prometheus takes any, we those with lesser labels",
    ),
    (
        "predict_linear(redis_memory_used_bytes[3m] @ 500, 60)",
        "2.42 forgets samples of a pinned range from step to step",
    ),
];

#[tokio::test]
async fn answers_equal_those_of_a_server() {
    let series = series();
    let Some(prometheus) = Prometheus::start(&series).await else {
        return;
    };
    assert!(ROWS.len() >= 300, "{}", ROWS.len());
    let window = window(&series, SAMPLE_SHIFT_MS);
    let (prometheus, window) = (&prometheus, &window);
    let different = futures_util::stream::iter(ROWS)
        .map(async |row| {
            let mut different = String::new();
            for at in MOMENTS {
                let (ours, theirs) = (instant(row, window, at), prometheus.instant(row, at).await);
                if !alike(&ours, &theirs) {
                    writeln!(
                        different,
                        "{row} at {at}\n  ours   {ours:?}\n  theirs {theirs:?}"
                    )
                    .unwrap();
                }
            }
            if NOT_OVER_A_RANGE.iter().any(|(other, _)| other == row) {
                return different;
            }
            let (ours, theirs) = (range(row, window, SPAN), prometheus.range(row, SPAN).await);
            if !alike_over(&ours, &theirs) {
                writeln!(
                    different,
                    "{row} over\n  ours   {ours:?}\n  theirs {theirs:?}"
                )
                .unwrap();
            }
            different
        })
        .buffer_unordered(8)
        .collect::<String>()
        .await;
    assert!(different.is_empty(), "{different}");
}

/// Where 2.42 answers otherwise: the expression, the moment, our answer and
/// its answer, and why. What we answer is what Prometheus 3 answers, unless it
/// is said that it is our own choice.
const DIFFERENT: &[(&str, i64, &str, &str, &str)] = &[
    (
        "count_over_time(flat[97s])",
        485_013,
        "10",
        "11",
        "2.42 includes the left edge of a range",
    ),
    (
        "sum(redis_up{instance=\"silent\"})",
        823_813,
        "nothing",
        "1",
        "2.42 looks back until five minutes ago, that moment included",
    ),
    (
        "count_over_time(flat[1m:20s])",
        600_000,
        "3",
        "4",
        "2.42 takes a step on the left edge of a subquery",
    ),
    (
        "sum(increase((jobs_total + 2)[10m:7s]))",
        300_037,
        "556.7158292682926",
        "558.3377804878048",
        "2.42 lets a counter that began in the range reach back to zero farther than half an interval",
    ),
    (
        "count(jobs_waiting atan2 1 and on (__name__) jobs_waiting)",
        613_037,
        "nothing",
        "4",
        "2.42 keeps the name after atan2",
    ),
    (
        "stddev(odd{kind=\"inf\"})",
        613_037,
        "NaN",
        "0",
        "2.42 takes the spread of one value for 0 even where it is no number",
    ),
    (
        "sum(vector(1e16) or label_replace(vector(1), \"a\", \"b\", \"\", \"\") or label_replace(vector(-1e16), \"a\", \"c\", \"\", \"\"))",
        613_037,
        "1",
        "0",
        "2.42 loses what a sum rounds away",
    ),
    (
        "count_over_time((jobs_waiting @ 400 == bool on (host) host_info @ 400)[40s:1m] @ 762)",
        613_037,
        "nothing",
        "an error",
        "our own choice: what is inside a subquery without any step is not evaluated",
    ),
    (
        "jobs_waiting > on (host) (host_info * 1e9)",
        613_037,
        "an error",
        "nothing",
        "many to one is an error since 3.9, whatever a filter leaves",
    ),
    (
        "hour(vector(NaN))",
        613_037,
        "NaN",
        "15",
        "our own choice: what is no date has no hour",
    ),
];

#[tokio::test]
async fn what_differs_from_an_old_prometheus_differs_as_told() {
    let series = series();
    let Some(prometheus) = Prometheus::start(&series).await else {
        return;
    };
    let window = window(&series, SAMPLE_SHIFT_MS);
    let plain = |answer: Answer| {
        let Some(answer) = answer else {
            return "an error".to_owned();
        };
        let values: Vec<_> = answer.values().map(f64::to_string).collect();
        if values.is_empty() {
            "nothing".to_owned()
        } else {
            values.join(" ")
        }
    };
    for (row, at, expected_ours, expected_theirs, why) in DIFFERENT {
        let ours = plain(instant(row, &window, *at));
        let theirs = plain(prometheus.instant(row, *at).await);
        assert_eq!(
            (ours.as_str(), theirs.as_str()),
            (*expected_ours, *expected_theirs),
            "{row}: {why}"
        );
    }
}
