//! `critwatch drill`: a short outage on the real parts, from the first roll to the report.

use std::path::Path;
use std::process::Output;

use tokio::process::Command;

use crate::world::PROGRAM;

const SHORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/drill/short.toml");

async fn drill(scenario: &str, dir: &Path, more: &[&str]) -> Output {
    let mut drill = Command::new(PROGRAM);
    drill.args(["drill", scenario, "--dir"]).arg(dir).args(more);
    drill.kill_on_drop(true).output().await.unwrap()
}

#[tokio::test]
async fn a_short_outage_is_told_truly_in_every_minute() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("drill");
    let output = drill(SHORT, &dir, &[]).await;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}\n{complaints}");
    assert!(
        told.contains("The page told the truth in each of 52 minutes."),
        "{told}"
    );
    for name in ["report.html", "report.md", "record.json"] {
        assert!(dir.join(name).exists(), "{name}");
    }
    // Judging the record again gives the same verdict, and runs nothing.
    let record = dir.join("record.json").display().to_string();
    let again = Command::new(PROGRAM)
        .args(["drill", SHORT, "--record", &record])
        .output();
    assert_eq!(String::from_utf8_lossy(&again.await.unwrap().stdout), told);
}

#[tokio::test]
async fn a_scenario_with_faults_is_refused_with_their_places() {
    let place = tempfile::tempdir().unwrap();
    let wrong = place.path().join("outage.toml");
    let text = std::fs::read_to_string(SHORT).unwrap();
    std::fs::write(&wrong, text.replace("grace = 5", "grase = 5")).unwrap();
    let output = drill(
        &wrong.display().to_string(),
        &place.path().join("drill"),
        &[],
    )
    .await;
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("outage.toml:9") && told.contains("`grace`"),
        "{told}"
    );
}
