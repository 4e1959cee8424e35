//! `critwatch demo`, as a person at two terminals sees it.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::world::patience::{PATIENCE, until};
use crate::world::{PROGRAM, get};

/// A running demo and what it prints.
struct Screen {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    place: tempfile::TempDir,
}

impl Screen {
    fn start(more: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        let any = "127.0.0.1:0";
        let mut child = Command::new(PROGRAM)
            .args(["demo", "--hold", "3s", "--listen", any, "--ops-listen", any])
            .args(["--api-listen", any, "--worker-listen", any])
            .arg("--dir")
            .arg(place.path().join("demo"))
            .arg("--record")
            .arg(place.path().join("record"))
            .args(more)
            .env_remove("DISCORD_WEBHOOK")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            place,
        }
    }

    /// Reads on until a line that has all of these words in it.
    async fn sees(&mut self, words: &[&str]) -> String {
        let mut seen = String::new();
        let reading = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if words.iter().all(|word| line.contains(word)) {
                    return line;
                }
                seen.push_str(&line);
                seen.push('\n');
            }
            panic!("the demo ended")
        };
        let found = tokio::time::timeout(PATIENCE, reading).await.ok();
        found.unwrap_or_else(|| panic!("no line with {words:?} in:\n{seen}"))
    }

    /// Types `critwatch dice fault ...` at the second terminal.
    async fn fault(&self, fault: &str) -> String {
        let output = Command::new(PROGRAM)
            .args(["dice", "fault", fault, "--dir"])
            .arg(self.place.path().join("demo"))
            .output()
            .await
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    async fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        Command::new("kill")
            .args([signal, &id])
            .status()
            .await
            .unwrap();
    }
}

/// Processes that have the folder in their command line or environment.
fn processes_of(place: &Path) -> Vec<String> {
    let place = place.to_str().unwrap();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let read = |name| std::fs::read(entry.path().join(name)).unwrap_or_default();
        let bytes = [read("cmdline"), read("environ")].concat();
        if String::from_utf8_lossy(&bytes).contains(place) {
            found.push(String::from_utf8_lossy(&read("cmdline")).replace('\0', " "));
        }
    }
    found
}

async fn until_no_process_of(place: &Path) {
    until("none of its processes is left", async || {
        let left = processes_of(place);
        if left.is_empty() { Ok(()) } else { Err(left) }
    })
    .await;
}

#[tokio::test]
async fn a_demo_tells_the_story_of_a_fault_and_ends_everything_that_it_started() {
    let mut demo = Screen::start(&["--fault", "fill-redis", "--after", "3s", "--for", "3s"]);
    for words in [
        &["page listening on http://127.0.0.1:"][..],
        &["fault", "fill-redis is on"],
        &["sample", "redis-oom-replies", "OOM"],
        &["verdict", "redis-oom-replies firing since"],
        &["incident", "opened", "cache-is-full-rolls-are-failing.md"],
        &["message", "Down: Cache is full"],
        &["fault", "fill-redis is off"],
        &["incident", "resolved"],
        &["message", "Resolved: Cache is full"],
    ] {
        demo.sees(words).await;
    }
    demo.signal("-INT").await;
    let status = tokio::time::timeout(PATIENCE, demo.child.wait())
        .await
        .unwrap()
        .unwrap();
    assert!(status.success(), "{status}");
    until_no_process_of(demo.place.path()).await;

    // What was recorded shows the same.
    let replayed = Command::new(PROGRAM)
        .args(["rules", "replay", "--format", "json"])
        .arg(demo.place.path().join("record"))
        .env_remove("CRITWATCH_HOLD")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&replayed.stderr);
    assert!(replayed.status.success(), "{said}");
    let replayed: serde_json::Value = serde_json::from_slice(&replayed.stdout).unwrap();
    let incidents = replayed["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 1, "{replayed:#}");
    let title = incidents[0]["title"].as_str().unwrap();
    assert!(title.starts_with("Cache is full"), "{replayed:#}");
}

#[tokio::test]
async fn a_new_demo_has_ninety_days_behind_it_and_the_hints_that_it_prints_work() {
    let mut demo = Screen::start(&[]);
    let page = demo.sees(&["page listening on http://"]).await;
    let page = page.rsplit(' ').next().unwrap().to_owned();
    let hint = demo.sees(&["inject a fault:"]).await;
    let (_, hint) = hint.split_once("inject a fault: ").unwrap();
    let token = demo.sees(&["create a token:"]).await;
    let (_, token) = token.split_once("create a token: ").unwrap();
    let console = demo.sees(&["log in to the console at http://"]).await;
    let console = console.rsplit(' ').next().unwrap().to_owned();
    demo.sees(&["stop with Ctrl-C"]).await;
    for words in ["Some logins fail", "Rolls are failing", "of maintenance"] {
        let words = &words;
        until("the page has a past", async || {
            get(&format!("{page}/")).await.1.contains(words)
        })
        .await;
    }
    let files = demo.place.path().join("demo/incidents");
    for file in std::fs::read_dir(files).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let is_real = path.to_string_lossy().contains("2023-01-19");
        assert!(is_real || text.contains("made-up past"), "{text}");
    }
    let obeyed = async |hint: &str| {
        let mut words = hint.split(' ');
        let mut command = Command::new(words.next().unwrap());
        let done = command.args(words).output().await.unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    obeyed(hint).await;
    demo.sees(&["fault", "fill-redis is on"]).await;
    let token = obeyed(token).await;
    until("the token opens the console", async || {
        let asked = reqwest::Client::new().get(&console).bearer_auth(&token);
        let answer = asked.send().await.unwrap();
        let status = answer.status();
        let page = answer.text().await.unwrap();
        let is_console = status == 200 && page.contains("Deliveries");
        is_console.then_some(()).ok_or(page)
    })
    .await;
    demo.signal("-TERM").await;
    assert!(demo.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn faults_are_made_from_a_second_terminal() {
    let mut demo = Screen::start(&[]);
    demo.sees(&["stop with Ctrl-C"]).await;
    for (fault, rule) in [
        ("stop-worker", "worker-missing"),
        ("hang-redis", "redis-unreachable"),
        ("slow-jobs", "rolls-slow"),
    ] {
        assert_eq!(demo.fault(fault).await, format!("{fault} is on"));
        demo.sees(&["verdict", rule, "firing"]).await;
        assert_eq!(demo.fault("clear").await, "all faults are off");
        demo.sees(&["incident", "resolved"]).await;
    }
    demo.signal("-TERM").await;
    assert!(demo.child.wait().await.unwrap().success());
    until_no_process_of(demo.place.path()).await;
}

#[tokio::test]
async fn a_demo_that_is_killed_leaves_no_process_behind() {
    let mut demo = Screen::start(&[]);
    demo.sees(&["stop with Ctrl-C"]).await;
    assert!(processes_of(demo.place.path()).len() >= 4);
    demo.signal("-KILL").await;
    until_no_process_of(demo.place.path()).await;
}
