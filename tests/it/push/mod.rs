//! Heartbeats and alerts pushed to the running program.

mod access;
mod alerts;
mod outside;
pub(crate) mod peers;
mod webhook;

use std::path::Path;
use std::time::Duration;

use critwatch::config;
use serde_json::{Value, json};

use crate::world::{self, Monitor};

/// The settings of a monitor to which all is pushed.
const SETTINGS: &str = r#"
[site]
title = "Dice"
hold = "1s"

[[component]]
id = "api"
name = "API"

[[component]]
id = "backup"
name = "Backup"

[[collector]]
id = "jobs"
type = "heartbeat"
names = ["backup", "clean-up"]
# So that only what is pushed can bring news.
interval = "1h"

[[rule]]
id = "backup-failed"
expr = 'heartbeat_success{name="backup"} == 0'
severity = "notice"
components = ["backup"]
title = "Backup failed"
text = "It failed."
"#;

/// What takes alerts, and a rule for one of them.
pub(crate) const ALERTS: &str = r#"
[[collector]]
id = "alerts"
type = "alerts"
interval = "100ms"

[[rule]]
id = "target-down"
expr = 'ALERTS{alertname="TargetDown", alertstate="firing", job="alerts"} or critwatch_alerts{job="alerts"} < 0'
severity = "down"
components = ["api"]
title = "API does not answer"
text = "{{ value }}"
"#;

/// A monitor with a folder of its own.
pub(crate) struct Pushed {
    place: tempfile::TempDir,
    monitor: Option<Monitor>,
}

impl Pushed {
    pub(crate) async fn new(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(
            place.path().join("alerts.toml"),
            format!("{SETTINGS}{settings}"),
        )
        .unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        Self {
            place,
            monitor: Some(monitor),
        }
    }

    /// Kills it without warning and starts it anew on the same folder.
    async fn restart(&mut self) {
        drop(self.monitor.take());
        self.monitor = Some(Monitor::serve(self.place.path(), &[]).await);
    }

    fn monitor(&self) -> &Monitor {
        self.monitor.as_ref().unwrap()
    }

    /// An address of the listener for pushes from outside.
    pub(crate) fn outside(&self, path: &str) -> String {
        format!("{}{path}", self.monitor().push.as_ref().unwrap())
    }

    pub(crate) fn ops(&self, path: &str) -> String {
        format!("{}{path}", self.monitor().ops)
    }

    /// Waits until a component has this health.
    pub(crate) async fn until(&self, component: &str, health: &str) {
        let line = format!(
            "critwatch_component_health{{component=\"{component}\",health=\"{health}\"}} 1"
        );
        self.monitor().until_told(&line).await;
    }

    /// The incident files with their text.
    pub(crate) fn files(&self) -> Vec<String> {
        let files = world::files(&self.place.path().join("incidents"));
        files.into_iter().map(|(_, text)| text).collect()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.place.path().join("monitor.log")).unwrap()
    }
}

fn client() -> reqwest::Client {
    critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap()
}

/// Posts and tells status and answer.
pub(crate) async fn post(url: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let answer = client().post(url).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn alert(name: &str, ends: Option<&str>) -> Value {
    json!({ "labels": { "alertname": name, "job": "dice" }, "endsAt": ends,
        "annotations": { "summary": "s" } })
}

#[tokio::test]
async fn a_heartbeat_that_says_fail_opens_an_incident_and_a_good_one_closes_it() {
    let mut pushed = Pushed::new("").await;
    let beat = |pushed: &Pushed, query: &str| pushed.ops(&format!("/api/v1/heartbeat/{query}"));
    assert_eq!(
        post(&beat(&pushed, "backup"), "").await,
        (200, "taken\n".into())
    );
    pushed.until("backup", "ok").await;
    let failed = beat(&pushed, "backup?status=fail&value=12.5");
    assert_eq!(post(&failed, "").await.0, 200);
    pushed.until("backup", "notice").await;
    // What was told is known after a restart as well.
    pushed.restart().await;
    pushed.until("backup", "notice").await;
    assert_eq!(post(&beat(&pushed, "backup"), "ignored").await.0, 200);
    pushed.until("backup", "ok").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("resolved: true"),
        "{files:?}"
    );
}

#[tokio::test]
async fn what_is_no_heartbeat_of_ours_is_refused_with_the_way_out() {
    let pushed = Pushed::new("").await;
    let (status, words) = post(&pushed.ops("/api/v1/heartbeat/bakcup"), "").await;
    assert_eq!(status, 404);
    assert!(words.contains("`backup`, `clean-up`"), "{words}");
    let url = pushed.ops("/api/v1/heartbeat/backup");
    assert_eq!(world::get(&url).await.0, 405);
    for query in ["status=maybe", "value=many", "value=inf", "duration=3"] {
        let (status, words) = post(&format!("{url}?{query}"), "").await;
        assert_eq!(status, 400, "{query}");
        assert!(words.contains("status=fail"), "{words}");
    }
    let (status, words) = post(&pushed.ops("/api/v2/alerts"), "[]").await;
    let words: String = serde_json::from_str(&words).unwrap();
    assert!(
        status == 404 && words.contains("type = \"alerts\""),
        "{words}"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn settings_that_cannot_be_meant_are_told_with_their_place() {
    for (settings, place, words) in [
        ("[ops]\ntoken = 'short'", "2:1", "at least 16"),
        ("[ops]\ntoken_sha256 = 'abc'", "2:1", "64 hexadecimal"),
        ("[ops]\ntokn = 'x'", "3:1", "`token`"),
        (
            "[[collector]]\nid = 'a'\ntype = 'push'\ntoken = 'a token of agents'",
            "4:8",
            "nobody can push to this",
        ),
        (
            "[push]\nlisten = '127.0.0.1:0'\n\
            [[collector]]\nid = 'a'\ntype = 'push'\ntoken = 'short'",
            "7:9",
            "at least 16",
        ),
        (
            "[push]\nlisten = '127.0.0.1:0'\n[[collector]]\nid = 'a'\ntype = 'heartbeat'\n\
            names = ['x']\nsecrets = { y = 'a secret of nobody' }",
            "7:9",
            "no heartbeat `y` is awaited",
        ),
        (
            "[ops]\nhosts = ['ops:9180']",
            "3:10",
            "without scheme and port",
        ),
        (
            "[ops.proxy]\nheader = 'X-User'\nfrom = ['0.0.0.0/0']\nscopes = ['read']",
            "4:9",
            "lets everybody claim any name",
        ),
        (
            "[ops.proxy]\nheader = 'Cookie'\nfrom = ['::1']\nscopes = ['read']",
            "3:10",
            "says something else",
        ),
        (
            "[ops.proxy]\nheader = 'X-User'\nfrom = ['::1']\nscopes = ['raed']",
            "5:11",
            "`raed`",
        ),
        (
            "[ops.oidc]\nissuer = 'http://id.example'\nclient_id = 'a'\n\
            url = 'https://ops.example'\nallow = ['a@b.example']\nscopes = ['read']",
            "3:10",
            "with `https`",
        ),
        (
            "[ops.oidc]\nissuer = 'https://id.example'\nclient_id = 'a'\n\
            url = 'https://ops.example'\nallow = ['@']\nscopes = ['read']",
            "6:10",
            "a whole domain",
        ),
        (
            "[ops.oidc]\nissuer = 'https://id.example'\nclient_id = 'a'\n\
            url = 'https://ops.example'",
            "2:1",
            "nobody can log in",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'alerts'\n[[collector]]\nid = 'b'\ntype = 'alerts'",
            "7:8",
            "one is enough",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'heartbeat'\nnames = ['x']\n\
            [[collector]]\nid = 'b'\ntype = 'heartbeat'\nnames = ['y', 'x']",
            "9:15",
            "awaits the heartbeat `x`",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'heartbeat'\nnames = ['a/b']",
            "5:9",
            "`a/b`",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'processes'",
            "2:1",
            "[[collector.process]]",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'processes'\n\
            [[collector.process]]\nname = 'w'\ncommand = 'a('",
            "7:11",
            "not a regular expression for a command line: unclosed group",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'processes'\n[[collector.process]]\nname = 'w'",
            "5:1",
            "either `command` or `pidfile`",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'cgroup'\nname = 'w'\npath = 'x'",
            "6:8",
            "/sys/fs",
        ),
        (
            "[[collector]]\nid = 'a'\ntype = 'host'\nmountpoints = ['x']",
            "5:15",
            "open with `/`",
        ),
    ] {
        let text = format!("site.title = 'D'\n{settings}\n");
        let read = config::read(&text, "alerts.toml", Path::new("."), [].into(), None);
        let told = read.unwrap_err().to_string();
        assert!(
            told.contains(&format!("alerts.toml:{place}")),
            "{settings}: {told}"
        );
        assert!(told.contains(words), "{settings}: {told}");
        assert!(!told.contains("short"), "{told}");
    }
}
