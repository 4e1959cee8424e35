//! What was done to the service: seen in a real Redis, noted by the command and
//! by the operators' API, reported by a provider; each told once.

mod incidents;

use std::process::Command;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

use crate::redis::world::Server;
use crate::world::patience::until;
use crate::world::{self, Monitor, PROGRAM};

const TOKEN: &str = "open the door please";

const SITE: &str = "[site]\ntitle = 'Dice'\n[ops]\ntoken = 'open the door please'\n\
    [[component]]\nid = 'cache'\nname = 'Cache'\n[[component]]\nid = 'api'\nname = 'API'\n";

/// A folder with settings, and a monitor on it.
struct Watch {
    place: tempfile::TempDir,
    monitor: Option<Monitor>,
}

impl Watch {
    async fn new(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let monitor = Some(Monitor::serve(place.path(), &[]).await);
        Self { place, monitor }
    }

    /// A monitor that looks at a Redis and at its status page.
    async fn of(redis: &Server, provider: &str) -> Self {
        let settings = format!(
            "{SITE}[[collector]]\nid = 'redis'\ntype = 'redis'\nurl = '{}'\n\
            interval = '100ms'\nconcerns = ['cache']\n{provider}\
            [[rule]]\nid = 'gone'\nexpr = 'redis_up == 0'\nseverity = 'down'\n\
            components = ['cache']\ntitle = 'Gone'\ntext = 'Gone.'\npublish = 'internal'\n",
            redis.url()
        );
        Self::new(&settings).await
    }

    fn ops(&self, path: &str) -> String {
        format!("{}{path}", self.monitor().ops)
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let answer = request.bearer_auth(TOKEN).send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask(client().get(self.ops(path))).await;
        assert_eq!(status, 200, "{value}");
        value
    }

    async fn post(&self, body: &Value) -> (u16, Value) {
        let request = client().post(self.ops("/api/v1/events"));
        self.ask(request.body(body.to_string())).await
    }

    /// Kind and text of each event, in their order.
    async fn told(&self) -> Vec<String> {
        let events = self.get("/api/v1/events").await;
        let events = events.as_array().unwrap().iter();
        let word = |event: &Value, key: &str| event[key].as_str().unwrap().to_owned();
        events
            .map(|event| format!("{}: {}", word(event, "kind"), word(event, "text")))
            .collect()
    }

    fn monitor(&self) -> &Monitor {
        self.monitor.as_ref().unwrap()
    }

    /// Waits until something is true of what was told.
    async fn until(&self, what: &str, test: impl Fn(&[String]) -> bool) -> Vec<String> {
        until(what, async || {
            let told = self.told().await;
            if test(&told) { Ok(told) } else { Err(told) }
        })
        .await
    }

    async fn until_told(&self, text: &str) {
        self.until(text, |told| told.iter().any(|one| one == text))
            .await;
    }

    /// Waits until the rule has this state: then the collector has looked.
    async fn until_rule_is(&self, state: &str) {
        self.monitor().until_rule_is("gone", state).await;
    }

    /// Stops the monitor as a service manager does.
    async fn stop(&mut self) {
        let stopped = self.monitor.take().unwrap().stop().await;
        assert!(stopped.success());
    }

    async fn start(&mut self) {
        self.monitor = Some(Monitor::serve(self.place.path(), &[]).await);
    }
}

fn client() -> reqwest::Client {
    critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap()
}

#[tokio::test]
async fn what_is_done_to_a_redis_is_told_and_told_once_over_a_restart() {
    let redis = Server::start(&[]);
    let mut watch = Watch::of(&redis, "").await;
    watch.until_rule_is("quiet").await;
    assert_eq!(watch.told().await, [""; 0]);

    let _: String = redis.ask(&["CONFIG", "SET", "maxmemory", "256mb"]);
    let limit = "limit: The memory limit of Cache was set to 256 MiB; there was no limit before.";
    watch.until_told(limit).await;
    let _: String = redis.ask(&["FLUSHALL"]);
    let flush = "flush: Data in Cache was deleted by a command.";
    watch.until_told(flush).await;
    let port = redis.port.to_string();
    let place = redis.kill();
    watch.until_rule_is("firing").await;
    let settings = ["--port", &port, "--maxmemory", "256mb"];
    let redis = Server::start_in(place, "redis-server", &settings);
    let restart = "restart: Cache was restarted.";
    watch.until_told(restart).await;
    watch.until_rule_is("quiet").await;
    let told = watch.until("all three", |told| told.len() >= 3).await;
    assert_eq!(told, [limit, flush, restart]);
    let events = watch.get("/api/v1/events").await;
    for event in events.as_array().unwrap() {
        assert_eq!(event["components"], json!(["cache"]));
        assert_eq!(event["source"], "collector:redis");
        assert!(!event.to_string().contains(&port), "{event}");
    }

    watch.stop().await;
    watch.start().await;
    watch.until_rule_is("quiet").await;
    assert_eq!(watch.get("/api/v1/events").await, events);
    drop(redis);
}

#[tokio::test]
async fn a_restart_of_redis_while_the_monitor_was_away_is_told() {
    let redis = Server::start(&[]);
    let mut watch = Watch::of(&redis, "").await;
    watch.until_rule_is("quiet").await;
    watch.stop().await;
    let port = redis.port.to_string();
    let place = redis.kill();
    let redis = Server::start_in(place, "redis-server", &["--port", &port]);
    watch.start().await;
    watch.until_told("restart: Cache was restarted.").await;
    assert_eq!(watch.told().await.len(), 1);
    drop(redis);
}

#[tokio::test]
async fn a_notice_of_a_provider_is_told_once_over_a_restart() {
    let since = jiff::Timestamp::now() - Duration::from_mins(10);
    let page = json!({
        "page": { "name": "Redis Cloud" },
        "status": { "indicator": "major" },
        "components": [],
        "incidents": [{
            "name": "Slow in <b>eu</b>", "status": "investigating", "impact": "major",
            "started_at": since.to_string(), "shortlink": "https://status.example.org/1"
        }],
        "scheduled_maintenances": [],
    });
    let page = page.to_string();
    let answer = async move || page;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(get(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let redis = Server::start(&[]);
    let provider = format!(
        "[[collector]]\nid = 'cloud'\ntype = 'provider'\nname = 'Redis Cloud'\nurl = '{url}'\n\
        interval = '100ms'\nconcerns = ['cache']\n"
    );
    let mut watch = Watch::of(&redis, &provider).await;
    let told = watch
        .until("notice", |told| {
            told.iter().any(|one| one.starts_with("provider"))
        })
        .await;
    assert_eq!(told, ["provider: Redis Cloud reports: Slow in <b>eu</b>"]);
    let events = watch.get("/api/v1/events").await;
    let at: jiff::Timestamp = events[0]["at"].as_str().unwrap().parse().unwrap();
    assert_eq!(at.as_millisecond(), since.as_millisecond());
    watch.stop().await;
    watch.start().await;
    watch.until_rule_is("quiet").await;
    assert_eq!(watch.get("/api/v1/events").await, events);
}

#[tokio::test]
async fn what_the_command_and_the_api_note_is_known_to_the_running_service() {
    let watch = Watch::new(SITE).await;
    let noted = Command::new(PROGRAM)
        .args([
            "event",
            "Release v0.9",
            "--kind",
            "release",
            "--affected",
            "api",
        ])
        .args(["--format", "json"])
        .current_dir(watch.place.path())
        .output()
        .unwrap();
    let noted: Value = serde_json::from_slice(&noted.stdout).unwrap();
    assert_eq!(noted["components"], json!(["api"]));
    assert_eq!(noted["source"], "person");
    watch.until_told("release: Release v0.9").await;

    let body = json!({ "text": "Migration began", "affected": ["Cache"], "kind": "note" });
    let (status, added) = watch.post(&body).await;
    assert_eq!((status, &added["source"]), (201, &json!("api")), "{added}");
    // Who asks next finds it.
    assert_eq!(watch.get("/api/v1/events").await, json!([noted, added]));
    let listed = Command::new(PROGRAM)
        .args(["event", "--list", "--format", "json"])
        .current_dir(watch.place.path())
        .output()
        .unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed, json!([noted, added]));
}

#[tokio::test]
async fn the_api_names_what_is_wrong_and_lets_nobody_in_without_the_token() {
    let watch = Watch::new(SITE).await;
    let error = |field: Option<&str>, message: &str| json!({ "error": { "field": field, "message": message } });
    for (body, field, message) in [
        (json!({}), Some("text"), "say what was done, in one line"),
        (
            json!({ "text": "x", "affected": ["web"] }),
            Some("affected"),
            "there is no component `web`; there are cache, api",
        ),
        (
            json!({ "text": "x", "at": "2199-01-01T00:00:00Z" }),
            Some("at"),
            "2199-01-01T00:00:00Z is in the future; record only what has happened",
        ),
        (json!([]), None, "send one JSON object"),
    ] {
        let (status, answer) = watch.post(&body).await;
        let told = json!({ "error": answer["error"] });
        assert_eq!((status, told), (400, error(field, message)), "{body}");
    }
    let long = json!({ "text": "x".repeat(70_000) });
    let (status, answer) = watch.post(&long).await;
    assert_eq!((status, &answer["error"]["field"]), (413, &Value::Null));
    assert_eq!(watch.told().await, [""; 0]);

    for path in ["/api/v1/events", "/api/v1/incidents"] {
        for token in ["", "open the door pleas"] {
            let request = client().get(watch.ops(path)).bearer_auth(token);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 401, "{path}");
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            assert!(
                answer["error"]["message"]
                    .as_str()
                    .unwrap()
                    .contains("critwatch token add")
            );
        }
        let (status, _) = watch.ask(client().delete(watch.ops(path))).await;
        assert_eq!(status, 405, "{path}");
        let public = format!("{}{path}", watch.monitor().page);
        assert_eq!(world::get(&public).await.0, 404, "{public}");
    }
    // Without a token in the settings nobody could prove to be an operator.
    let open = Watch::new("[site]\ntitle = 'Dice'\n").await;
    let (status, answer) = open.post(&json!({ "text": "x" })).await;
    assert_eq!(status, 403, "{answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("set a `token` in `[ops]`"), "{message}");
}

#[test]
fn a_collector_concerns_components_that_there_are() {
    let settings = |id: &str| {
        let collector = "[[collector]]\nid = 'c'\ntype = 'provider'\nname = 'P'\n\
            url = 'https://status.example.org'\ncomponents = ['Their own']\n";
        let text = format!("{SITE}{collector}concerns = ['{id}']\n");
        let folder = std::path::Path::new(".");
        let read = critwatch::config::read(&text, "alerts.toml", folder, [].into(), None);
        read.map(|config| config.collectors[0].0.concerns.clone())
    };
    assert_eq!(settings("cache").unwrap()[0].0, "cache");
    let refused = settings("web").unwrap_err().to_string();
    assert!(refused.contains("there is no component `web`"), "{refused}");
}
