//! Traces for OpenTelemetry, as a collector reads them: with the messages of
//! OpenTelemetry's own package, and none of our code.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::world::discord::Discord;
use crate::world::patience::until;
use crate::world::{LOG, Monitor, PROGRAM, get};

/// Prints where it listens, then each span in a line.
const COLLECTOR: &str = include_str!("traces.py");

/// What no span and no log may hold.
const SECRETS: [&str; 3] = ["hush", "api/webhooks", "127.0.0.1:1/"];

const ALERTS: &str = r#"
[site]
title = "Dice"

[[component]]
id = "api"
name = "API"

[[collector]]
id = "pages"
type = "prometheus"
url = "http://127.0.0.1:1/hush"
interval = "200ms"
timeout = "100ms"

[[collector]]
id = "host"
type = "host"
interval = "200ms"
timeout = "100ms"

[[rule]]
id = "gone"
expr = 'up{job="pages"} == 0'
severity = "down"
components = ["api"]
title = "The API is gone"
text = "It is."

[[notifier]]
id = "chat"
type = "discord"
webhook = "${WEBHOOK}"
"#;

/// A collector of traces; it ends with the test.
struct Collector {
    _child: Child,
    place: String,
    lines: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
}

impl Collector {
    /// Starts one; `None` if what it needs is not installed.
    async fn start() -> Option<Self> {
        let libraries = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/otel");
        if !libraries.join("opentelemetry/proto").exists() {
            assert!(
                std::env::var_os("CI").is_none(),
                "no OpenTelemetry in target/otel"
            );
            eprintln!("NOT TESTED: OpenTelemetry's SDK is not in target/otel");
            return None;
        }
        let mut child = Command::new("python3")
            .args(["-u", "-c", COLLECTOR])
            .env("PYTHONPATH", libraries)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let place = lines.next_line().await.unwrap().unwrap();
        Some(Self {
            _child: child,
            place,
            lines,
        })
    }

    /// Reads spans until there is one like this.
    async fn find(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let reading = async {
            loop {
                let line = self.lines.next_line().await.unwrap().unwrap();
                for secret in SECRETS {
                    assert!(!line.contains(secret), "{line}");
                }
                let span = serde_json::from_str(&line).unwrap();
                if is(&span) {
                    return span;
                }
            }
        };
        let patience = crate::world::patience::PATIENCE;
        let found = tokio::time::timeout(patience, reading).await;
        found.unwrap_or_else(|_| panic!("no span of {what}"))
    }
}

/// A monitor that tells a collector of all that it does.
struct Traced {
    collector: Collector,
    monitor: Monitor,
    place: tempfile::TempDir,
    _discord: Discord,
}

impl Traced {
    async fn start() -> Option<Self> {
        let collector = Collector::start().await?;
        let discord = Discord::start().await;
        let place = site();
        let variables = [
            ("WEBHOOK", discord.url()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.place),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer hush"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ];
        let variables = variables.map(|(name, value)| (name, value.to_owned()));
        Some(Self {
            collector,
            monitor: Monitor::serve(place.path(), &variables).await,
            place,
            _discord: discord,
        })
    }

    /// The next span of this name with this attribute.
    async fn span(&mut self, name: &str, (key, value): (&str, &str)) -> Value {
        let what = format!("{name} with {key} {value}");
        let is = |span: &Value| span["name"] == name && span["attributes"][key] == value;
        self.collector.find(&what, is).await
    }
}

/// A folder with the settings.
fn site() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), ALERTS).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    place
}

#[tokio::test]
async fn a_collector_is_told_of_scrapes_and_steps() {
    let Some(mut traced) = Traced::start().await else {
        return;
    };
    let failed = traced.span("scrape", ("collector.name", "pages")).await;
    assert_eq!(failed["kind"], "CLIENT", "{failed}");
    assert_eq!(failed["status"], "ERROR", "{failed}");
    assert_eq!(failed["attributes"]["error.type"], "connection", "{failed}");
    assert_eq!(failed["resource"]["service.name"], "critwatch", "{failed}");
    let environment = &failed["resource"]["deployment.environment"];
    assert_eq!(environment, "test", "{failed}");
    assert_eq!(failed["authorization"], "right", "{failed}");
    let good = traced.span("scrape", ("collector.name", "host")).await;
    assert_eq!(good["status"], "UNSET", "{good}");
    let samples = good["attributes"]["collector.samples"].as_i64();
    assert!(samples > Some(3), "{good}");
    let step = traced
        .collector
        .find("a step", |span| span["name"] == "step");
    let step = step.await;
    assert_eq!(step["kind"], "INTERNAL", "{step}");
    assert!(step["attributes"]["takes"].as_i64() >= Some(1), "{step}");
    assert!(traced.monitor.stop().await.success());
    let log = std::fs::read_to_string(traced.place.path().join(LOG)).unwrap();
    assert!(!log.contains("Bearer") && !log.contains("\"span"), "{log}");
}

#[tokio::test]
async fn a_collector_is_told_of_announcements() {
    let Some(mut traced) = Traced::start().await else {
        return;
    };
    let told = traced.span("announce", ("notifier.name", "chat")).await;
    let attributes = &told["attributes"];
    assert_eq!(attributes["notifier.outcome"], "delivered", "{told}");
    assert_eq!(attributes["notifier.occasion"], "opened", "{told}");
    let topic = attributes["notifier.topic"].as_str().unwrap();
    assert!(topic.contains("the-api-is-gone"), "{told}");
    assert_eq!(
        (&told["kind"], &told["status"]),
        (&"CLIENT".into(), &"UNSET".into())
    );
}

#[tokio::test]
async fn a_collector_is_told_of_requests_and_of_nothing_secret_in_them() {
    let Some(mut traced) = Traced::start().await else {
        return;
    };
    let ops = traced.monitor.ops.clone();
    assert_eq!(get(&format!("{ops}/metrics?token=hush")).await.0, 200);
    assert_eq!(get(&format!("{ops}/hush")).await.0, 404);
    let asked = traced
        .span("GET /metrics", ("http.route", "/metrics"))
        .await;
    assert_eq!(asked["kind"], "SERVER", "{asked}");
    let status = |span: &Value| span["attributes"]["http.response.status_code"].as_i64();
    assert_eq!(status(&asked), Some(200), "{asked}");
    let lost = traced.span("GET", ("http.request.method", "GET")).await;
    assert_eq!(status(&lost), Some(404), "{lost}");
}

#[tokio::test]
async fn a_collector_that_is_away_is_logged_once_and_delays_nothing() {
    let place = site();
    let discord = Discord::start().await;
    let environment = [
        ("WEBHOOK", discord.url().to_owned()),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:1/hush".to_owned(),
        ),
        ("OTEL_BSP_SCHEDULE_DELAY", "50".to_owned()),
    ];
    let monitor = Monitor::serve(place.path(), &environment).await;
    let log = || std::fs::read_to_string(place.path().join(LOG)).unwrap();
    until("it is logged", async || {
        log().contains("cannot export traces")
    })
    .await;
    until("the incident is on the page all the same", async || {
        monitor.get("/").await.1.contains("The API is gone")
    })
    .await;
    assert!(monitor.stop().await.success());
    assert_eq!(
        log().matches("cannot export traces").count(),
        1,
        "{}",
        log()
    );
    assert!(!log().contains("hush"), "{}", log());
    assert!(log().contains("Connection refused"), "{}", log());
}

#[tokio::test]
async fn a_number_that_is_none_is_refused_with_what_it_may_be() {
    let place = site();
    let done = Command::new(PROGRAM)
        .arg("serve")
        .current_dir(place.path())
        .env("WEBHOOK", "http://127.0.0.1:1/")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1/")
        .env("OTEL_BSP_SCHEDULE_DELAY", "abc")
        .output();
    let done = done.await.unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2), "{said}");
    let words = "OTEL_BSP_SCHEDULE_DELAY cannot be used: it is `abc`; write a whole number of at \
                 least 1";
    assert!(said.contains(words), "{said}");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_the_way_out_and_not_shown() {
    let place = site();
    for (name, address) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "hush:4318"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://hush /v1"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "hush OTEL_hush: x"),
    ] {
        let done = Command::new(PROGRAM)
            .arg("serve")
            .current_dir(place.path())
            .env("WEBHOOK", "http://127.0.0.1:1/")
            .env(name, address)
            .output();
        let done = done.await.unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert_eq!(said.matches(name).count(), 1, "{said}");
        assert!(said.contains("http://127.0.0.1:4318"), "{said}");
        assert!(!said.contains("hush"), "{said}");
    }
}
