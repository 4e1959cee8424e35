//! Metrics pages and queries, served by real servers and compared with Prometheus.

mod asking;
mod compared;
mod queries;
mod settings;
mod wire;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use critwatch::collect::Collector;
use critwatch::collect::schedule::Schedule;
use critwatch::config;
use critwatch::model::sample::{Sample, Take};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// A server on a free port that ends with the test.
pub(crate) async fn serve(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// A server of one metrics page.
async fn page(kind: &'static str, text: impl Into<String>) -> SocketAddr {
    let text = text.into();
    let answer = async move || ([("content-type", kind)], text);
    serve(Router::new().route("/metrics", get(answer))).await
}

const TEXT: &str = "text/plain; version=0.0.4";

const OPEN: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

fn collector(kind: &str, settings: &str) -> (Schedule, Collector) {
    let text = format!(
        "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = '{kind}'\ntimeout = '20s'\n{settings}\n"
    );
    let config = config::read(&text, "alerts.toml", Path::new("."), [].into(), None)
        .unwrap_or_else(|error| panic!("{error}"));
    let (schedule, target) = config.collectors.into_iter().next().unwrap();
    let timeout = Duration::from_secs(30);
    let clients = critwatch::collect::http::clients::HttpClients {
        redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
        direct: critwatch::runtime::client::direct(timeout).unwrap(),
    };
    (schedule, Collector::new(target, &clients).unwrap())
}

pub(crate) async fn take(kind: &str, settings: &str) -> (Take, String) {
    let (schedule, mut collector) = collector(kind, settings);
    let (take, failure) = collector.take(&schedule).await;
    let failure = failure.map(|failure| failure.to_string());
    (take, failure.unwrap_or_default())
}

/// Samples as a metrics page would write them, by series; without those of the
/// scrape itself.
pub(crate) fn written(samples: &[Sample]) -> BTreeMap<String, String> {
    let own = |sample: &&Sample| !sample.metric.name.starts_with("scrape_");
    let samples = samples.iter().filter(own);
    samples
        .map(|Sample { metric, value }| {
            let labels: Vec<_> = metric
                .labels
                .iter()
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            (
                format!("{}{{{}}}", metric.name, labels.join(",")),
                value.to_string(),
            )
        })
        .collect()
}

fn value(take: &Take, name: &str, label: Option<(&str, &str)>) -> Option<f64> {
    let found = take.samples.iter().find(|sample| {
        let labels = &sample.metric.labels;
        sample.metric.name == name
            && label.is_none_or(|(name, value)| labels.get(name).is_some_and(|own| own == value))
    });
    found.map(|sample| sample.value)
}

pub(crate) fn installed(program: &str) -> bool {
    let found = std::process::Command::new(program)
        .arg("--version")
        .output()
        .is_ok();
    assert!(
        found || std::env::var_os("CI").is_none(),
        "{program} is not installed"
    );
    if !found {
        eprintln!("NOT TESTED: {program} is not installed");
    }
    found
}

/// A Prometheus of our own; it ends with the test.
pub(crate) struct Prometheus {
    child: Child,
    url: String,
    _place: tempfile::TempDir,
}

impl Prometheus {
    pub(crate) fn start(settings: &str, rules: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("p.yml"), settings).unwrap();
        std::fs::write(place.path().join("rules.yml"), rules).unwrap();
        // It cannot say which port it took: this one was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let child = Command::new("prometheus")
            .arg(format!(
                "--config.file={}",
                place.path().join("p.yml").display()
            ))
            .arg(format!(
                "--storage.tsdb.path={}",
                place.path().join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            _place: place,
        }
    }

    /// What an expression selects now; nothing before it is ready.
    pub(crate) async fn query(&self, expr: &str) -> BTreeMap<String, String> {
        let client = critwatch::runtime::client::new(Duration::from_secs(5), true).unwrap();
        let url = reqwest::Url::parse_with_params(
            &format!("{}/api/v1/query", self.url),
            [("query", expr)],
        );
        let Ok(response) = client.get(url.unwrap()).send().await else {
            return BTreeMap::new();
        };
        let Ok(answer) = response.json::<serde_json::Value>().await else {
            return BTreeMap::new();
        };
        let series = answer["data"]["result"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let series = series.iter().map(|series| {
            let labels: BTreeMap<String, String> =
                serde_json::from_value(series["metric"].clone()).unwrap();
            let name = labels.get("__name__").cloned().unwrap_or_default();
            let labels: Vec<_> = labels
                .iter()
                .filter(|(name, _)| !matches!(&***name, "__name__" | "instance"))
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            let value: f64 = match series["value"][1].as_str().unwrap() {
                "+Inf" => f64::INFINITY,
                "-Inf" => f64::NEG_INFINITY,
                other => other.parse().unwrap(),
            };
            (format!("{name}{{{}}}", labels.join(",")), value.to_string())
        });
        series.collect()
    }
}

/// Makes an authority and a certificate of it for this machine.
fn certificates(place: &Path) {
    let openssl = |arguments: &str| {
        let output = std::process::Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(place)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority",
    );
    openssl("req -newkey rsa:2048 -nodes -keyout it.key -out it.csr -subj /CN=localhost");
    std::fs::write(place.join("names"), "subjectAltName=DNS:localhost").unwrap();
    openssl(
        "x509 -req -in it.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out it.pem -days 2 -extfile names",
    );
}
