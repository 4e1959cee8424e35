//! Our three metrics pages, read by Prometheus' own linter.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::world::{self, World};

/// Metrics that only critwatch itself reads.
const INTERNAL: [&str; 1] = ["critwatch_hold_seconds"];

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

/// Everything that the files of a kind below a folder say.
fn text_of(folder: &Path, ending: &str) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &text_of(&path, ending);
        } else if path.extension().is_some_and(|found| found == ending) {
            text += &std::fs::read_to_string(&path).unwrap();
        }
    }
    text
}

/// The names of metrics in a text, between what opens and closes them.
fn names(text: &str, open: char) -> BTreeSet<&str> {
    let parts = text
        .split(open)
        .filter(|part| part.starts_with("critwatch_"));
    let is_of_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let names = parts.map(|part| part.split(|c| !is_of_name(c)).next().unwrap());
    // A histogram is one metric with several series.
    names
        .map(|name| {
            let ends = ["_bucket", "_count", "_sum"].iter();
            ends.fold(name, |name, end| name.strip_suffix(end).unwrap_or(name))
        })
        .collect()
}

#[test]
fn the_table_names_what_the_code_has_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = text_of(&root.join("src"), "rs");
    let coded = names(&sources, '"');
    assert!(coded.len() > 70, "{}", coded.len());
    let rows = include_str!("../../docs/metrics.md").lines();
    let rows: String = rows.filter(|line| line.starts_with("| `")).collect();
    let table = names(&rows, '`');
    let gone: Vec<_> = table.difference(&coded).collect();
    assert!(gone.is_empty(), "docs/metrics.md has rows of {gone:?}");
    // What collectors bring is described with them.
    let documents = text_of(&root.join("docs"), "md");
    let silent: Vec<_> = coded
        .iter()
        .filter(|name| !documents.contains(*name) && !INTERNAL.contains(name))
        .collect();
    assert!(silent.is_empty(), "no document tells of {silent:?}");
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
