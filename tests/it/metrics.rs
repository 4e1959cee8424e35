//! Our three metrics pages, read by Prometheus' own linter.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::world::{self, World};

/// What we tell of ourselves is in the table for those who are to use it.
fn is_documented(page: &str) {
    let table = include_str!("../../docs/metrics.md");
    let named = page
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE critwatch_"));
    for name in named.filter_map(|line| line.split(' ').next()) {
        let is_there = table.contains(&format!("`critwatch_{name}`"))
            || table.contains(&format!("`critwatch_{name}{{"));
        assert!(is_there, "docs/metrics.md lacks critwatch_{name}");
    }
}

#[tokio::test]
async fn promtool_finds_no_fault_in_any_metrics_page() {
    if Command::new("promtool").arg("--version").output().is_err() {
        assert!(
            std::env::var_os("CI").is_none(),
            "promtool is not installed"
        );
        eprintln!("promtool is not installed: the metrics pages are not checked");
        return;
    }
    let world = World::new("3s").await;
    let addresses = world.rig.addresses();
    for url in [
        format!("{}/metrics", world.monitor.ops),
        format!("http://{}/metrics", addresses.api),
        format!("http://{}/metrics", addresses.worker),
    ] {
        let (status, page) = world::get(&url).await;
        assert_eq!(status, 200, "{url}");
        assert!(page.lines().count() > 20, "{page}");
        is_documented(&page);
        let mut tool = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        tool.stdin
            .take()
            .unwrap()
            .write_all(page.as_bytes())
            .unwrap();
        let output = tool.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{url}: {said}");
    }
    world.rig.stop().await;
}
