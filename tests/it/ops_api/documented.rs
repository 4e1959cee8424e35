//! Every example of `docs/operators-api.md`, run as it stands there.

use tokio::process::Command;

use crate::ops_api::{Operated, TOKEN};
use crate::push::peers::has;

/// The commands of a document, in their order: blocks that begin with `curl`.
fn commands(text: &str) -> Vec<String> {
    let blocks = text.split("```").skip(1).step_by(2);
    let blocks = blocks.map(|block| block.trim_start_matches("sh").trim());
    let curls = blocks.filter(|block| block.starts_with("curl"));
    curls.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_examples_of_the_documentation_work_one_after_another() {
    if !has("curl") {
        return;
    }
    let text = include_str!("../../../docs/operators-api.md");
    let ops = Operated::new().await;
    std::fs::write(ops.place.path().join("token"), TOKEN).unwrap();
    let summary = ops.monitor.get("/api/v2/summary.json").await.1;
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let page = summary["page"]["id"].as_str().unwrap();
    let commands = commands(text);
    assert!(commands.len() > 20, "{commands:#?}");
    for command in commands {
        let command = command
            .replace("http://127.0.0.1:9180", &ops.monitor.ops)
            .replace("PAGE_ID", page);
        let run = Command::new("sh")
            .args(["-ec", &command])
            .current_dir(ops.place.path())
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.success(), "{command}\n{said}{wrong}");
    }
}
