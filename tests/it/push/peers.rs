//! The real Prometheus and the real Alertmanager push their alerts to us.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::process::{Child, Command};

use crate::push::{ALERTS, Pushed};
use crate::world;
use crate::world::patience::until;

/// Whether a program can be had; where tests count it must be.
pub(crate) fn has(program: &str) -> bool {
    let found = is_there(program);
    if !found {
        assert!(
            std::env::var_os("CI").is_none(),
            "{program} is not installed"
        );
        eprintln!("{program} is not installed: nothing is checked against it");
    }
    found
}

fn is_there(program: &str) -> bool {
    let version = std::process::Command::new(program)
        .arg("--version")
        .output();
    version.is_ok()
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn start(program: &str, place: &Path, arguments: &[String]) -> Child {
    let log = std::fs::File::create(place.join(format!("{program}.log"))).unwrap();
    Command::new(program)
        .args(arguments)
        .current_dir(place)
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// A Prometheus that scrapes one target and tells us when it is down.
fn prometheus(place: &Path, ops: &str, target: u16) -> Child {
    let ops = ops.trim_start_matches("http://");
    let rules = "groups:\n- name: g\n  rules:\n  - alert: TargetDown\n    \
        expr: up{job=\"dice\"} == 0\n    labels: {severity: page}\n  \
        - alert: Watchdog\n    expr: vector(1)\n";
    std::fs::write(place.join("rules.yml"), rules).unwrap();
    let settings = format!(
        "global: {{scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}}\n\
        rule_files: [rules.yml]\n\
        scrape_configs:\n- job_name: dice\n  static_configs: [{{targets: ['127.0.0.1:{target}']}}]\n\
        alerting:\n  alertmanagers:\n  - api_version: v2\n    \
        authorization: {{credentials: a-token-of-some-length}}\n    \
        static_configs: [{{targets: ['{ops}']}}]\n"
    );
    std::fs::write(place.join("prometheus.yml"), settings).unwrap();
    let arguments = [
        "--config.file=prometheus.yml".to_owned(),
        "--storage.tsdb.path=tsdb".to_owned(),
        format!("--web.listen-address=127.0.0.1:{}", free_port()),
        "--rules.alert.resend-delay=500ms".to_owned(),
    ];
    start("prometheus", place, &arguments)
}

#[tokio::test]
async fn alerts_of_a_real_prometheus_open_and_close_an_incident_and_its_end_is_noticed() {
    if !has("prometheus") {
        return;
    }
    let settings = ALERTS.replace(
        "type = \"alerts\"",
        "type = \"alerts\"\nwatchdog = \"Watchdog\"",
    ) + "\n[ops]\ntoken = \"a-token-of-some-length\"\n";
    let pushed = Pushed::new(&settings).await;
    pushed.until("api", "unknown").await;
    let place = tempfile::tempdir().unwrap();
    let target = free_port();
    let mut prometheus = prometheus(place.path(), &pushed.ops(""), target);
    // Nobody answers there: the alert fires.
    pushed.until("api", "down").await;
    assert_eq!(pushed.files().len(), 1);

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", target))
        .await
        .unwrap();
    let page = axum::Router::new().route("/metrics", axum::routing::get(async || "up_to_date 1\n"));
    let server = tokio::spawn(async move { axum::serve(listener, page).await });
    pushed.until("api", "ok").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("resolved: true"),
        "{files:?}"
    );

    // Without its Prometheus nothing is known; nothing is opened for that.
    prometheus.kill().await.unwrap();
    pushed.until("api", "unknown").await;
    assert_eq!(pushed.files().len(), 1);
    server.abort();
}

#[tokio::test]
async fn the_webhook_of_a_real_alertmanager_opens_and_closes_an_incident() {
    // Debian has a name of its own for it.
    let debian = "prometheus-alertmanager";
    let program = if is_there(debian) {
        debian
    } else {
        "alertmanager"
    };
    if !has(program) {
        return;
    }
    let pushed = Pushed::new(ALERTS).await;
    pushed.until("api", "ok").await;
    let place = tempfile::tempdir().unwrap();
    let settings = format!(
        "route: {{receiver: us, group_by: ['...'], group_wait: 100ms, group_interval: 200ms, \
        repeat_interval: 300ms}}\n\
        receivers:\n- name: us\n  webhook_configs: [{{url: '{}', send_resolved: true}}]\n",
        pushed.ops("/webhook/alertmanager")
    );
    std::fs::write(place.path().join("alertmanager.yml"), settings).unwrap();
    let port = free_port();
    let arguments = [
        "--config.file=alertmanager.yml".to_owned(),
        "--storage.path=data".to_owned(),
        "--cluster.listen-address=".to_owned(),
        format!("--web.listen-address=127.0.0.1:{port}"),
    ];
    let _alertmanager = start(program, place.path(), &arguments);
    let url = format!("http://127.0.0.1:{port}/api/v2/alerts");
    until("Alertmanager listens", async || {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await
    })
    .await;
    // Its API takes what ours takes; both alerts come to us in turn.
    let alert = |name: &str, ends: Option<&str>| json!({"labels": {"alertname": name, "instance": "a"}, "endsAt": ends});
    let both = json!([alert("TargetDown", None), alert("Other", None)]);
    assert_eq!(post_json(&url, &both).await, 200);
    pushed.until("api", "down").await;
    let over = json!([alert("TargetDown", Some("2020-01-01T00:00:00Z"))]);
    assert_eq!(post_json(&url, &over).await, 200);
    pushed.until("api", "ok").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("resolved: true"),
        "{files:?}"
    );
    // The other one still stands.
    let (_, listed) = world::get(&pushed.ops("/api/v2/alerts")).await;
    assert!(
        listed.contains("Other") && !listed.contains("TargetDown"),
        "{listed}"
    );
}

async fn post_json(url: &str, body: &serde_json::Value) -> u16 {
    let client = critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap();
    let request = client.post(url).header("content-type", "application/json");
    request
        .body(body.to_string())
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

#[tokio::test]
async fn amtool_lists_and_adds_alerts_with_us_as_its_alertmanager() {
    if !has("amtool") {
        return;
    }
    let token = "a-token-of-some-length";
    let pushed = Pushed::new(&format!("{ALERTS}\n[ops]\ntoken = \"{token}\"\n")).await;
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("http.yml");
    std::fs::write(&file, format!("authorization: {{credentials: {token}}}\n")).unwrap();
    let with = [
        format!("--alertmanager.url={}", pushed.ops("")),
        format!("--http.config.file={}", file.display()),
    ];
    let amtool = async |arguments: &[&str]| {
        let output = Command::new("amtool")
            .args(arguments)
            .args(&with)
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}{wrong}");
        said
    };
    amtool(&["alert", "add", "alertname=TargetDown", "instance=a"]).await;
    let listed = amtool(&["alert", "query"]).await;
    assert!(listed.contains("TargetDown"), "{listed}");
    amtool(&["alert", "add", "alertname=Added", "instance=b"]).await;
    let listed = amtool(&["alert", "query", "--output=json"]).await;
    assert!(listed.contains("Added"), "{listed}");
    let listed = amtool(&["alert", "query", "Added"]).await;
    assert!(
        listed.contains("Added") && !listed.contains("TargetDown"),
        "{listed}"
    );
    // An error is shown in its own words.
    let refused = Command::new("amtool")
        .args(["silence", "add", "--author=B", "--comment=x", "x=~.*"])
        .args(&with)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && !said.contains("unmarshal"),
        "{said}"
    );
    assert!(said.contains("silence everything"), "{said}");
}
