//! Expressions from their text to their answer.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::evaluate::window::limits::WindowLimits;
use crate::model::sample::{CollectorId, Metric, Sample, Scrape};

/// Loads lines such as `up{a="1"} 0 1 _ x`, one sample each ten seconds from
/// the epoch on: `_` is a gap, `x` the moment at which the series is gone.
fn load(lines: &[&str]) -> Window {
    let age = Duration::from_hours(24);
    let mut window = Window::new(WindowLimits {
        age,
        series: 1000,
        samples: 10_000,
        total: 100_000,
    });
    for line in lines {
        let mut words = line.split(' ');
        let name = words.next().unwrap();
        for (step, word) in (0..).zip(words) {
            let samples = match word {
                "_" => continue,
                "x" => Vec::new(),
                value => vec![Sample {
                    metric: metric(name),
                    value: value.parse().unwrap(),
                }],
            };
            window.ingest(&Scrape {
                collector: CollectorId(name.to_owned()),
                at: Timestamp::from_second(step * 10).unwrap(),
                good_until: Timestamp::MAX,
                samples,
            });
        }
    }
    window
}

fn metric(text: &str) -> Metric {
    let (name, labels) = text.split_once('{').unwrap_or((text, ""));
    let mut metric = Metric::new(name, []);
    for label in labels
        .trim_end_matches('}')
        .split(',')
        .filter(|label| !label.is_empty())
    {
        let (name, value) = label.split_once('=').unwrap();
        metric
            .labels
            .insert(name.to_owned(), value.trim_matches('"').to_owned());
    }
    metric
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// Evaluates and prints one line per element.
fn answer(lines: &[&str], expression: &str, seconds: i64) -> Result<String, String> {
    let expression = Expression::parse(expression).map_err(|error| error.to_string())?;
    let value = expression
        .evaluate(&load(lines), at(seconds))
        .map_err(|error| error.to_string())?;
    Ok(match value {
        Value::Scalar(value) => value.to_string(),
        Value::Vector(elements) => {
            let lines = elements
                .iter()
                .map(|one| format!("{} {}", one.labels, one.value));
            lines.collect::<Vec<_>>().join("; ")
        }
    })
}

fn check(lines: &[&str], expression: &str, seconds: i64, expected: &str) {
    assert_eq!(
        answer(lines, expression, seconds).as_deref(),
        Ok(expected),
        "{expression}"
    );
}

#[test]
fn the_left_edge_of_a_range_is_excluded() {
    let up = ["up 1 2 3 4"];
    check(&up, "count_over_time(up[20s])", 30, "{} 2");
    check(&up, "count_over_time(up[20s])", 29, "{} 2");
    check(&up, "count_over_time(up[30s])", 30, "{} 3");
    check(&up, "increase(up[30s])", 30, "{} 3");
}

#[test]
fn a_selector_looks_back_less_than_five_minutes() {
    check(&["up 1"], "up", 299, "up 1");
    check(&["up 1"], "up", 300, "");
    check(&["up 1"], "up", -1, "");
}

#[test]
fn a_series_that_is_gone_is_seen_by_ranges_only() {
    let up = ["up 1 2 x"];
    check(&up, "up", 19, "up 2");
    check(&up, "up", 20, "");
    check(&up, "count_over_time(up[1m])", 25, "{} 2");
    check(&up, "absent(up)", 25, "{} 1");
    check(&["up 1 x 3"], "up", 20, "up 3");
}

#[test]
fn subquery_steps_are_multiples_of_the_step() {
    let line = ["count 0 10 20 30 40 50 60 70 80 90 100 110 120"];
    check(&line, "count_over_time(count[1m:20s])", 119, "{} 3");
    check(&line, "sum_over_time(count[1m:20s])", 119, "{} 240");
    check(&line, "count_over_time(count[1m:20s])", 120, "{} 3");
    check(&line, "sum_over_time(count[2m:])", 119, "{} 60");
    check(
        &line,
        "max_over_time(timestamp(count offset 5s)[1m:20s])",
        119,
        "{} 90",
    );
}

#[test]
fn a_moment_can_be_shifted_and_pinned() {
    let line = ["count 0 1 2 3 4 5"];
    check(&line, "count offset 20s", 50, "count 3");
    check(&line, "count offset -20s", 30, "count 5");
    check(&line, "count @ 10", 50, "count 1");
    check(&line, "count @ end()", 50, "count 5");
    check(
        &line,
        "min_over_time((count @ start())[30s:10s])",
        50,
        "{} 5",
    );
    check(&line, "max_over_time(vector(time())[30s:10s])", 55, "{} 50");
}

#[test]
fn an_answer_is_sorted_by_labels_or_as_asked() {
    let lines = ["b 1", r#"a{x="2"} 2"#, r#"a{x="1"} 3"#];
    let all = r#"{__name__=~"a|b"}"#;
    check(&lines, all, 5, r#"a{x="1"} 3; a{x="2"} 2; b 1"#);
    check(
        &lines,
        &format!("topk(2, {all})"),
        5,
        r#"a{x="1"} 3; a{x="2"} 2"#,
    );
    check(
        &lines,
        &format!("bottomk(2, {all})"),
        5,
        r#"b 1; a{x="2"} 2"#,
    );
    check(
        &lines,
        &format!("bottomk by (__name__) (2, {all})"),
        5,
        r#"a{x="2"} 2; a{x="1"} 3; b 1"#,
    );
    check(
        &lines,
        &format!("sort({all})"),
        5,
        r#"b 1; a{x="2"} 2; a{x="1"} 3"#,
    );
    check(
        &lines,
        &format!("(sort_desc({all}))"),
        5,
        r#"a{x="1"} 3; a{x="2"} 2; b 1"#,
    );
}

#[test]
fn a_name_survives_only_where_the_series_does() {
    let up = [r#"up{a="1"} 1 2 3"#];
    check(&up, "up > 1", 20, r#"up{a="1"} 3"#);
    check(&up, "up > bool 1", 20, r#"{a="1"} 1"#);
    check(&up, "up + 0", 20, r#"{a="1"} 3"#);
    check(&up, "-up", 20, r#"{a="1"} -3"#);
    check(&up, "last_over_time(up[1m])", 20, r#"up{a="1"} 3"#);
    check(&up, "max_over_time(up[1m])", 20, r#"{a="1"} 3"#);
    check(&up, "abs(up)", 20, r#"{a="1"} 3"#);
}

#[test]
fn a_pattern_matches_the_whole_value() {
    let lines = [r#"up{a="one"} 1"#, r#"up{a="phone"} 2"#, "up 3"];
    check(&lines, r#"up{a=~"one"}"#, 5, r#"up{a="one"} 1"#);
    check(&lines, r#"up{a!~"one|"}"#, 5, r#"up{a="phone"} 2"#);
    check(&lines, r#"up{a=""}"#, 5, "up 3");
    check(
        &lines,
        r#"{__name__="up", __name__!="down", a=~".+ne"}"#,
        5,
        r#"up{a="one"} 1; up{a="phone"} 2"#,
    );
}

#[test]
fn operands_that_do_not_fit_are_an_error() {
    let lines = [
        r#"a{x="1",y="1"} 1"#,
        r#"a{x="1",y="2"} 2"#,
        r#"b{x="1"} 3"#,
    ];
    let check = |expression: &str, expected: &str| {
        assert_eq!(
            answer(&lines, expression, 5),
            Err(expected.to_owned()),
            "{expression}"
        );
    };
    check(
        "a + on(x) b",
        r#"several series match {x="1"}: use group_left or group_right"#,
    );
    // Whatever would be left of them: as in Prometheus since 3.9.
    for operator in [">", ">=", "<", "<=", "==", "!=", "== bool"] {
        check(
            &format!("a {operator} on(x) (b * 0 + 1.5)"),
            r#"several series match {x="1"}: use group_left or group_right"#,
        );
    }
    check(
        "b + on(x) a",
        r#"match group {x="1"} has several series on its one side: a{x="1", y="1"} and a{x="1", y="2"}"#,
    );
    check(
        "a * on(x) group_left(y) b",
        r#"several results would be {x="1"}: grouping labels must distinguish them"#,
    );
    let same = [r#"a{x="1"} 1"#, r#"b{x="1"} 1"#];
    let refused = answer(&same, r#"-{x="1"}"#, 5);
    assert_eq!(
        refused,
        Err(r#"vector has several elements {x="1"}"#.to_owned())
    );
}

fn refused(expression: &str, expected: &str) {
    let error = Expression::parse(expression).unwrap_err();
    assert_eq!(error.to_string(), expected, "{expression}");
}

#[test]
fn what_is_not_evaluated_is_refused_by_name() {
    let native = "it is about native histograms; classic ones have _bucket, _count and _sum";
    let experiment = "it is experimental in Prometheus 3; let a Prometheus evaluate the rule";
    let refused = |expression: &str, what: &str, why: &str| {
        refused(expression, &format!("{what} is not evaluated: {why}"));
    };
    refused("histogram_avg(a)", "function histogram_avg", native);
    refused(
        "sum(sort_by_label(a, 'b'))",
        "function sort_by_label",
        experiment,
    );
    refused(
        "double_exponential_smoothing(a[5m], 0.5, 0.5)",
        "function double_exponential_smoothing",
        experiment,
    );
    refused("limitk(2, a)", "aggregation limitk", experiment);
    refused("a + fill(0) b", "modifier fill", experiment);
    refused("rate(a[5m] anchored)", "modifier anchored", experiment);
    refused("increase(a[5m] smoothed)", "modifier smoothed", experiment);
    refused("a </ 5", "operator </", native);
    refused("a >/ 5", "operator >/", native);
    let duration = "it is experimental in Prometheus 3; write the duration out, such as 10m, or let a Prometheus evaluate the rule";
    refused("rate(a[5m + 1m])", "duration expression 5m + 1m", duration);
    refused("rate(a[step()])", "duration expression step()", duration);
    refused(
        "a offset (2 * 5m)",
        "duration expression (2 * 5m)",
        duration,
    );
    refused(
        "a{b='c' or d='e'}",
        "matcher or",
        "write the selectors apart with `or` between them",
    );
    let renamed = Expression::parse("holt_winters(a[5m], 0.5, 0.5)").unwrap_err();
    assert!(
        renamed.to_string().contains("double_exponential_smoothing"),
        "{renamed}"
    );
}

#[test]
fn what_gives_no_number_or_vector_is_refused() {
    refused(
        "'text'",
        "expected number or vector in this place, got string",
    );
    refused(
        "a[5m]",
        "expected number or vector in this place, got range",
    );
    refused(
        "(a[5m:1m])",
        "expected number or vector in this place, got range",
    );
    refused("ln(-1)", "expected vector in ln, got number");
}

#[test]
fn what_is_no_promql_is_refused_with_a_way_out() {
    let syntax = "invalid promql query (the right operand is missing)";
    refused("a == 1 ==", syntax);
    refused(&"-".repeat(4000), syntax);
    let range = "expected type matrix in call to function 'rate', got vector";
    refused(
        "rate(a)",
        &format!("{range} (add a range to the selector, such as foo[5m])"),
    );
    let unit = "`1e30` is not a duration: write seconds, or a whole number and a unit, such as 5m";
    refused("a[1e30]", unit);
}

#[test]
fn what_would_cost_too_much_is_refused() {
    let steps = |steps| format!("subquery takes {steps} steps, more than 11000: widen its step");
    refused("rate(a[1d:1s])", &steps(86_401));
    refused(
        "max_over_time(max_over_time(a[1d:1m])[1d:1m])",
        &steps(2_076_481),
    );
    refused("rate(a[200y])", "duration is out of bounds");
    refused("a @ 1e18", "@ timestamp is out of bounds");
    let deep = "expression is nested deeper than 100 levels";
    refused(&format!("{}a", "-".repeat(4000)), deep);
    refused(&format!("a{}", "^a".repeat(2000)), deep);
    refused(&format!("a{}", "+a".repeat(2000)), deep);
    refused(
        &format!("a{}", "[1m:]".repeat(800)),
        "subquery is only allowed on vector, got matrix instead",
    );
    refused(&format!("{}a{}", "(".repeat(101), ")".repeat(101)), deep);
}

#[test]
fn a_duration_is_a_number_of_seconds_and_the_other_way_round() {
    let up = ["up 1 2 3 4"];
    check(&up, "vector(5m)", 30, "{} 300");
    check(&up, "up * 1m30s", 30, "{} 360");
    check(&up, "count_over_time(up[20])", 30, "{} 2");
    check(&up, "count_over_time(up[20.5])", 30, "{} 3");
    check(&up, "up offset 10", 30, "up 3");
    check(&up, "count_over_time(up[30:10])", 30, "{} 3");
    let nothing = "range or step of no length is out of bounds";
    refused("rate(up[0])", nothing);
    refused("rate(up[5m:0])", nothing);
    refused("rate(up[5m:0.0001])", nothing);
}

#[test]
fn labels_are_computed_from_labels() {
    let up = [r#"up{a="x-y",b="z"} 1"#];
    check(
        &up,
        r#"label_replace(up, "a", "$2", "a", "(.)-(.)")"#,
        5,
        r#"up{a="y", b="z"} 1"#,
    );
    check(
        &up,
        r#"label_join(up, "c", "/", "b", "a")"#,
        5,
        r#"up{a="x-y", b="z", c="z/x-y"} 1"#,
    );
    let pairs = [r#"up{a="1"} 1"#, r#"up{a="2"} 2"#];
    assert_eq!(
        answer(&pairs, r#"label_replace(up, "a", "", "a", ".*")"#, 5),
        Err("vector has several elements up".to_owned())
    );
    refused(
        r#"label_replace(up, "a", "b", "c", "(")"#,
        "`(` is not a pattern",
    );
    refused(
        r#"label_replace(up, "", "b", "c", "d")"#,
        "`` is not a label name",
    );
    refused(r#"label_join(up, "a", ",", "")"#, "`` is not a label name");
    refused(
        r#"label_join(up, "a", ",", up)"#,
        "expected type string in call to function 'label_join', got vector",
    );
}

#[test]
fn what_visits_too_much_is_an_error_and_no_standstill() {
    let names: Vec<_> = (0..1000)
        .map(|number| format!("a{{x=\"{number}\"}} 1"))
        .collect();
    let lines: Vec<_> = names.iter().map(String::as_str).collect();
    let steps = "max_over_time(a{x!~\".*\"}[3h:1s])";
    let too_much = "evaluation visits more than 5000000 series and steps: \
                    select fewer series, or take fewer steps";
    assert_eq!(answer(&lines, steps, 5), Err(too_much.to_owned()));
    let few = answer(&lines, "count(max_over_time(a[1h:10s]))", 5);
    assert_eq!(few.as_deref(), Ok("{} 1000"));
}

#[test]
fn an_expression_prints_as_it_was_written() {
    let text = "sum  by (a)(rate(b[5m]))>c/d";
    let expression = Expression::parse(text).unwrap();
    assert_eq!(expression.to_string(), text);
    assert_eq!(expression.metric_names(), ["b", "c", "d"]);
    let names = Expression::parse("absent(b) or vector(scalar(a[5m:1m] offset 5m))");
    assert!(names.is_err());
    let names = Expression::parse(
        "absent_over_time(b[1m]) or vector(scalar(a)) or topk(scalar(c), {x='1'})",
    );
    assert_eq!(names.unwrap().metric_names(), ["", "a", "b", "c"]);
    let names = Expression::parse("{__name__=~'b|a|b'} + c{d=~'e|f'}");
    assert_eq!(names.unwrap().metric_names(), ["a", "b", "c"]);
}

#[test]
fn an_expression_sees_what_lives() {
    let lines = [
        "live 1 1 1 1 1 1 1",
        "gone 1 1 1 x",
        "sparse 1",
        r#"pair{a="1"} 1 1 x"#,
        r#"pair{a="2"} 1 1 1"#,
    ];
    let window = load(&lines);
    let check = |expression: &str, expected: bool| {
        let sight = Expression::parse(expression).unwrap().look(&window, at(60));
        let sees = sight.data && sight.unseen.is_none();
        assert_eq!(sees, expected, "{expression}");
    };
    check("live", true);
    check("gone", false);
    check("never", false);
    check("pair", true);
    check(r#"pair{a="1"}"#, false);
    check("gone offset 40s", true);
    check("gone @ 20", true);
    check("rate(live[1m])", true);
    check("rate(gone[1m])", false);
    check("rate(sparse[1m])", false);
    check("rate(sparse[2m])", true);
    check("max_over_time(gone[1m:10s])", false);
    check("max_over_time(live[1m:10s])", true);
    check("max_over_time(gone[1m:10s] offset 40s)", true);
    check("absent(gone)", true);
    check("absent_over_time(never[1m])", true);
    check("gone or live", true);
    check("gone or never", false);
    check("live unless gone", true);
    check("gone unless live", false);
    check("live and gone", false);
    check("live + gone", false);
    check("live > 5", true);
    check("sum(live) / sum(gone)", false);
    check("time()", true);
    check("vector(1)", true);
    check("scalar(gone) > bool 1", false);
    check("topk(scalar(gone), live)", false);
    check("clamp_max(live, scalar(gone))", false);
}

proptest! {
    #[test]
    fn parsing_never_panics(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..40)) {
        let window = load(&["a 1 2 3"]);
        for separator in ["", " "] {
            if let Ok(expression) = Expression::parse(&tokens.join(separator)) {
                let _ = expression.evaluate(&window, at(25));
                let _ = expression.look(&window, at(25));
                prop_assert_eq!(expression.to_string(), tokens.join(separator));
            }
        }
    }

    #[test]
    fn what_parses_is_evaluated_without_a_panic(text in well_formed()) {
        let lines = ["a{x=\"1\"} 1 NaN 3", "a{x=\"2\"} +Inf 5 x", "b{x=\"1\"} 0 -2 7"];
        let window = load(&lines);
        if let Ok(expression) = Expression::parse(&text) {
            let now = expression.evaluate(&window, at(25));
            prop_assert_eq!(format!("{now:?}"), format!("{:?}", expression.evaluate(&window, at(25))));
            let _ = expression.look(&window, at(25));
        }
    }

    #[test]
    fn text_of_any_kind_never_panics(text in ".{0,60}") {
        let _ = Expression::parse(&text);
    }
}

/// Expressions that mostly parse, though not every one fits its place.
fn well_formed() -> impl Strategy<Value = String> {
    let leaves = [
        "a",
        "b",
        "a{x='1'}",
        "{x='1'}",
        "1",
        "-0.5",
        "NaN",
        "time()",
        "a offset 5s",
        "b @ 10",
    ];
    let binary = [
        "+",
        "/",
        "%",
        "^",
        "> bool",
        "> on(x)",
        "<",
        "!=",
        "and",
        "or",
        "unless on()",
        "* on(x) group_left(y)",
        "- ignoring(x) group_right",
    ];
    let leaf = prop::sample::select(leaves.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(5, 20, 2, move |inner| {
        let binary = prop::sample::select(binary.to_vec());
        let around = prop::sample::select(AROUND);
        prop_oneof![
            (inner.clone(), binary, inner.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            (around, inner).prop_map(|(around, inner)| around.replace('?', &format!("({inner})"))),
        ]
    })
}

/// What may stand around an expression.
const AROUND: &[&str] = &[
    "sum(?)",
    "sum by (x) (?)",
    "topk(1, ?)",
    "quantile(0.5, ?)",
    "count_values('v', ?)",
    "-?",
    "rate(?[20s:5s])",
    "quantile_over_time(?, a[30s])",
    "deriv(?[1m:7s])",
    "absent(?)",
    "absent_over_time(?[10s:5s])",
    "clamp(?, 1, 2)",
    "scalar(?)",
    "vector(?)",
    "sort(?)",
    "round(?)",
    "timestamp(?)",
    "predict_linear(a[1m], ?)",
    "ln(?)",
    "stddev(?)",
    "hour(?)",
    "year(?)",
    "acosh(?)",
    "histogram_quantile(0.5, ?)",
    "histogram_quantile(?, {x='1'})",
    "label_replace(?, 'x', '$1', 'x', '(.)')",
    "label_join(?, '__name__', '-', 'x', 'x')",
    "label_replace(?, 'le', '$0', 'x', '.*')",
];

const TOKENS: &[&str] = &[
    "a",
    "b",
    "up",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "5m",
    "1m",
    "10s",
    "1",
    "0",
    ".5",
    "2e8",
    "1e30",
    "1e999",
    "0x1F",
    "017",
    "Inf",
    "NaN",
    "-",
    "+",
    "*",
    "/",
    "%",
    "^",
    "==",
    "!=",
    "=",
    "=~",
    "!~",
    ">",
    "<",
    ">=",
    "<=",
    "and",
    "or",
    "unless",
    "bool",
    "on",
    "ignoring",
    "group_left",
    "by",
    "group_right",
    "without",
    "offset",
    "@",
    "start",
    "end",
    "sum",
    "topk",
    "quantile",
    "count_values",
    "rate",
    "increase",
    "max_over_time",
    "quantile_over_time",
    "absent",
    "vector",
    "scalar",
    "time",
    "clamp",
    "round",
    "histogram_quantile",
    "label_replace",
    "label_join",
    "hour",
    "pi",
    "300",
    "5.5",
    "\"x\"",
    "'y'",
    "`z`",
    "\"",
    "'",
    "\\",
    "#",
    "\n",
    "__name__",
    "fill",
    "atan2",
    "é",
    "99999999999s",
];
