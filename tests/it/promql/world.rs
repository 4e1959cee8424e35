//! The same series for us and for a real Prometheus, and what both answer.
//!
//! Debian's 2.42 includes the left edge of a range, Prometheus 3 and we do not.
//! Therefore no sample lies on an edge: samples are 9.7 s apart and shifted by
//! some milliseconds, moments by others, and ranges are whole seconds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use critwatch::evaluate::promql::Expression;
use critwatch::evaluate::promql::error::EvaluateError;
use critwatch::evaluate::promql::value::Value;
use critwatch::evaluate::window::Window;
use critwatch::evaluate::window::labels::Labels;
use critwatch::evaluate::window::limits::WindowLimits;
use critwatch::model::sample::{CollectorId, Metric, Sample, Scrape};
use jiff::Timestamp;
use tokio::process::{Child, Command};

/// The time between two samples of a series.
pub(crate) const INTERVAL_MS: i64 = 9_700;

/// How far samples are shifted where a server is asked.
pub(crate) const SAMPLE_SHIFT_MS: i64 = 13;

/// An answer by the printed labels; none where there is an error.
pub(crate) type Answer = Option<BTreeMap<String, f64>>;

/// The answers over a range: moments in milliseconds, and values.
pub(crate) type Answers = Option<BTreeMap<String, Vec<(i64, f64)>>>;

/// Puts series in a window; `_` is a gap, `stale` the end of a series, of
/// which a database that is filled from a file knows nothing.
pub(crate) fn window(series: &[(String, String)], shift: i64) -> Window {
    let ends = shift == 0;
    let mut window = Window::new(WindowLimits {
        age: Duration::from_hours(1),
        series: 100,
        samples: 1000,
        total: 100_000,
    });
    for (name, values) in series {
        // A collector of its own for each series: one that is silent leaves a
        // gap, one that sees nothing leaves a staleness mark.
        for (step, value) in (0..).zip(values.split(' ')) {
            let samples = match value {
                "_" => continue,
                "stale" if !ends => continue,
                "stale" => Vec::new(),
                value => vec![Sample {
                    metric: metric(name),
                    value: value.parse().unwrap(),
                }],
            };
            window.ingest(&Scrape {
                collector: CollectorId(name.clone()),
                at: moment(step * INTERVAL_MS + shift),
                good_until: Timestamp::MAX,
                samples,
            });
        }
    }
    window
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

/// Evaluates at one moment.
pub(crate) fn instant(expression: &str, window: &Window, at: i64) -> Answer {
    let expression =
        Expression::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    Some(match expression.evaluate(window, moment(at)).ok()? {
        Value::Scalar(value) => BTreeMap::from([("{}".to_owned(), value)]),
        Value::Vector(elements) => elements
            .iter()
            .map(|one| (printed(&one.labels), one.value))
            .collect(),
    })
}

/// Evaluates at each step, as `query_range` does.
pub(crate) fn range(expression: &str, window: &Window, span: Span) -> Answers {
    let mut answers: BTreeMap<String, Vec<(i64, f64)>> = BTreeMap::new();
    for (at, value) in steps(expression, window, span) {
        let elements = match value.ok()? {
            Value::Scalar(value) => vec![("{}".to_owned(), value)],
            Value::Vector(elements) => elements
                .iter()
                .map(|one| (printed(&one.labels), one.value))
                .collect(),
        };
        for (labels, value) in elements {
            let points = answers.entry(labels).or_default();
            if points.last().is_some_and(|(before, _)| *before == at) {
                // Two elements of one step have the same labels.
                return None;
            }
            points.push((at, value));
        }
    }
    Some(answers)
}

/// The first and last moment and the step of a range, in milliseconds.
pub(crate) type Span = (i64, i64, i64);

/// The value at each step; `start()` and `end()` are those of the range.
fn steps(
    expression: &str,
    window: &Window,
    (start, end, step): Span,
) -> impl Iterator<Item = (i64, Result<Value, EvaluateError>)> {
    let pinned = expression
        .replace("start()", &seconds(start))
        .replace("end()", &seconds(end));
    let expression = Expression::parse(&pinned).unwrap_or_else(|error| panic!("{pinned}: {error}"));
    (start..=end)
        .step_by(step.try_into().unwrap())
        .map(move |at| (at, expression.evaluate(window, moment(at))))
}

/// Prints labels as promtool does, with the name among them.
fn printed(labels: &Labels) -> String {
    let name = labels.name().map(|name| ("__name__", name));
    let labels = name.into_iter().chain(labels.iter());
    let labels: Vec<_> = labels
        .map(|(label, value)| format!("{label}=\"{value}\""))
        .collect();
    format!("{{{}}}", labels.join(", "))
}

/// Says whether we refuse as several series match one, which an old Prometheus
/// does not where a filter leaves one of them at most.
pub(crate) fn refuses_many_to_one(expression: &str, window: &Window, span: Span) -> bool {
    steps(expression, window, span)
        .any(|(_, value)| matches!(value, Err(EvaluateError::ManyToOne { .. })))
}

/// Says whether two values differ by rounding at most.
pub(crate) fn close(ours: f64, theirs: f64) -> bool {
    ours.total_cmp(&theirs).is_eq()
        || ours.is_nan() && theirs.is_nan()
        || (ours - theirs).abs() <= 1e-12 * ours.abs().max(theirs.abs())
}

/// Says whether two answers have the same labels and close values.
pub(crate) fn alike(ours: &Answer, theirs: &Answer) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return ours == theirs;
    };
    ours.len() == theirs.len()
        && ours.iter().all(|(labels, value)| {
            let other = theirs.get(labels);
            other.is_some_and(|other| close(*value, *other))
        })
}

/// Says the same of answers over a range.
pub(crate) fn alike_over(ours: &Answers, theirs: &Answers) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return ours.is_none() == theirs.is_none();
    };
    let same = |ours: &[(i64, f64)], theirs: &[(i64, f64)]| {
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(theirs)
                .all(|(ours, theirs)| ours.0 == theirs.0 && close(ours.1, theirs.1))
    };
    ours.len() == theirs.len()
        && ours
            .iter()
            .all(|(labels, points)| theirs.get(labels).is_some_and(|other| same(points, other)))
}

/// A real Prometheus with the same series in its database.
pub(crate) struct Prometheus {
    _kept: Option<(Child, tempfile::TempDir)>,
    client: reqwest::Client,
    url: String,
}

impl Prometheus {
    /// Starts one, unless there is none on PATH, which is said.
    pub(crate) async fn start(series: &[(String, String)]) -> Option<Self> {
        if Command::new("prometheus")
            .arg("--version")
            .output()
            .await
            .is_err()
        {
            assert!(
                std::env::var_os("CI").is_none(),
                "prometheus is not on PATH: install it"
            );
            eprintln!("NOT TESTED: prometheus is not on PATH, so answers were not compared");
            return None;
        }
        let place = tempfile::tempdir().unwrap();
        fill(place.path(), series).await;
        std::fs::write(place.path().join("prometheus.yml"), "").unwrap();
        let client = critwatch::runtime::client::new(Duration::from_secs(30), true).unwrap();
        // Somebody else may take the port that was free: then it is tried again.
        for _ in 0..5 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap();
            drop(free);
            let mut child = Command::new("prometheus")
                .arg(format!("--web.listen-address={address}"))
                .arg(format!(
                    "--config.file={}",
                    place.path().join("prometheus.yml").display()
                ))
                .arg(format!(
                    "--storage.tsdb.path={}",
                    place.path().join("tsdb").display()
                ))
                .arg("--storage.tsdb.retention.time=100y")
                .args(["--query.max-concurrency=8", "--log.level=error"])
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap();
            let url = format!("http://{address}");
            while child.try_wait().unwrap().is_none() {
                let ready = client.get(format!("{url}/-/ready")).send().await;
                if ready.is_ok_and(|answer| answer.status().is_success()) {
                    return Some(Self {
                        _kept: Some((child, place)),
                        client,
                        url,
                    });
                }
                tokio::task::yield_now().await;
            }
        }
        panic!("prometheus does not start");
    }

    /// Where it listens, as host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Whoever answers as one at an address.
    pub(crate) fn at(url: String) -> Self {
        Self {
            _kept: None,
            client: critwatch::runtime::client::new(Duration::from_secs(30), true).unwrap(),
            url,
        }
    }

    /// What it answers to a question by `GET`: the status and the whole of it.
    pub(crate) async fn get(&self, path: &str) -> (u16, serde_json::Value) {
        let answer = self.client.get(format!("{}{path}", self.url));
        let answer = answer.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Asks at one moment.
    pub(crate) async fn instant(&self, expression: &str, at: i64) -> Answer {
        let result = self
            .ask("query", &[("query", expression), ("time", &seconds(at))])
            .await?;
        if result["resultType"] == "scalar" {
            return Some(BTreeMap::from([(
                "{}".to_owned(),
                value(&result["result"]),
            )]));
        }
        let elements = result["result"].as_array().unwrap().iter();
        Some(
            elements
                .map(|one| (labels(&one["metric"]), value(&one["value"])))
                .collect(),
        )
    }

    /// Asks for each step.
    pub(crate) async fn range(&self, expression: &str, (start, end, step): Span) -> Answers {
        let fields = [
            ("query", expression),
            ("start", &seconds(start)),
            ("end", &seconds(end)),
            ("step", &seconds(step)),
        ];
        let result = self.ask("query_range", &fields).await?;
        Some(matrix(&result))
    }

    /// Asks for samples as they were measured, until a moment.
    pub(crate) async fn samples(&self, expression: &str, at: i64) -> Answers {
        let result = self
            .ask("query", &[("query", expression), ("time", &seconds(at))])
            .await?;
        assert_eq!(result["resultType"], "matrix", "{expression}");
        Some(matrix(&result))
    }

    async fn ask(&self, what: &str, fields: &[(&str, &str)]) -> Option<serde_json::Value> {
        let answer = self
            .client
            .post(format!("{}/api/v1/{what}", self.url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form(fields))
            .send()
            .await
            .unwrap();
        let mut answer: serde_json::Value = answer.json().await.unwrap();
        if answer["status"] == "success" {
            return Some(answer["data"].take());
        }
        // What it cannot parse is our fault, what it cannot evaluate an answer.
        assert_eq!(answer["errorType"], "execution", "{fields:?}: {answer}");
        None
    }
}

fn matrix(result: &serde_json::Value) -> BTreeMap<String, Vec<(i64, f64)>> {
    let lines = result["result"].as_array().unwrap().iter();
    let lines = lines.map(|line| {
        let points = line["values"].as_array().unwrap().iter();
        let points = points.map(|point| (milliseconds(&point[0]), value(point)));
        (labels(&line["metric"]), points.collect())
    });
    lines.collect()
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn milliseconds(seconds: &serde_json::Value) -> i64 {
    let text = seconds.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    whole.parse::<i64>().unwrap() * 1000 + format!("{part:0<3}").parse::<i64>().unwrap()
}

fn value(point: &serde_json::Value) -> f64 {
    point[1].as_str().unwrap().parse().unwrap()
}

fn labels(metric: &serde_json::Value) -> String {
    let metric = metric.as_object().unwrap();
    let sorted: BTreeMap<_, _> = metric.iter().collect();
    let labels: Vec<_> = sorted
        .iter()
        .map(|(label, value)| format!("{label}=\"{}\"", value.as_str().unwrap()))
        .collect();
    format!("{{{}}}", labels.join(", "))
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        write!(text, "&{name}=").unwrap();
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() {
                text.push(byte.into());
            } else {
                write!(text, "%{byte:02X}").unwrap();
            }
        }
    }
    text
}

/// Writes the series to a database with promtool.
async fn fill(place: &Path, series: &[(String, String)]) {
    let mut families: BTreeMap<&str, String> = BTreeMap::new();
    for (name, values) in series {
        let family = families.entry(name.split('{').next().unwrap()).or_default();
        for (step, value) in (0..).zip(values.split(' ')) {
            if !matches!(value, "_" | "stale") {
                let at = seconds(step * INTERVAL_MS + SAMPLE_SHIFT_MS);
                writeln!(family, "{name} {value} {at}").unwrap();
            }
        }
    }
    let mut text = String::new();
    for (family, lines) in families {
        write!(text, "# TYPE {family} unknown\n{lines}").unwrap();
    }
    text.push_str("# EOF\n");
    let file = place.join("series.txt");
    std::fs::write(&file, text).unwrap();
    let filled = Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .arg(&file)
        .arg(place.join("tsdb"))
        .output()
        .await
        .unwrap();
    assert!(
        filled.status.success(),
        "{}",
        String::from_utf8_lossy(&filled.stderr)
    );
}

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
