//! Who watches critwatch: the dashboard and the rules for Prometheus.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::own_metrics;
use crate::world::patience::until;
use crate::world::peer::Prometheus;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const DASHBOARD: &str = include_str!("../../deploy/grafana/critwatch.json");

/// The queries of the dashboard, with its variables filled in.
fn queries() -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let queries = panels.flat_map(|panel| {
        let targets = panel["targets"].as_array().into_iter().flatten();
        targets.map(|target| {
            let query = target["expr"].as_str().unwrap();
            let query = query
                .replace("$__rate_interval", "5s")
                .replace("$__range", "1m")
                .replace("$job", ".*")
                .replace("$instance", ".*");
            assert!(!query.contains('$'), "{query}");
            (panel["title"].as_str().unwrap().to_owned(), query)
        })
    });
    queries.collect()
}

#[tokio::test]
async fn every_query_of_the_dashboard_gives_data() {
    if !Prometheus::is_here() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (monitor, _) = own_metrics::monitor(place.path()).await;
    let folder = tempfile::tempdir().unwrap();
    let ops = monitor.ops.trim_start_matches("http://");
    let settings = format!(
        "global: {{ scrape_interval: 1s }}\n\
        scrape_configs: [{{ job_name: critwatch, static_configs: [{{ targets: ['{ops}'] }}] }}]\n"
    );
    let prometheus = Prometheus::start(folder.path(), &settings).await;
    monitor.get("/").await;
    let queries = queries();
    assert!(queries.len() > 25, "{}", queries.len());
    for (panel, query) in queries {
        let question = form_urlencoded(&query);
        until(&format!("{panel} has data: {query}"), async || {
            let answer = prometheus.ask(&format!("query?query={question}")).await;
            !answer["result"].as_array().unwrap().is_empty()
        })
        .await;
    }
}

/// A query as it stands in an address.
fn form_urlencoded(query: &str) -> String {
    let bytes = query.bytes();
    bytes
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[test]
fn each_rule_about_critwatch_fires_and_stays_quiet_as_its_test_says() {
    let folder = Path::new(ROOT).join("deploy/prometheus");
    let rules = std::fs::read_to_string(folder.join("critwatch-rules.yml")).unwrap();
    let tests = std::fs::read_to_string(folder.join("critwatch-rules.test.yml")).unwrap();
    let alerts = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    let alerts: Vec<_> = alerts.collect();
    assert!(alerts.len() > 15, "{alerts:?}");
    for alert in alerts {
        let fires = format!("alertname=\"{alert}\", alertstate=\"firing\"");
        assert!(tests.contains(&fires), "{alert} is not tested");
    }
    // No rule asks for a metric that is gone.
    let table = include_str!("../../docs/metrics.md");
    for name in rules.split(|c: char| !(c.is_ascii_lowercase() || c == '_')) {
        assert!(
            !name.starts_with("critwatch_") || table.contains(name),
            "{name}"
        );
    }
    let Ok(output) = Command::new("promtool")
        .args(["test", "rules", "critwatch-rules.test.yml"])
        .current_dir(folder)
        .output()
    else {
        assert!(
            std::env::var_os("CI").is_none(),
            "promtool is not installed"
        );
        eprintln!("promtool is not installed: the rules about critwatch are not tested");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
