//! What users report on the page: counted, judged by rules, told in a timeline.

use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;

use crate::world::patience::until;
use crate::world::{self, Monitor, PROGRAM};

const RULE: &str = r"sum by (component) (increase(critwatch_reports_total[5m])) > 2";

const SETTINGS: &str = r#"
[site]
title = "Dice"
trusted_proxies = ["127.0.0.1"]

[[component]]
id = "api"
name = "API"

[[component]]
id = "cache"
name = "Cache"

[[collector]]
id = "users"
type = "reports"
interval = "100ms"

[[rule]]
id = "users-report"
expr = "EXPR"
severity = "disrupted"
components = ["api"]
title = "Users report that the API fails"
text = "Several users report that it fails."
publish = "draft"
"#;

/// A monitor behind a proxy, with the visitors of the page.
struct Users {
    place: tempfile::TempDir,
    monitor: Monitor,
    client: reqwest::Client,
}

impl Users {
    async fn new(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        let client = critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap();
        Self {
            place,
            monitor,
            client,
        }
    }

    /// Somebody at this address says that something fails.
    async fn report(&self, what: &str, address: &str) -> u16 {
        let request = self.client.post(format!("{}/report", self.monitor.page));
        let request = request
            .header("x-forwarded-for", address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("what={what}"));
        request.send().await.unwrap().status().as_u16()
    }

    async fn metrics(&self) -> String {
        world::get(&format!("{}/metrics", self.monitor.ops)).await.1
    }

    /// The newest samples of reports that rules may use.
    async fn seen(&self) -> String {
        let ask = "/federate?match[]=critwatch_reports_total";
        world::get(&format!("{}{ask}", self.monitor.ops)).await.1
    }

    fn files(&self) -> String {
        let files = world::files(&self.place.path().join("incidents"));
        files.into_iter().map(|(_, text)| text).collect()
    }
}

#[tokio::test]
async fn a_rule_fires_by_what_users_report_and_the_first_is_told_as_such() {
    let users = Users::new(&SETTINGS.replace("EXPR", RULE)).await;
    let line = r#"critwatch_reports_total{component="api",job="users"} 0.0 "#;
    until("nobody reported", async || {
        users.seen().await.contains(line)
    })
    .await;
    for (last, taken) in [(1, 200), (1, 429), (2, 200)] {
        let address = format!("192.0.2.{last}");
        assert_eq!(users.report("api", &address).await, taken, "{address}");
    }
    assert_eq!(users.report("", "192.0.2.3").await, 200);
    assert_eq!(users.files(), "");
    assert_eq!(users.report("api", "192.0.2.4").await, 200);
    until("a draft is written", async || {
        users.files().contains("draft: true")
    })
    .await;
    until("the first report is told", async || {
        users.files().contains(": first user report: API fails.")
    })
    .await;
    assert_eq!(users.report("cache", "192.0.2.5").await, 200);

    let metrics = users.metrics().await;
    for line in [
        "critwatch_reports_total{component=\"\"} 1\n",
        "critwatch_reports_total{component=\"api\"} 3\n",
        "critwatch_reports_total{component=\"cache\"} 1\n",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
    let (_, page) = users.monitor.get("/").await;
    assert!(!page.contains("Users report"), "a draft is not public");
    let files = users.files();
    let told = |words: &str| files.matches(words).count();
    assert_eq!(told("first user report"), 1, "{files}");
    assert_eq!(told(": user report: something fails."), 1, "{files}");
}

#[tokio::test]
async fn what_was_counted_stays_when_the_settings_are_read_again() {
    let settings = SETTINGS.replace("EXPR", RULE);
    let users = Users::new(&settings).await;
    assert_eq!(users.report("api", "192.0.2.1").await, 200);
    let other = format!("{settings}[[component]]\nid = 'worker'\nname = 'Worker'\n");
    std::fs::write(users.place.path().join("alerts.toml"), other).unwrap();
    let reload = users.client.post(format!("{}/-/reload", users.monitor.ops));
    assert_eq!(reload.send().await.unwrap().status(), 200);
    let line = |id: &str, count| {
        format!("critwatch_reports_total{{component=\"{id}\",job=\"users\"}} {count}.0 ")
    };
    until("all are known", async || {
        let seen = users.seen().await;
        seen.contains(&line("worker", 0)) && seen.contains(&line("api", 1))
    })
    .await;
}

#[tokio::test]
async fn what_visitors_may_do_is_answered_as_it_is_described() {
    let users = Users::new(&SETTINGS.replace("EXPR", RULE)).await;
    let (_, document) = users.monitor.get("/api/openapi.json").await;
    let document: Value = serde_json::from_str(&document).unwrap();
    let form = &document["components"]["schemas"]["Report"]["properties"];
    let fields: Vec<_> = form.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["what"]);
    let long = format!("what={}", "x".repeat(20_000));
    for (method, path, body, status) in [
        ("get", "/subscribe", "", "200"),
        ("get", "/report", "", "200"),
        ("post", "/report", "what=", "200"),
        ("post", "/report", "what=", "429"),
        ("post", "/report", "what=nothing+of+ours", "400"),
        ("post", "/report", "what=api&what=cache", "400"),
        ("post", "/report", &*long, "413"),
    ] {
        let address = format!("{}{path}", users.monitor.page);
        let request = users
            .client
            .request(method.to_uppercase().parse().unwrap(), address);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body.to_owned()).send().await.unwrap();
        assert_eq!(answer.status().as_str(), status, "{method} {path} {body}");
        let described = &document["paths"][path][method]["responses"][status];
        assert!(
            described["description"].is_string(),
            "{method} {path} {status}"
        );
        if let Some(content) = described["content"].as_object() {
            let kinds: Vec<_> = content.keys().collect();
            assert_eq!(kinds, [answer.headers()["content-type"].to_str().unwrap()]);
        }
    }
}

#[tokio::test]
async fn a_report_that_is_not_taken_says_why() {
    let users = Users::new(&SETTINGS.replace("EXPR", RULE)).await;
    let send = async |from: &str, body: &str| {
        let request = users.client.post(format!("{}/report", users.monitor.page));
        let request = request
            .header("sec-fetch-site", from)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for (from, body, status, words) in [
        (
            "cross-site",
            "what=api",
            403,
            "It was sent from another website.",
        ),
        (
            "same-origin",
            "what=nothing",
            400,
            "It does not name anything on this page.",
        ),
        (
            "same-origin",
            "what=api&what=api",
            400,
            "It does not name anything on this page.",
        ),
        ("same-origin", "what=api", 200, "Thank you."),
        (
            "same-origin",
            "what=api",
            429,
            "Thank you. We have enough reports for now.",
        ),
    ] {
        let (told, page) = send(from, body).await;
        assert_eq!(told, status, "{from} {body}");
        assert!(page.contains(words), "{from} {body}: {page}");
    }
    let metrics = users.metrics().await;
    assert!(metrics.contains("critwatch_reports_total{component=\"api\"} 1\n"));
}

#[tokio::test]
async fn such_a_rule_is_exported_as_it_is_and_one_collector_is_enough() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("alerts.toml");
    let run = async |arguments: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--config").arg(&file);
        let output = command.current_dir(place.path()).output().await.unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    };
    std::fs::write(&file, SETTINGS.replace("EXPR", RULE)).unwrap();
    let (code, exported) = run(&["rules", "export"]).await;
    assert!(code == 0 && exported.contains(RULE), "{exported}");
    let twice = format!("{SETTINGS}[[collector]]\nid = 'more'\ntype = 'reports'\n");
    std::fs::write(&file, twice.replace("EXPR", RULE)).unwrap();
    let (code, told) = run(&["check"]).await;
    assert!(
        code == 2 && told.contains("another collector counts reports"),
        "{told}"
    );
}
