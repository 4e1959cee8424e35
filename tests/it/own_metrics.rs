//! What a running monitor tells of itself at `/metrics`: by collector, rule,
//! push, request and notifier, and no longer of what the settings gave up.

use std::path::Path;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

use crate::kept::figure;
use crate::pages::serve;
use crate::world::patience::until;
use crate::world::{self, Monitor};

const HEAD: &str = "[site]\ntitle = 'D'\nhold = '1s'\n\
    [[component]]\nid = 'c'\nname = 'C'\n\
    [[collector]]\nid = 'jobs'\ntype = 'heartbeat'\nnames = ['backup', 'old']\n\
    [[collector]]\nid = 'alerts'\ntype = 'alerts'\n\
    [[notifier]]\nid = 'log'\ntype = 'console'\n";

fn rule(id: &str, expr: &str) -> String {
    format!(
        "[[rule]]\nid = '{id}'\nexpr = '{expr}'\nseverity = 'notice'\ncomponents = ['c']\n\
        title = 'T {id}'\ntext = 't'\n"
    )
}

fn collector(id: &str, url: &str) -> String {
    format!("[[collector]]\nid = '{id}'\ntype = 'prometheus'\nurl = '{url}'\ninterval = '200ms'\n")
}

/// A monitor of one page that is good and of one that is not.
pub(crate) async fn monitor(place: &Path) -> (Monitor, String) {
    let page = "a 3\nm{x=\"1\"} 1\nm{x=\"2\"} 7\n";
    let routes = Router::new()
        .route("/good", get(async move || page))
        .route("/broken", get(async || StatusCode::SERVICE_UNAVAILABLE));
    let address = serve(routes).await;
    let good = collector("good", &format!("http://{address}/good"));
    let stays = [HEAD.to_owned(), good, rule("high", "m > 1")].concat();
    let settings = [
        stays.clone(),
        collector("broken", &format!("http://{address}/broken")),
        rule("odd", "a + on() m"),
    ];
    std::fs::write(place.join("alerts.toml"), settings.concat()).unwrap();
    std::fs::create_dir(place.join("incidents")).unwrap();
    (Monitor::serve(place, &[]).await, stays)
}

/// Lines that are there once all has happened.
const LINES: &[&str] = &[
    r#"critwatch_collector_up{collector="good"} 1"#,
    r#"critwatch_collector_up{collector="broken"} 0"#,
    r#"critwatch_collector_scrape_failures_total{cause="timeout",collector="broken"} 0"#,
    r#"critwatch_rule_value{rule="high"} 7"#,
    r#"critwatch_rule_value{rule="odd"} NaN"#,
    r#"critwatch_rule_evaluation_failures_total{rule="high"} 0"#,
    r#"critwatch_heartbeats_received_total{heartbeat="backup"} 1"#,
    r#"critwatch_heartbeats_received_total{heartbeat="old"} 0"#,
    r#"critwatch_pushes_total{door="heartbeat",outcome="taken"} 1"#,
    r#"critwatch_pushes_total{door="heartbeat",outcome="refused"} 1"#,
    r#"critwatch_pushes_total{door="alerts",outcome="refused"} 1"#,
    r#"critwatch_pushes_total{door="webhook",outcome="taken"} 0"#,
    r#"critwatch_alerts_received_total{status="firing"} 1"#,
    "critwatch_alerts_invalid_total 1",
    r#"critwatch_http_requests_total{code="200",handler="/",listener="public"} 2"#,
    r#"critwatch_http_requests_total{code="200",handler="/index.json",listener="public"} 1"#,
    r#"critwatch_http_requests_total{code="404",handler="none",listener="public"} 1"#,
    r#"critwatch_http_requests_total{code="400",handler="none",listener="public"} 1"#,
    r#"critwatch_http_requests_total{code="400",handler="/-/ready",listener="operators"} 1"#,
    r#"critwatch_http_requests_total{code="400",handler="/api/v2/alerts",listener="operators"} 1"#,
    r#"critwatch_http_request_duration_seconds_count{handler="/",listener="public"} 2"#,
    r#"critwatch_notification_latency_seconds_count{notifier="log"} 1"#,
    r#"critwatch_notifications_queued{notifier="log"} 0"#,
];

/// Series that are above zero then.
const ABOVE_ZERO: &[&str] = &[
    r#"critwatch_collector_last_success_timestamp_seconds{collector="good"}"#,
    r#"critwatch_collector_scrape_duration_seconds{collector="broken"}"#,
    r#"critwatch_collector_scrape_samples{collector="good"}"#,
    r#"critwatch_collector_scrapes_total{collector="broken"}"#,
    r#"critwatch_rule_evaluation_failures_total{rule="odd"}"#,
    r#"critwatch_rule_last_evaluation_duration_seconds{rule="high"}"#,
    r#"critwatch_rule_state_since_timestamp_seconds{rule="high"}"#,
    "critwatch_alerts_last_received_timestamp_seconds",
];

async fn metrics(monitor: &Monitor) -> String {
    world::get(&format!("{}/metrics", monitor.ops)).await.1
}

async fn push(monitor: &Monitor, path: &str, body: &'static str) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = reqwest::Client::new().post(format!("{}{path}", monitor.ops));
    let request = request
        .header("content-type", "application/json")
        .body(body);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn what_fails_slows_or_is_refused_can_be_told_from_the_metrics() {
    let place = tempfile::tempdir().unwrap();
    let (monitor, stays) = monitor(place.path()).await;
    assert_eq!(push(&monitor, "/api/v1/heartbeat/backup", "").await, 200);
    assert_eq!(push(&monitor, "/api/v1/heartbeat/nothing", "").await, 404);
    let alerts = r#"[{"labels":{"alertname":"A"}},{"labels":{}}]"#;
    assert_eq!(push(&monitor, "/api/v2/alerts", alerts).await, 400);
    for path in ["/", "/", "/nothing.php", "/index.json"] {
        monitor.get(path).await;
    }
    for url in [
        format!("{}/", monitor.page),
        format!("{}/-/ready", monitor.ops),
    ] {
        let request = reqwest::Client::new().get(url).header("host", "a/b");
        assert_eq!(request.send().await.unwrap().status(), 400);
    }
    until("the incident is told", async || {
        let told = "critwatch_notifications_total{notifier=\"log\",outcome=\"delivered\"}";
        figure(&monitor, told).await > 0.0
    })
    .await;
    until("the broken page was asked", async || {
        let failed =
            "critwatch_collector_scrape_failures_total{cause=\"status\",collector=\"broken\"}";
        figure(&monitor, failed).await > 0.0
    })
    .await;
    let text = metrics(&monitor).await;
    for line in LINES {
        assert!(text.lines().any(|one| one == *line), "{line}\n{text}");
    }
    for above in ABOVE_ZERO {
        assert!(figure(&monitor, above).await > 0.0, "{above}\n{text}");
    }
    goes_on(&monitor, place.path(), &stays, &text).await;
    assert!(monitor.stop().await.success());
}

/// What other settings lack is gone, and what they have counts on.
async fn goes_on(monitor: &Monitor, place: &Path, stays: &str, text: &str) {
    let scrapes = r#"critwatch_collector_scrapes_total{collector="good"}"#;
    let evaluations = r#"critwatch_rule_evaluations_total{rule="high"}"#;
    let before = (
        figure(monitor, scrapes).await,
        figure(monitor, evaluations).await,
    );

    let fewer = stays
        .replace("names = ['backup', 'old']", "names = ['backup']")
        .replace("id = 'log'", "id = 'screen'");
    std::fs::write(place.join("alerts.toml"), fewer).unwrap();
    assert_eq!(push(monitor, "/-/reload", "").await, 200);
    let after = metrics(monitor).await;
    for gone in ["\"broken\"", "\"odd\"", "\"old\""] {
        assert!(
            text.contains(gone) && !after.contains(gone),
            "{gone}\n{after}"
        );
    }
    until("the notifier is another one", async || {
        let text = metrics(monitor).await;
        text.contains("notifier=\"screen\"") && !text.contains("notifier=\"log\"")
    })
    .await;
    assert!(figure(monitor, scrapes).await >= before.0);
    assert!(figure(monitor, evaluations).await > before.1);
    assert!(
        after.contains(r#"received_total{heartbeat="backup"} 1"#),
        "{after}"
    );
}
