//! Our evaluator compared with Prometheus' own, through `promtool test rules`.
//!
//! Each expression is given to promtool with an answer that is never right, so
//! that it tells its own; that is compared with ours. Debian's 2.42 includes
//! the left edge of a range and we do not, therefore no sample lies on an edge:
//! samples are 9.7 s apart, moments and ranges are whole seconds.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use critwatch::evaluate::promql::Expression;
use critwatch::evaluate::promql::value::{Element, Value};
use critwatch::evaluate::window::{Limits, Window};
use critwatch::model::sample::{CollectorId, Metric, Sample, Scrape};
use jiff::Timestamp;

const INTERVAL_MS: i64 = 9_700;

/// Two moments in seconds: in the midst of the samples, and behind the last.
const MOMENTS: [i64; 2] = [613, 893];

/// An answer by the printed labels; none where there is an error.
type Answer = Option<BTreeMap<String, f64>>;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whether a missing promtool is a failure"
)]
fn answers_equal_those_of_prometheus() {
    if Command::new("promtool").arg("--version").output().is_err() {
        assert!(
            std::env::var_os("CI").is_none(),
            "promtool is not on PATH: install prometheus"
        );
        println!("NOT TESTED: promtool is not on PATH, so answers were not compared");
        return;
    }
    let theirs = promtool(&unit_tests());
    let window = window();
    let mut different = String::new();
    for expression in EXPRESSIONS {
        for at in MOMENTS {
            let ours = ours(expression, &window, at);
            let theirs = theirs.get(&(expression.to_string(), at));
            // What promtool answers with an error or with nothing it also tells.
            let theirs = theirs.unwrap_or_else(|| panic!("promtool is silent on {expression}"));
            if !alike(&ours, theirs) {
                writeln!(
                    different,
                    "{expression} at {at}s\n  ours   {ours:?}\n  theirs {theirs:?}"
                )
                .unwrap();
            }
        }
    }
    assert!(different.is_empty(), "{different}");
}

fn window() -> Window {
    let age = Duration::from_hours(1);
    let mut window = Window::new(Limits {
        age,
        series: 100,
        samples: 1000,
    });
    for (name, values) in series() {
        // A collector of its own for each series: one that is silent leaves a
        // gap, one that sees nothing leaves a staleness mark.
        let collector = CollectorId(name.clone());
        for (step, value) in (0..).zip(values.split(' ')) {
            let samples = match value {
                "_" => continue,
                "stale" => Vec::new(),
                value => vec![Sample {
                    metric: metric(&name),
                    value: value.parse().unwrap(),
                }],
            };
            let at = Timestamp::from_millisecond(step * INTERVAL_MS).unwrap();
            let good_until = Timestamp::MAX;
            window.ingest(&Scrape {
                collector: collector.clone(),
                at,
                good_until,
                samples,
            });
        }
    }
    window
}

/// One sample each interval, written by step.
type Row = fn(u32) -> String;

/// Series by name and values: counters with resets and gauges for two hosts and
/// queues, and the single ones below.
fn series() -> Vec<(String, String)> {
    let row = |value: &dyn Fn(u32) -> String| (0..90).map(value).collect::<Vec<_>>().join(" ");
    let queues = [("a", "mail"), ("a", "roll"), ("b", "mail"), ("b", "roll")];
    let mut series = Vec::new();
    for (place, (host, queue)) in (0..).zip(queues) {
        let labels = format!("{{host=\"{host}\",queue=\"{queue}\"}}");
        let reset = 23 + 9 * place;
        let counted = |step| step % reset * (place + 3) + noise(step % reset, 3);
        let waiting = |step| format!("{}.{}", noise(step + place, 40), noise(step, 10));
        series.push((
            format!("jobs_total{labels}"),
            row(&|step| counted(step).to_string()),
        ));
        series.push((format!("jobs_waiting{labels}"), row(&waiting)));
    }
    series.extend(
        SINGLE
            .iter()
            .map(|(name, value)| ((*name).to_owned(), row(value))),
    );
    series
}

fn noise(step: u32, of: u32) -> u32 {
    (step * 7919 + step * step * 31) % of
}

/// Gaps, staleness, series that end, and values that are no numbers.
const SINGLE: &[(&str, Row)] = &[
    ("redis_up{instance=\"one\"}", |step| {
        u32::from(step % 17 != 3).to_string()
    }),
    ("redis_up{instance=\"two\"}", |step| match step % 2 {
        1 => "_".to_owned(),
        _ => noise(step, 9).to_string(),
    }),
    ("redis_up{instance=\"gone\"}", |step| match step {
        0..60 => "1".to_owned(),
        60 => "stale".to_owned(),
        _ => "_".to_owned(),
    }),
    ("redis_up{instance=\"silent\"}", |step| {
        if step < 55 { "1" } else { "_" }.to_owned()
    }),
    ("redis_memory_max_bytes{instance=\"one\"}", |_| {
        "1000".to_owned()
    }),
    ("redis_memory_used_bytes{instance=\"one\"}", |step| {
        (300 + step * 4).to_string()
    }),
    ("redis_memory_used_bytes{instance=\"two\"}", |step| {
        (700 + noise(step, 5)).to_string()
    }),
    ("flat{instance=\"one\"}", |_| "7".to_owned()),
    ("odd{kind=\"nan\"}", |step| match step % 5 {
        0 => "NaN".to_owned(),
        _ => step.to_string(),
    }),
    ("odd{kind=\"inf\"}", |_| "+Inf".to_owned()),
    ("odd{kind=\"minus\"}", |step| format!("-{step}")),
    ("host_info{host=\"a\",zone=\"north\"}", |_| "1".to_owned()),
    ("host_info{host=\"b\",zone=\"south\"}", |_| "1".to_owned()),
];

fn metric(text: &str) -> Metric {
    let (name, labels) = text.trim_end_matches('}').split_once('{').unwrap();
    let mut metric = Metric::new(name, []);
    for label in labels.split(',') {
        let (name, value) = label.split_once('=').unwrap();
        metric
            .labels
            .insert(name.to_owned(), value.trim_matches('"').to_owned());
    }
    metric
}

fn unit_tests() -> String {
    let mut text = String::from("evaluation_interval: 1m\ntests:\n  - interval: 9s700ms\n");
    text.push_str("    input_series:\n");
    for (name, values) in series() {
        writeln!(text, "      - series: '{name}'\n        values: '{values}'").unwrap();
    }
    text.push_str("    promql_expr_test:\n");
    for expression in EXPRESSIONS {
        for at in MOMENTS {
            let quoted = expression.replace('\'', "''");
            writeln!(text, "      - expr: '{quoted}'\n        eval_time: {at}s").unwrap();
            text.push_str("        exp_samples: [{labels: never_right, value: 0}]\n");
        }
    }
    // promtool loads samples minute by minute until the last moment asked for.
    text.push_str("      - expr: '1'\n        eval_time: 961s\n");
    text
}

/// Gives promtool's answer to each expression and moment.
fn promtool(unit_tests: &str) -> BTreeMap<(String, i64), Answer> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tests.yml");
    std::fs::write(&file, unit_tests).unwrap();
    let output = Command::new("promtool")
        .args(["test", "rules"])
        .arg(&file)
        .output()
        .unwrap();
    let output = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let mut answers = BTreeMap::new();
    for told in output.split("    expr: \"").skip(1) {
        let (expression, rest) = told.split_once("\", time: ").unwrap();
        let (time, rest) = rest.split_once(',').unwrap();
        let got = rest
            .split_once("got: ")
            .map(|(_, got)| elements(got.lines().next().unwrap()));
        // Durations are told as 10m13s.
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        let at = minutes.parse::<i64>().unwrap() * 60 + seconds.parse::<i64>().unwrap();
        answers.insert((expression.replace("\\\"", "\""), at), got);
    }
    assert!(
        !answers.is_empty(),
        "promtool cannot read the tests: {output}"
    );
    answers
}

/// Reads `{a="1"} 2E+00, {a="2"} 3E+00`; no label value here has a brace.
fn elements(text: &str) -> BTreeMap<String, f64> {
    let parts = text.split('{').skip(1).map(|part| {
        let (labels, value) = part.split_once('}').unwrap();
        let value = value.trim().trim_end_matches(',').parse().unwrap();
        (format!("{{{labels}}}"), value)
    });
    parts.collect()
}

fn ours(expression: &str, window: &Window, at: i64) -> Answer {
    let at = Timestamp::from_second(at).unwrap();
    let expression =
        Expression::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    Some(match expression.evaluate(window, at).ok()? {
        Value::Scalar(value) => BTreeMap::from([("{}".to_owned(), value)]),
        Value::Vector(elements) => elements
            .iter()
            .map(|one| (printed(one), one.value))
            .collect(),
    })
}

/// Prints labels as promtool does, with the name among them.
fn printed(element: &Element) -> String {
    let name = element.labels.name().map(|name| ("__name__", name));
    let labels = name.into_iter().chain(element.labels.iter());
    let labels: Vec<_> = labels
        .map(|(label, value)| format!("{label}=\"{value}\""))
        .collect();
    format!("{{{}}}", labels.join(", "))
}

fn alike(ours: &Answer, theirs: &Answer) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return ours == theirs;
    };
    let close = |ours: f64, theirs: f64| {
        ours.total_cmp(&theirs).is_eq()
            || ours.is_nan() && theirs.is_nan()
            || (ours - theirs).abs() <= 1e-9 * ours.abs().max(theirs.abs()).max(1e-3)
    };
    ours.len() == theirs.len()
        && ours.iter().all(|(labels, value)| {
            theirs
                .get(labels)
                .is_some_and(|other| close(*value, *other))
        })
}

const EXPRESSIONS: &[&str] = &[
    // Selectors.
    "redis_up",
    r#"redis_up{instance="one"}"#,
    r#"redis_up{instance!="one"}"#,
    r#"redis_up{instance=~"o.*|two"}"#,
    r#"redis_up{instance=~"n"}"#,
    r#"redis_up{instance!~"o.*"}"#,
    r#"{__name__=~"redis_.+",instance="one"}"#,
    r#"redis_up{nothing=""}"#,
    r#"redis_up{nothing!=""}"#,
    "redis_up offset 1m",
    "redis_up offset -1m",
    "redis_up @ 300",
    "redis_up @ 300 offset 50s",
    "redis_up @ start()",
    "nothing_at_all",
    // Arithmetic and comparisons.
    "1 + 2 * 3 ^ 2 ^ 0.5 - -4 % 3",
    "-2 ^ 2",
    "1 / 0",
    "0 / 0",
    "7 atan2 3",
    "2 > bool 1",
    "NaN == bool NaN",
    "time()",
    "-redis_memory_used_bytes",
    "redis_memory_used_bytes / redis_memory_max_bytes",
    "redis_memory_used_bytes / 1000 > 0.5",
    "redis_memory_used_bytes > 500",
    "500 < redis_memory_used_bytes",
    "500 < bool redis_memory_used_bytes",
    "redis_memory_used_bytes > bool 700",
    "redis_memory_used_bytes >= redis_memory_max_bytes",
    "redis_memory_used_bytes < redis_memory_max_bytes",
    "redis_memory_used_bytes < bool redis_memory_max_bytes",
    "jobs_waiting % 7 != 3",
    "jobs_waiting ^ 2",
    // 2.42 forgets to drop the name after atan2, later versions drop it.
    "sum by (host, queue) (jobs_waiting atan2 jobs_total)",
    "odd == odd",
    "odd != odd",
    "odd * 0",
    // Matching.
    "jobs_waiting - on(host, queue) jobs_total",
    "jobs_waiting - ignoring(queue) jobs_total",
    r#"jobs_waiting{queue="mail"} / ignoring(queue) jobs_waiting{queue="roll"}"#,
    r#"jobs_waiting{queue="mail"} > ignoring(queue) jobs_waiting{queue="roll"}"#,
    r#"jobs_waiting{queue="mail"} > on(host) jobs_waiting{queue="roll"}"#,
    r#"jobs_waiting{queue="mail"} > bool on(host) jobs_waiting{queue="roll"}"#,
    "jobs_waiting * on(host) group_left(zone) host_info",
    "host_info * on(host) group_right(zone) jobs_waiting",
    "host_info < on(host) group_right() jobs_waiting",
    "jobs_waiting / on(host) group_left sum by (host) (jobs_waiting)",
    "jobs_waiting / ignoring(queue) group_left sum without (queue) (jobs_waiting)",
    "jobs_waiting * on(host) host_info",
    "jobs_waiting * on(queue) group_left jobs_total",
    r#"jobs_waiting and on(host) host_info{zone="north"}"#,
    r#"jobs_waiting unless on(host) host_info{zone="north"}"#,
    r#"redis_up{instance="one"} or redis_up"#,
    "redis_up or vector(1)",
    "vector(1) or on() redis_up",
    "redis_up and redis_memory_used_bytes",
    "redis_up unless redis_memory_used_bytes",
    "nothing_at_all or vector(0)",
    // Aggregations.
    "sum(jobs_waiting)",
    "sum by (host) (jobs_waiting)",
    "sum without (host) (jobs_waiting)",
    "sum by (__name__, host) ({__name__=~\"jobs_.*\"})",
    "avg by (queue) (jobs_waiting)",
    "min(jobs_waiting)",
    "max(odd)",
    "min(odd)",
    "sum(odd)",
    "avg(odd)",
    "count(redis_up)",
    "count by (nothing) (redis_up)",
    "group by (host) (jobs_waiting)",
    "stddev(jobs_waiting)",
    "stdvar by (host) (jobs_waiting)",
    "topk(2, jobs_waiting)",
    "topk by (host) (1, jobs_waiting)",
    "bottomk(2, odd)",
    "topk(0, jobs_waiting)",
    "quantile(0.9, jobs_waiting)",
    "quantile by (host) (0.25, jobs_waiting)",
    "quantile(2, jobs_waiting)",
    "count_values(\"value\", redis_up)",
    "count_values by (instance) (\"value\", redis_up)",
    "count_values without (kind) (\"value\", odd)",
    // Functions over a range.
    "rate(jobs_total[1m])",
    "rate(jobs_total[5m])",
    "rate(jobs_total[5m] offset 1m)",
    "rate(jobs_total[2m] @ 400)",
    "rate(redis_up[3m])",
    "rate(jobs_total[9s])",
    "irate(jobs_total[1m])",
    "increase(jobs_total[4m])",
    "increase(redis_up[10m])",
    "delta(jobs_waiting[2m])",
    "idelta(jobs_waiting[2m])",
    "deriv(redis_memory_used_bytes[5m])",
    "deriv(flat[5m])",
    "predict_linear(redis_memory_used_bytes[5m], 3600)",
    "predict_linear(jobs_waiting[5m] offset 1m, 600)",
    "changes(jobs_waiting[5m])",
    "changes(odd[5m])",
    "resets(jobs_total[12m])",
    "avg_over_time(jobs_waiting[5m])",
    "avg_over_time(odd[5m])",
    "sum_over_time(jobs_waiting[5m])",
    "min_over_time(odd[5m])",
    "max_over_time(odd[5m])",
    "count_over_time(redis_up[5m])",
    "last_over_time(redis_up[5m])",
    "present_over_time(redis_up[5m])",
    "stddev_over_time(jobs_waiting[5m])",
    "stdvar_over_time(jobs_waiting[5m])",
    "quantile_over_time(0.75, jobs_waiting[5m])",
    "quantile_over_time(-1, jobs_waiting[5m])",
    "absent_over_time(redis_up[1m])",
    "absent_over_time(nothing_at_all{a=\"b\",c=~\"d\"}[1m])",
    // Subqueries.
    "max_over_time(rate(jobs_total[1m])[5m:30s])",
    "avg_over_time(redis_memory_used_bytes[5m:])",
    "sum_over_time((jobs_waiting > 10)[3m:20s])",
    "min_over_time(rate(jobs_total[1m])[5m:1m] offset 30s)",
    "count_over_time(redis_up[4m:7s])",
    "rate(jobs_total[5m:20s])",
    "last_over_time(redis_up[3m:1m] @ 500)",
    "max_over_time(sum_over_time(redis_up[55s:10s])[3m:30s])",
    "absent_over_time(nothing_at_all[5m:1m])",
    "max_over_time((redis_up @ end())[2m:30s])",
    "max_over_time(vector(time())[2m:30s])",
    // Functions of one value.
    "abs(odd)",
    "ceil(jobs_waiting)",
    "floor(-jobs_waiting)",
    "round(jobs_waiting)",
    "round(jobs_waiting, 5)",
    "sqrt(odd)",
    "exp(odd / 100)",
    "ln(odd)",
    "log2(jobs_waiting)",
    "log10(jobs_waiting)",
    "sgn(odd)",
    "clamp(jobs_waiting, 5, 20)",
    "clamp(jobs_waiting, 20, 5)",
    "clamp_min(odd, 3)",
    "clamp_max(odd, 3)",
    "timestamp(redis_up)",
    "timestamp(redis_up offset 1m)",
    "timestamp(redis_up + 1)",
    "vector(3)",
    "scalar(flat)",
    "scalar(redis_up)",
    "sort(jobs_waiting)",
    "sort_desc(jobs_waiting)",
    "absent(redis_up)",
    "absent(nothing_at_all)",
    r#"absent(nothing_at_all{a="b",c=~"d",e!="f"})"#,
    r#"absent(nothing_at_all{a="b",a="c",d="e"})"#,
    "absent(sum(nothing_at_all))",
    // Names that fall together.
    r#"rate({__name__=~"jobs_.*"}[5m])"#,
    r#"-{__name__=~"jobs_.*"}"#,
    r#"last_over_time({__name__=~"jobs_.*"}[5m])"#,
    r#"{__name__=~"jobs_.*"} > 3"#,
    r#"{__name__=~"jobs_.*"} > bool 3"#,
    // Rules as people write them.
    "redis_memory_used_bytes / on(instance) redis_memory_max_bytes > 0.4 and on(instance) redis_up == 1",
    "sum by (queue) (rate(jobs_total[5m])) < 0.5 * sum by (queue) (rate(jobs_total[10m]))",
    "predict_linear(redis_memory_used_bytes[10m], 4 * 3600) > on(instance) redis_memory_max_bytes",
    "(1 - avg_over_time(redis_up[10m])) / (1 - 0.999) > 14.4",
    "count(redis_up == 0) / count(redis_up) >= 0.25 or absent(redis_up)",
];
