//! `critwatch query` against a real Prometheus, whose API ours is.

use crate::place::Place;
use crate::promql::series::series;
use crate::promql::world::Prometheus;

#[tokio::test]
async fn a_prometheus_is_asked_as_a_server_of_ours_is() {
    let Some(prometheus) = Prometheus::start(&series()).await else {
        return;
    };
    let place = Place::new();
    let ask = |more: &[&str]| {
        let arguments = [
            "query",
            "--ops",
            prometheus.address(),
            "--time",
            "1970-01-01T00:10:13Z",
        ];
        place.run(&[&arguments, more].concat())
    };
    let done = ask(&["count(jobs_waiting) by (host)"]);
    assert_eq!(done.code, 0, "{}", done.said);
    assert_eq!(
        done.out,
        "VALUE  SERIES\n2      {host=\"a\"}\n2      {host=\"b\"}\n"
    );
    assert_eq!(ask(&["1 + 1"]).out, "2\n");
    assert_eq!(ask(&["no_such_metric"]).out, "nothing\n");
    let done = ask(&["sum(up) or vector(-1)", "--range", "2m", "--step", "1m"]);
    let lines: Vec<_> = done.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", done.out);
    assert_eq!(lines[3], "1970-01-01T00:10:13Z  -1     {}");
    let done = ask(&["count(jobs_waiting)", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(value["result"][0]["value"][1], "4");
    let wrong = ask(&["sum("]);
    assert_eq!(wrong.code, 2, "{}", wrong.said);
    assert!(wrong.said.contains("parse error"), "{}", wrong.said);
    let doubled = ask(&["jobs_waiting + on () jobs_total"]);
    assert_eq!(doubled.code, 1, "{}", doubled.said);
    let gone = place.run(&["query", "up", "--ops", "127.0.0.1:1"]);
    assert_eq!(gone.code, 1);
    assert!(
        gone.said.contains("nothing answers at http://127.0.0.1:1;"),
        "{}",
        gone.said
    );
}
