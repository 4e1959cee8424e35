//! Metrics pages and queries, served by real servers and compared with Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use critwatch::collect::Collector;
use critwatch::collect::schedule::Schedule;
use critwatch::config;
use critwatch::model::sample::{Sample, Take};
use futures_util::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::world::{self, Monitor};

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
    let client = critwatch::runtime::client::new(Duration::from_secs(30), true).unwrap();
    (schedule, Collector::new(target, &client).unwrap())
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

/// Waits for something to come.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let start = std::time::Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            start.elapsed() < Duration::from_mins(1),
            "waited in vain until {what}"
        );
        looks.tick().await;
    }
}

/// Pages as exporters write them, odd ones and wrong ones, for ours and theirs.
const PAGES: &[(&str, &str)] = &[
    (
        TEXT,
        "# HELP a_total A \\n b\n# TYPE a_total counter\na_total{x=\"1\",} 1 1700000000000\n\n#plain\na_total{ x = \"2\" } 2e3\n",
    ),
    (
        TEXT,
        "a{x=\"q\\\"b\\\\n\\n,}\"} +Inf\nb -Inf\nc NaN\nd 1\nd 2",
    ),
    (
        TEXT,
        "a{empty=\"\",job=\"theirs\",exported_job=\"more\"} 1\n",
    ),
    (TEXT, "a 1\nb{x=1} 2\n"),
    (TEXT, "a 1\na.b 2\n"),
    (TEXT, "a 1\n# TYPE b thing\n"),
    (TEXT, "a 1\nb 1 # {x=\"y\"} 1\n"),
    (TEXT, "a{x=\"1\",x=\"2\"} 1\n"),
    (TEXT, "b 1\na{__name__=\"b\"} 1\n"),
    (TEXT, "{__name__=\"b\"} 1\n"),
    (TEXT, "a{__name=\"b\",__x__=\"c\"} 1\n"),
    (TEXT, "a{x=\"1\" y=\"2\"z=\"3\"} 1\n"),
    (OPEN, "a{x=\"1\" y=\"2\"} 1\n# EOF\n"),
    (OPEN, "a{__name__=\"b\"} 1\n# EOF\n"),
    (TEXT, "a 0x1p3\n"),
    (TEXT, "a 1_000\n"),
    (TEXT, "a 1e999\n"),
    (TEXT, "a{x=\"y\"}1\n"),
    (TEXT, "a{x=\"y\"\n"),
    (TEXT, "a 1 1.5\n"),
    (TEXT, "a\t1 \n"),
    (TEXT, "a {x=\"1\"} 1\n"),
    (TEXT, "a{} 1\n"),
    (TEXT, "{} 1\n"),
    (TEXT, "a{x=\"a\\qb\"} 1\n"),
    (TEXT, "a{,} 1\n"),
    (TEXT, "a{x=\"1\",,} 1\n"),
    (TEXT, "#\n# \n# HELP\n# HELP a\n# HELP 3a b\na 1\n"),
    (TEXT, "# HELP a\n# TYPE b gauge\na 1\n"),
    (TEXT, "# TYPE a\na 1\n"),
    (TEXT, "# TYPE a gauge and more\na 1\n"),
    (TEXT, "# UNIT a bytes\na 1\n"),
    (TEXT, "a Infinity\nb nan\nc +5\nd .5\ne 5.\n"),
    (OPEN, "# HELP a it is\na 1 # {} 2\n# EOF\n\n"),
    (OPEN, "a 1 1e3\n# EOF\n"),
    (OPEN, "a 1 # {x=\"y\"}\n# EOF\n"),
    (TEXT, "<html><body>not found</body></html>\n"),
    (TEXT, ""),
    (
        OPEN,
        "# TYPE a counter\n# UNIT a_bytes bytes\na_total 3 1.5 # {id=\"7\"} 1 2.5\na_created 1.5\n# EOF\n",
    ),
    (OPEN, "a 1\n"),
    (OPEN, "a 1\n# EOF\nb 1\n"),
    (OPEN, "\na 1\n# EOF\n"),
    (OPEN, "# plain\na 1\n# EOF\n"),
    (OPEN, "# TYPE a untyped\n# EOF\n"),
    (OPEN, "# TYPE a stateset\na{a=\"b\"} 1\n# EOF"),
    (OPEN, "# UNIT a bytes\na 1\n# EOF\n"),
    ("text/html", "a 7\n"),
];

#[tokio::test]
async fn pages_are_taken_and_refused_as_prometheus_does() {
    if !installed("prometheus") {
        return;
    }
    let mut settings =
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
    let mut ours = Vec::new();
    for (number, (kind, text)) in PAGES.iter().enumerate() {
        let address = page(kind, *text).await;
        writeln!(settings,
            "- {{job_name: p{number}, honor_timestamps: false, static_configs: [{{targets: ['{address}']}}]}}"
        ).unwrap();
        let settings = format!("url = 'http://{address}/metrics'");
        ours.push(take("prometheus", &settings).await);
    }
    let prometheus = Prometheus::start(&settings, "");
    for (number, (take, failure)) in ours.iter().enumerate() {
        let job = format!("job=\"p{number}\"");
        // Theirs has seen the page once its own figures are there.
        let expr = format!("{{{job},__name__!~\"scrape_.*\"}}");
        let done = format!("scrape_samples_scraped{{{job}}}");
        until("Prometheus scraped the page", async || {
            (!prometheus.query(&done).await.is_empty()).then_some(())
        })
        .await;
        let theirs = prometheus.query(&expr).await;
        let ours: BTreeMap<_, _> = written(&take.samples)
            .into_iter()
            .map(|(series, value)| (series.replace("job=\"it\"", &job), value))
            .collect();
        assert_eq!(ours, theirs, "{:?}: {failure}", PAGES[number]);
    }
}

/// Relabelings of the same page, in the keys that both of us read.
const RELABELS: &[&str] = &[
    "source_labels: [host, path], target_label: where",
    "source_labels: [host], regex: '(.*)-(.*)', target_label: $1_zone, replacement: 'zone-${2}'",
    "source_labels: [host], regex: 'web', target_label: x, replacement: y",
    "source_labels: [host], regex: 'web.*', target_label: host, replacement: ''",
    "source_labels: [__name__], regex: 'hits_(.*)', target_label: __name__, replacement: 'visits_$1'",
    "source_labels: [job], target_label: was",
    "source_labels: [path], regex: '/a|/b', action: keep",
    "source_labels: [path], regex: '/', action: drop",
    "source_labels: [host, path], separator: '', modulus: 17, target_label: shard, action: hashmod",
    "regex: 'ho(.*)', action: labelmap, replacement: 'copy_$1'",
    "regex: 'path|code', action: labeldrop",
    "regex: '__name__|job|instance|host', action: labelkeep",
    "source_labels: [host], target_label: host, action: uppercase",
    "source_labels: [mixed], target_label: mixed, action: lowercase",
    "source_labels: [host], target_label: path, action: keepequal",
    "source_labels: [host], target_label: twin, action: dropequal",
    "source_labels: [host], target_label: all, replacement: '$$1 $2 ${1}x $1x'",
    "target_label: team, replacement: dice",
];

const RELABELED: &str = "hits_total{host=\"web-1\",path=\"/a\",code=\"200\",twin=\"web-1\"} 1\n\
    hits_total{host=\"db-äß\",path=\"/\",mixed=\"AbC\"} 2\nhits_open{host=\"web\",path=\"web\"} 3\n";

#[tokio::test]
async fn labels_are_rewritten_as_prometheus_does() {
    if !installed("prometheus") {
        return;
    }
    let address = page(TEXT, RELABELED).await;
    let mut settings =
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
    for (number, relabel) in RELABELS.iter().enumerate() {
        writeln!(settings,
            "- {{job_name: r{number}, metric_relabel_configs: [{{{relabel}}}], static_configs: [{{targets: ['{address}']}}]}}"
        ).unwrap();
    }
    let prometheus = Prometheus::start(&settings, "");
    for (number, relabel) in RELABELS.iter().enumerate() {
        let job = format!("job=\"r{number}\"");
        let toml: String = relabel_toml(relabel);
        let settings = format!("url = 'http://{address}/metrics'\n[[collector.relabel]]\n{toml}");
        // `job` is read by some of them and is theirs to choose.
        let (ours, failure) = take("prometheus", &settings).await;
        assert_eq!(failure, "", "{relabel}");
        let done = format!("scrape_samples_scraped{{{job}}}");
        until("Prometheus scraped the page", async || {
            (!prometheus.query(&done).await.is_empty()).then_some(())
        })
        .await;
        let theirs = prometheus
            .query(&format!("{{{job},__name__!~\"scrape_.*\"}}"))
            .await;
        let ours: BTreeMap<_, _> = written(&ours.samples)
            .into_iter()
            .map(|(series, value)| (series.replace("\"it\"", &format!("\"r{number}\"")), value))
            .collect();
        assert_eq!(ours, theirs, "{relabel}");
    }
}

/// The same table in TOML.
fn relabel_toml(yaml: &str) -> String {
    let mut toml = String::new();
    let mut depth = 0;
    let parts = yaml.split(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    });
    for part in parts {
        let (key, value) = part.trim().split_once(": ").unwrap();
        let value = match value.strip_prefix('[') {
            Some(list) => {
                let names = list.trim_end_matches(']').split(", ");
                let names: Vec<_> = names.map(|name| format!("'{name}'")).collect();
                format!("[{}]", names.join(","))
            }
            None if key == "modulus" || value.starts_with('\'') => value.to_owned(),
            None => format!("'{value}'"),
        };
        writeln!(toml, "{key} = {value}").unwrap();
    }
    toml
}

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

#[test]
fn the_examples_of_the_documents_have_no_fault() {
    let place = tempfile::tempdir().unwrap();
    let secrets = place.path().join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    certificates(&secrets);
    std::fs::rename(secrets.join("ca.pem"), secrets.join("authority.pem")).unwrap();
    std::fs::write(secrets.join("thanos"), "token\n").unwrap();
    std::fs::write(secrets.join("push-token"), "0123456789abcdef\n").unwrap();
    let component = |id| format!("[[component]]\nid = '{id}'\nname = '{id}'\n");
    let head = ["api", "backup", "cache", "worker"].map(component).concat();
    let variable = |name: &str| (name.to_owned(), "secret".to_owned());
    let environment = ["API_TOKEN", "REDIS_PASSWORD"].map(variable);
    for (document, count) in [
        (include_str!("../../docs/alerts.md"), 5),
        (include_str!("../../docs/events.md"), 1),
        (include_str!("../../docs/charts.md"), 1),
        (include_str!("../../docs/keeping.md"), 1),
        (include_str!("../../docs/machine.md"), 4),
        (include_str!("../../docs/maintenance.md"), 1),
        (include_str!("../../docs/pages.md"), 4),
        (include_str!("../../docs/probes.md"), 5),
        (include_str!("../../docs/providers.md"), 2),
        (include_str!("../../docs/redis.md"), 8),
    ] {
        let examples = document.split("```toml\n").skip(1);
        let examples: Vec<_> = examples
            .map(|rest| rest.split("```").next().unwrap())
            .collect();
        assert_eq!(examples.len(), count);
        let mut text = format!("[site]\ntitle = 'D'\n{head}");
        for (number, example) in examples.iter().enumerate() {
            // Some show only what differs in the table of a Redis.
            if example.starts_with("url") {
                let head = ["[[collector]]\nid = 'example-", &number.to_string()].concat();
                text.extend([&*head, "'\ntype = 'redis'\n"]);
            }
            text += example;
        }
        let environment = environment.clone().into();
        let read = config::read(&text, "alerts.toml", place.path(), environment, None);
        read.unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_first_page_shows_settings_that_work_and_names_every_type_and_section() {
    let document = include_str!("../../docs/watching.md");
    let example = document.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let read = |text: &str| config::read(text, "alerts.toml", Path::new("."), [].into(), None);
    read(example).unwrap_or_else(|error| panic!("{error}"));
    // The faults tell what there is.
    let of_type = "[[collector]]\nid = 'a'\ntype = 'nothing'\n";
    let types = read(&format!("{example}{of_type}"))
        .unwrap_err()
        .to_string();
    let (_, types) = types.split_once("expected one of ").unwrap();
    let sections = read(&format!("{example}[nothing]\n"))
        .unwrap_err()
        .to_string();
    let (_, sections) = sections.split_once("there are ").unwrap();
    for words in [types, sections] {
        let words: Vec<_> = words.lines().next().unwrap().split('`').collect();
        let names = words.iter().skip(1).step_by(2);
        assert!(names.len() > 8, "{words:?}");
        for name in names {
            assert!(document.contains(&format!("\n| `{name}` |")), "{name}");
        }
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

fn faults(text: &str) -> String {
    config::read(text, "alerts.toml", Path::new("."), [].into(), None)
        .unwrap_err()
        .to_string()
}

/// What is wrong behind the head of a settings file, its line, and what is said.
const SLIPS: &[(&str, u32, &str)] = &[
    (
        "{page}[[collector.relabel]]\nregex = '('\n",
        11,
        "no regular expression: unclosed group",
    ),
    (
        "{page}[[collector.relabel]]\naction = 'hash'\n",
        11,
        "unknown word `hash`",
    ),
    (
        "{page}[[collector.relabel]]\naction = 'hashmod'\ntarget_label = 'a'\n",
        10,
        "`action = \"hashmod\"` needs `modulus`",
    ),
    (
        "{page}[[collector.relabel]]\nregex = 'a'\n",
        10,
        "`action = \"replace\"` needs `target_label`",
    ),
    (
        "{page}bearer = 'a'\nusername = 'b'\n",
        9,
        "exclude each other",
    ),
    ("{page}ca = 'a'\n", 9, "`ca` holds no certificate"),
    ("{query}", 8, "nothing is asked"),
    (
        "{query}[[collector.query]]\nname = 'a b'\nexpr = 'c'\n",
        9,
        "`a b` is no name of a metric",
    ),
    (
        "{query}[[collector.query]]\nname = 'up'\nexpr = 'c'\n",
        9,
        "name it otherwise",
    ),
    (
        "{page}labels = { __name__ = 'a' }\n",
        9,
        "`__name__` in `labels` is no name",
    ),
    (
        "{page}labels = { zone = '' }\n",
        9,
        "the label `zone` has no value",
    ),
    (
        "{query}{rule}source = 'ot'\nexpr = 'up'\n",
        16,
        "there are `it`",
    ),
    (
        "{query}{rule}source = 'it'\nexpr = 'sum(('\n",
        17,
        "unclosed left parenthesis",
    ),
    ("{query}{rule}source = 'it'\n", 10, "missing key `expr`"),
    (
        "type = 'provider'\nurl = 'https://health.aws.amazon.com'\nformat = 'aws'\n",
        9,
        "name a `region`",
    ),
    (
        "type = 'provider'\nurl = 'gopher://x'\n",
        9,
        "http:// or https://",
    ),
];

#[test]
fn a_slip_in_the_settings_is_told_with_its_line_and_the_way_out() {
    let head =
        "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n[[collector]]\nid = 'it'\n";
    let page = "type = 'prometheus'\nurl = 'http://localhost/'\n";
    let query = "type = 'query'\nurl = 'http://localhost/'\n";
    let rule =
        "[[rule]]\nid = 'r'\nseverity = 'down'\ncomponents = ['c']\ntitle = 'T'\ntext = 't'\n";
    for (rest, line, words) in SLIPS {
        let rest = rest
            .replace("{page}", page)
            .replace("{query}", query)
            .replace("{rule}", rule);
        let said = faults(&format!("{head}{rest}"));
        let place = format!("alerts.toml:{line}:");
        assert!(
            said.contains(words) && said.contains(&place),
            "{rest}\n{said}"
        );
    }
    let all = format!("source = 'it'\n{head}{page}{rule}expr = 'up == 0'\n");
    assert!(
        faults(&all).contains("alerts.toml:1:10"),
        "{}",
        faults(&all)
    );
}

/// The answer to a query as Prometheus' API writes it.
fn vector(series: &str, more: &str) -> String {
    format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[{series}]}}{more}}}"
    )
}

#[tokio::test]
async fn a_query_that_is_not_answered_in_full_brings_nothing_and_holds_up_no_other() {
    let answer = async move |body: String| {
        let series =
            "{\"metric\":{\"__name__\":\"up\",\"rule\":\"x\",\"job\":\"j\"},\"value\":[1,\"4\"]}";
        match body.as_str() {
            "query=good+%3E+1&partial_response=false" => (200, vector(series, "")),
            body if body.starts_with("query=empty&") => (200, vector("", ",\"warnings\":null")),
            body if body.starts_with("query=part&") => {
                (200, vector(series, ",\"warnings\":[\"a store is away\"]"))
            }
            body if body.starts_with("query=many&") => (200, vector(&[series; 9].join(","), "")),
            body if body.starts_with("query=slow&") => std::future::pending().await,
            _ => (
                400,
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no such function\"}"
                    .to_owned(),
            ),
        }
    };
    let answer = async move |body: String| {
        let (status, text) = answer(body).await;
        (axum::http::StatusCode::from_u16(status).unwrap(), text)
    };
    let address = serve(Router::new().route("/prom/api/v1/query", post(answer))).await;
    let mut settings = format!("url = 'http://{address}/prom/'\nseries = 5\n");
    for (name, expr) in [
        ("good", "good > 1"),
        ("empty", "empty"),
        ("part", "part"),
        ("many", "many"),
        ("slow", "slow"),
        ("bad", "bad"),
    ] {
        writeln!(
            settings,
            "[[collector.query]]\nname = '{name}'\nexpr = '{expr}'"
        )
        .unwrap();
    }
    let (schedule, mut collector) = collector("query", &settings);
    let schedule = Schedule {
        timeout: Duration::from_millis(700),
        ..schedule
    };
    let (take, failure) = collector.take(&schedule).await;
    assert!(failure.is_none(), "{failure:?}");
    let expected = [
        ("good{exported_job=\"j\",job=\"it\",rule=\"x\"}", "4"),
        ("query_success{job=\"it\",query=\"bad\"}", "0"),
        ("query_success{job=\"it\",query=\"empty\"}", "1"),
        ("query_success{job=\"it\",query=\"good\"}", "1"),
        ("query_success{job=\"it\",query=\"many\"}", "0"),
        ("query_success{job=\"it\",query=\"part\"}", "0"),
        ("query_success{job=\"it\",query=\"slow\"}", "0"),
        ("up{job=\"it\"}", "1"),
    ];
    let expected = expected.map(|(series, value)| (series.to_owned(), value.to_owned()));
    assert_eq!(written(&take.samples), expected.into());
}

/// Asks queries of these names, and gives the words of the failure and the
/// names of those that were answered.
async fn answered(names: &[&str]) -> (String, Vec<String>) {
    let answer = async move |body: String| {
        if body.starts_with("query=slow") {
            std::future::pending::<()>().await;
        }
        vector("", "")
    };
    let address = serve(Router::new().route("/api/v1/query", post(answer))).await;
    let mut settings = format!("url = 'http://{address}'\n");
    for name in names {
        writeln!(
            settings,
            "[[collector.query]]\nname = '{name}'\nexpr = '{name}'"
        )
        .unwrap();
    }
    let (schedule, mut collector) = collector("query", &settings);
    let schedule = Schedule {
        timeout: Duration::from_millis(700),
        ..schedule
    };
    let (take, failure) = collector.take(&schedule).await;
    let good = names
        .iter()
        .filter(|name| value(&take, "query_success", Some(("query", name))) == Some(1.0));
    (
        failure
            .map(|failure| failure.to_string())
            .unwrap_or_default(),
        good.map(|name| (*name).to_owned()).collect(),
    )
}

#[tokio::test]
async fn slow_queries_among_many_do_not_make_all_of_them_late() {
    let names = ["slow1", "a", "b", "c", "slow2", "d", "e", "f", "g"];
    let (failure, good) = answered(&names).await;
    assert_eq!(
        (&*failure, good.join(" ")),
        ("", "a b c d e f g".to_owned())
    );
    // More than are asked at once: what was answered counts all the same.
    let names = ["a", "slow1", "slow2", "slow3", "slow4", "slow5"];
    let (failure, good) = answered(&names).await;
    assert_eq!((&*failure, good.join(" ")), ("", "a".to_owned()));
}

#[tokio::test]
async fn a_rule_that_prometheus_evaluates_fires_there_and_here_and_is_unknown_without_it() {
    if !installed("prometheus") {
        return;
    }
    let (sender, bad) = tokio::sync::watch::channel(0);
    let answer = async move || format!("bad {}\n", *bad.borrow());
    let target = serve(Router::new().route("/metrics", get(answer))).await;
    // A function that we do not evaluate: what is theirs need not be ours.
    let expr = "histogram_quantile(0.5, bad) or max(bad) by (job) > 0";
    let prometheus = Prometheus::start(
        &format!(
            "global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\nscrape_configs:\n- {{job_name: t, static_configs: [{{targets: ['{target}']}}]}}"
        ),
        &format!("groups:\n- name: g\n  rules:\n  - {{alert: too-bad, expr: '{expr}'}}\n"),
    );
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let alerts = format!(
        "source = 'prometheus'\n[site]\ntitle = 'D'\nhold = '1s'\n[[component]]\nid = 'c'\nname = 'C'\n\
        [[collector]]\nid = 'prometheus'\ntype = 'query'\nurl = '{}'\ninterval = '1s'\ntimeout = '900ms'\n\
        [[rule]]\nid = 'too-bad'\nexpr = '{expr}'\nseverity = 'down'\ncomponents = ['c']\ntitle = 'Bad'\ntext = 'It is {{{{ value }}}}.'\n",
        prometheus.url
    );
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let state = async |state: &str| {
        let page = world::get(&format!("{}/metrics", monitor.ops)).await.1;
        let line = format!("critwatch_rule_state{{rule=\"too-bad\",state=\"{state}\"}} 1");
        page.contains(&line).then_some(())
    };
    let incident = || {
        let mut files = std::fs::read_dir(place.path().join("incidents")).unwrap();
        let file = files.find(|file| {
            !file
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with('.')
        });
        file.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
    };
    until("the rule is quiet", async || state("quiet").await).await;
    assert_eq!(incident(), None);

    sender.send_replace(7);
    until("the rule fires here", async || state("firing").await).await;
    let alert = "ALERTS{alertname=\"too-bad\",alertstate=\"firing\"}";
    until("the rule fires there", async || {
        (prometheus.query(alert).await.len() == 1).then_some(())
    })
    .await;
    until("the incident is written", async || incident()).await;
    assert!(incident().unwrap().contains("It is 7."), "{:?}", incident());

    let mut child = prometheus.child;
    child.kill().await.unwrap();
    until("the rule is unknown", async || state("unknown").await).await;
    let text = incident().unwrap();
    assert!(text.contains("resolved: false"), "{text}");
    assert!(monitor.stop().await.success());
}
