//! Heartbeats and alerts pushed to the running program.

use std::path::Path;
use std::time::Duration;

use critwatch::config;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

use crate::world::patience::until;
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
        let folder = std::fs::read_dir(self.place.path().join("incidents")).unwrap();
        let paths = folder.map(|file| file.unwrap().path());
        // What begins with a dot is not whole yet.
        paths
            .filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
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

#[tokio::test]
async fn nothing_of_it_is_reachable_through_the_public_listener() {
    let pushed = Pushed::new(ALERTS).await;
    for path in [
        "/api/v1/heartbeat/backup",
        "/api/v2/alerts",
        "/api/v2/status",
        "/webhook/alertmanager",
    ] {
        let url = format!("{}{path}", pushed.monitor().page);
        assert_eq!(post(&url, "[]").await.0, 404, "{path}");
        assert_eq!(world::get(&url).await.0, 404, "{path}");
        assert_ne!(post(&pushed.ops(path), "[]").await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn with_a_token_only_who_has_it_may_push_or_look() {
    let token = "a-token-of-some-length";
    let settings = format!("{ALERTS}\n[ops]\ntoken = \"{token}\"\n");
    let pushed = Pushed::new(&settings).await;
    for (method, path) in [
        ("POST", "/api/v1/heartbeat/backup"),
        ("POST", "/api/v2/alerts"),
        ("GET", "/api/v2/alerts"),
        ("GET", "/api/v2/status"),
        ("POST", "/webhook/alertmanager"),
    ] {
        let ask = async |authorization: Option<String>| {
            let method = method.parse().unwrap();
            let request = client().request(method, pushed.ops(path)).body("[]");
            let request = match authorization {
                Some(value) => request.header("authorization", value),
                None => request,
            };
            request.send().await.unwrap().status().as_u16()
        };
        assert_eq!(ask(None).await, 401, "{path}");
        assert_eq!(ask(Some(format!("Bearer {token}x"))).await, 401, "{path}");
        assert_eq!(ask(Some(format!("Basic {token}"))).await, 401, "{path}");
        assert_ne!(ask(Some(format!("bearer {token}"))).await, 401, "{path}");
    }
    // Whoever watches us needs none.
    assert_eq!(world::get(&pushed.ops("/metrics")).await.0, 200);
    assert!(!pushed.log().contains(token));
}

/// Any site that an operator looks at can have the browser post a plain text.
#[tokio::test]
async fn what_another_site_has_a_browser_post_is_refused() {
    let pushed = Pushed::new(ALERTS).await;
    let own = pushed.ops("");
    let host = own.strip_prefix("http://").unwrap();
    let send = async |path: &str, name: &str, value: &str| {
        let request = client().post(pushed.ops(path)).header(name, value);
        let request = request.header("Content-Type", "text/plain").body("[]");
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for path in [
        "/-/reload",
        "/api/v1/heartbeat/backup",
        "/api/v2/alerts",
        "/webhook/alertmanager",
        "/api/v1/silences",
    ] {
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "http://evil"),
            ("Origin", "null"),
        ] {
            let (status, said) = send(path, name, value).await;
            assert_eq!(status, 403, "{path} {name}: {said}");
            assert!(said.contains("another site"), "{path} {name}: {said}");
        }
    }
    for (name, value) in [
        ("Sec-Fetch-Site", "same-origin"),
        ("Sec-Fetch-Site", "none"),
        ("Origin", &*own),
        ("Host", host),
    ] {
        let (status, said) = send("/api/v2/alerts", name, value).await;
        assert_eq!(status, 200, "{name}: {said}");
    }
    // Who follows a link to it may look.
    let look = client().get(pushed.ops("/api/v2/alerts"));
    let look = look.header("Sec-Fetch-Site", "cross-site").send().await;
    assert_eq!(look.unwrap().status().as_u16(), 200);
}

/// A stranger's name may point here, and a browser takes us for a part of that site.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of names and doors")]
async fn nobody_is_answered_under_a_name_that_is_not_ours_unless_a_token_tells_who_asks() {
    let token = "a-token-of-some-length";
    let pushed = Pushed::new(&format!("{ALERTS}\n[ops]\nhosts = ['critwatch']\n")).await;
    let ask = async |method: &str, path: &str, host: &str, authorization: &str| {
        let request = client().request(method.parse().unwrap(), pushed.ops(path));
        let request = request.header("Host", host).body("[]");
        // What the browser of a visitor of that name says.
        let request = request
            .header("Origin", format!("http://{host}"))
            .header("Sec-Fetch-Site", "same-origin")
            .header("Authorization", authorization);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let all = [
        ("POST", "/api/v1/heartbeat/backup"),
        ("POST", "/api/v2/alerts"),
        ("POST", "/webhook/alertmanager"),
        ("POST", "/api/v1/silences"),
        ("GET", "/api/v1/incidents"),
        ("GET", "/api/v2/alerts"),
        ("GET", "/metrics"),
        ("GET", "/federate?match[]=up"),
        ("GET", "/nothing"),
        // What follows is a listener that has told nobody of anything.
        ("POST", "/-/reload"),
    ];
    for (method, path) in all {
        for host in [
            "evil.example:9180",
            "127.0.0.1.evil.example",
            "localhost.evil",
        ] {
            let (status, said) = ask(method, path, host, "").await;
            assert_eq!(status, 421, "{method} {path} {host}: {said}");
            let name = host.split(':').next().unwrap();
            let way = format!("`hosts = [\\\"{name}\\\"]` in `[ops]`");
            assert!(said.contains(&way), "{said}");
        }
        for host in [
            "127.0.0.1:1",
            "[::1]:9180",
            "localhost:9180",
            "Critwatch:9180",
            "critwatch.",
        ] {
            let (status, said) = ask(method, path, host, "").await;
            assert_ne!(status, 421, "{method} {path} {host}: {said}");
        }
    }
    for path in ["/-/healthy", "/-/ready"] {
        assert_ne!(
            ask("GET", path, "balancer.example", "").await.0,
            421,
            "{path}"
        );
    }
    let told = pushed.log();
    assert_eq!(
        told.matches(r#"the name \"evil.example\""#).count(),
        1,
        "{told}"
    );

    // Who has the token is no stranger's page.
    let locked = format!("{SETTINGS}{ALERTS}\n[ops]\ntoken = '{token}'\n");
    std::fs::write(pushed.place.path().join("alerts.toml"), locked).unwrap();
    assert_eq!(ask("POST", "/-/reload", "127.0.0.1", "").await.0, 200);
    let bearer = format!("Bearer {token}");
    for (method, path) in [("GET", "/metrics"), ("POST", "/api/v2/alerts")] {
        assert_eq!(
            ask(method, path, "critwatch:9180", "").await.0,
            421,
            "{path}"
        );
        assert_eq!(
            ask(method, path, "critwatch:9180", &bearer).await.0,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn alerts_stand_until_they_end_and_over_a_restart() {
    let mut pushed = Pushed::new(ALERTS).await;
    pushed.until("api", "ok").await;
    let url = pushed.ops("/api/v2/alerts");
    let firing = json!([
        alert("TargetDown", Some("2199-01-01T00:00:00Z")),
        alert("Other", None)
    ]);
    for _ in 0..3 {
        assert_eq!(post(&url, firing.to_string()).await.0, 200);
    }
    pushed.until("api", "down").await;
    pushed.restart().await;
    pushed.until("api", "down").await;
    let url = pushed.ops("/api/v2/alerts");
    let (status, listed) = world::get(&url).await;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((status, listed.as_array().unwrap().len()), (200, 2));
    assert_eq!(listed[0]["labels"]["alertname"], "Other");
    let chosen = format!("{url}?filter=alertname%3D~%22Oth.*%22&active=true");
    let (_, chosen) = world::get(&chosen).await;
    let chosen: Value = serde_json::from_str(&chosen).unwrap();
    assert_eq!(chosen.as_array().unwrap(), &listed.as_array().unwrap()[..1]);
    // It was over long ago: Prometheus tells the end of an alert like this.
    let over = json!([alert("TargetDown", Some("2020-01-01T00:00:00Z"))]);
    assert_eq!(post(&url, over.to_string()).await.0, 200);
    pushed.until("api", "ok").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("resolved: true"),
        "{files:?}"
    );
}

#[tokio::test]
async fn without_its_watchdog_no_alert_is_taken_for_good_news() {
    let settings = ALERTS.replace(
        "type = \"alerts\"",
        "type = \"alerts\"\nwatchdog = \"Watchdog\"",
    );
    let pushed = Pushed::new(&settings).await;
    pushed.until("api", "unknown").await;
    let url = pushed.ops("/api/v2/alerts");
    assert_eq!(
        post(&url, json!([alert("Watchdog", None)]).to_string())
            .await
            .0,
        200
    );
    pushed.until("api", "ok").await;
    let over = json!([alert("Watchdog", Some("2020-01-01T00:00:00Z"))]);
    assert_eq!(post(&url, over.to_string()).await.0, 200);
    pushed.until("api", "unknown").await;
    assert!(pushed.log().contains("`Watchdog`"), "{}", pushed.log());
    assert!(pushed.files().is_empty());
}

/// The moment so many seconds from now, as senders write it.
fn moment(seconds: i64) -> String {
    let at = Timestamp::now() + SignedDuration::from_secs(seconds);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What a dead sender no longer says was taken for recovery, until its watchdog
/// ran out as well.
#[tokio::test]
async fn an_alert_that_runs_out_without_a_word_is_no_recovery() {
    let watched = "type = \"alerts\"\nwatchdog = \"Watchdog\"";
    let mut pushed = Pushed::new(&ALERTS.replace("type = \"alerts\"", watched)).await;
    let both = json!([
        alert("Watchdog", Some(&moment(3600))),
        alert("TargetDown", Some(&moment(2)))
    ]);
    let (status, said) = post(&pushed.ops("/api/v2/alerts"), both.to_string()).await;
    assert_eq!(status, 200, "{said}");
    pushed.until("api", "down").await;
    pushed
        .monitor()
        .until_rule_is("target-down", "unknown")
        .await;
    assert!(pushed.log().contains("ran out"), "{}", pushed.log());
    pushed.restart().await;
    pushed
        .monitor()
        .until_rule_is("target-down", "unknown")
        .await;
    let open = |pushed: &Pushed| {
        let files = pushed.files();
        files.len() == 1 && files[0].contains("resolved: false")
    };
    assert!(open(&pushed), "{:?}", pushed.files());
    // Its sender lives, does not tell it, and has had the time to: it is over.
    let alive = json!([alert("Watchdog", Some(&moment(3600)))]).to_string();
    until("it is over", async || {
        let (status, said) = post(&pushed.ops("/api/v2/alerts"), alive.clone()).await;
        assert_eq!(status, 200, "{said}");
        !open(&pushed)
    })
    .await;
    pushed.monitor().until_rule_is("target-down", "quiet").await;
}

#[tokio::test]
async fn while_a_watchdog_is_silent_only_what_is_believed_to_fire_is_known() {
    let watched = "type = \"alerts\"\nwatchdog = [\"alertname=Watchdog,dc=a\"]";
    let settings = ALERTS.replace("type = \"alerts\"", watched)
        + r#"
[[rule]]
id = "several"
expr = 'count(ALERTS{alertstate="firing",job="alerts"}) > 2 or critwatch_alerts{job="alerts"} < 0'
severity = "notice"
components = ["backup"]
title = "Several"
text = "T"
"#;
    let pushed = Pushed::new(&settings).await;
    let mut watchdog = alert("Watchdog", Some(&moment(2)));
    // Another sender says nothing of this one.
    let other = alert("Watchdog", None);
    watchdog["labels"]["dc"] = "a".into();
    let all = json!([watchdog, other, alert("TargetDown", None)]);
    assert_eq!(
        post(&pushed.ops("/api/v2/alerts"), all.to_string()).await.0,
        200
    );
    pushed
        .monitor()
        .until_rule_is("target-down", "firing")
        .await;
    pushed.monitor().until_rule_is("several", "firing").await;
    pushed.monitor().until_rule_is("several", "unknown").await;
    pushed
        .monitor()
        .until_rule_is("target-down", "firing")
        .await;
    assert!(pushed.log().contains("dc=a"), "{}", pushed.log());
}

#[tokio::test]
async fn an_incident_begins_and_ends_when_the_sender_of_its_alert_says() {
    let pushed = Pushed::new(ALERTS).await;
    let webhook = pushed.ops("/webhook/grafana");
    let began = moment(-1800);
    let tell = async |status: &str, ended: &str| {
        // Grafana's first version, shortened to what is read.
        let message = json!({ "version": "1", "groupKey": "{}", "truncatedAlerts": 0, "orgId": 1,
            "title": "[FIRING:1]", "state": "alerting", "message": "m", "status": status,
            "receiver": "critwatch", "alerts": [{ "status": status, "startsAt": began,
            "endsAt": ended, "labels": { "alertname": "TargetDown", "grafana_folder": "api" },
            "annotations": {}, "fingerprint": "0123456789abcdef", "valueString": "",
            "values": null, "silenceURL": "", "dashboardURL": "", "panelURL": "" }] });
        assert_eq!(post(&webhook, message.to_string()).await.0, 200);
    };
    tell("firing", "0001-01-01T00:00:00Z").await;
    pushed.until("api", "down").await;
    let file = pushed.files().remove(0);
    assert!(file.contains(&format!("date: {began}")), "{began}: {file}");
    // It ended within this second, and the word of it comes later.
    let ended = moment(1);
    until("it is over for a while", async || moment(-2) >= ended).await;
    tell("resolved", &ended).await;
    pushed.until("api", "ok").await;
    let file = pushed.files().remove(0);
    assert!(
        file.contains(&format!("resolvedWhen: {ended}")),
        "{ended}: {file}"
    );
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
#[tokio::test]
async fn errors_of_alertmanagers_api_are_json_strings_whoever_refuses() {
    let token = "a-token-of-some-length";
    let pushed = Pushed::new(&format!("\n[ops]\ntoken = \"{token}\"\n")).await;
    let ask = async |method: &str, path: &str, token: &str, body: &'static str| {
        let request = client().request(method.parse().unwrap(), pushed.ops(path));
        let request = request.bearer_auth(token).body(body).send().await.unwrap();
        let kind = request.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        let status = request.status().as_u16();
        (status, kind, request.text().await.unwrap())
    };
    for (method, path, token, body, expected) in [
        (
            "POST",
            "/api/v2/alerts",
            token,
            "[]",
            (404, "add a `[[collector]]`"),
        ),
        (
            "POST",
            "/api/v2/alerts",
            "wrong",
            "[]",
            (401, "Bearer TOKEN"),
        ),
        (
            "GET",
            "/api/v2/alerts?filter=x",
            token,
            "",
            (400, "there is no `=`"),
        ),
        (
            "GET",
            "/api/v2/silence/7",
            token,
            "",
            (404, "no silence `7`"),
        ),
        ("POST", "/api/v2/silences", token, "{", (400, "no JSON")),
        (
            "POST",
            "/api/v2/silences",
            "wrong",
            "{}",
            (401, "Bearer TOKEN"),
        ),
        (
            "POST",
            "/api/v2/silences",
            token,
            r#"{"matchers":[{"name":"x","value":".*","isRegex":true}],"createdBy":"B",
            "comment":"c","startsAt":"2026-03-01T12:00:00Z","endsAt":"2199-03-01T12:00:00Z"}"#,
            (400, "matchers: "),
        ),
    ] {
        let (status, kind, said) = ask(method, path, token, body).await;
        assert_eq!(
            (status, &*kind),
            (expected.0, "application/json"),
            "{path}: {said}"
        );
        let said: String = serde_json::from_str(&said).unwrap();
        assert!(said.contains(expected.1), "{path}: {said}");
    }
    // Our own API names the field apart, as ever.
    let (_, _, said) = ask("POST", "/api/v1/silences", token, "{}").await;
    assert!(said.starts_with("{\"error\""), "{said}");
    // Where nothing takes alerts none fires.
    for path in ["/api/v2/alerts", "/api/v2/alerts/groups"] {
        let (status, _, said) = ask("GET", path, token, "").await;
        assert_eq!((status, &*said), (200, "[]"), "{path}");
    }
}

#[tokio::test]
async fn a_webhook_brings_firing_and_resolved_mixed_and_says_what_it_left_out() {
    let settings = format!(
        "{ALERTS}\n[[rule]]\nid = 'left-out'\nexpr = 'critwatch_alerts_truncated_total > 5'\n\
        severity = 'notice'\ncomponents = ['backup']\ntitle = 'Too long'\ntext = 'T'\n"
    );
    let pushed = Pushed::new(&settings).await;
    let webhook = pushed.ops("/webhook/alertmanager");
    let message = |target: &str, other: &str| {
        let alert = |name: &str, status: &str| {
            let ended = status == "resolved";
            let ends = if ended {
                "2026-03-01T10:00:00Z"
            } else {
                "0001-01-01T00:00:00Z"
            };
            json!({ "status": status, "labels": { "alertname": name }, "annotations": {},
                "startsAt": "2026-03-01T09:00:00.123456789+00:00", "endsAt": ends,
                "generatorURL": "", "fingerprint": "0123456789abcdef" })
        };
        json!({ "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 3, "status": "firing",
            "receiver": "us", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "externalURL": "", "alerts": [alert("TargetDown", target), alert("Other", other)] })
    };
    let first = message("firing", "resolved").to_string();
    assert_eq!(post(&webhook, first.clone()).await.0, 200);
    pushed.until("api", "down").await;
    assert_eq!(post(&webhook, first).await.0, 200);
    pushed.until("backup", "notice").await;
    assert!(
        pushed.log().contains("left 3 alerts out"),
        "{}",
        pushed.log()
    );
    let second = message("resolved", "firing").to_string();
    assert_eq!(post(&webhook, second).await.0, 200);
    pushed.until("api", "ok").await;
    let (_, listed) = world::get(&pushed.ops("/api/v2/alerts")).await;
    assert!(
        listed.contains("Other") && !listed.contains("TargetDown"),
        "{listed}"
    );
}

#[tokio::test]
async fn garbage_is_refused_with_its_place_and_too_much_with_the_limit() {
    let pushed = Pushed::new(ALERTS).await;
    let url = pushed.ops("/api/v2/alerts");
    let webhook = pushed.ops("/webhook/alertmanager");
    for (url, body, place) in [
        (&url, "[\n{\"labels\": 7}]", "line 2"),
        (&url, "{}", "line 1"),
        (
            &url,
            "[{\"labels\":{\"a\":\"b\"},\"endsAt\":\"soon\"}]",
            "line 1",
        ),
        (
            &url,
            "[{\"labels\":{\"a\":\"b\"}},{\"labels\":{}}]",
            "alert 1",
        ),
        (&webhook, "{\"version\":\"3\",\"alerts\":[]}", "version 4"),
        (
            &webhook,
            "{\"version\":\"4\",\"alerts\":[{\"labels\":{\"a\":\"b\"}}]}",
            "`status`",
        ),
    ] {
        let (status, words) = post(url, body).await;
        assert_eq!(status, 400, "{body}: {words}");
        assert!(words.contains(place), "{body}: {words}");
    }
    // What is good in a request with a fault is taken.
    let (_, listed) = world::get(&url).await;
    assert_eq!(
        serde_json::from_str::<Value>(&listed)
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let (status, words) = post(&url, vec![b' '; 1024 * 1024 + 1]).await;
    assert!(status == 413 && words.contains("1 MiB"), "{status} {words}");
    let many: Vec<_> = (0..5000)
        .map(|number| alert(&format!("a{number}"), None))
        .collect();
    let (status, words) = post(&url, Value::from(many).to_string()).await;
    assert!(status == 429 && words.contains("5000"), "{status} {words}");
    assert!(
        pushed.log().contains("more than 5000 alerts"),
        "{}",
        pushed.log()
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
            "[ops]\nhosts = ['ops:9180']",
            "3:10",
            "without scheme and port",
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
            "no regular expression for a command line: unclosed group",
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

#[tokio::test]
async fn an_open_listener_without_a_token_is_warned_of() {
    let place = tempfile::tempdir().unwrap();
    let start = async |settings: &str| {
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let output = std::process::Stdio::piped;
        let mut child = tokio::process::Command::new(world::PROGRAM)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--ops-listen",
                "0.0.0.0:0",
            ])
            .current_dir(place.path())
            .stdout(output())
            .stderr(output())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines
                .next_line()
                .await
                .unwrap()
                .unwrap()
                .starts_with("page")
        );
        child.kill().await.unwrap();
        let mut said = String::new();
        let mut errors = child.stderr.take().unwrap();
        errors.read_to_string(&mut said).await.unwrap();
        said
    };
    let open = start(SETTINGS).await;
    assert!(open.contains("anyone who reaches 0.0.0.0"), "{open}");
    let locked = format!("{SETTINGS}\n[ops]\ntoken = \"a-token-of-some-length\"\n");
    let said = start(&locked).await;
    assert!(!said.contains("anyone"), "{said}");
}

#[tokio::test]
async fn many_alerts_in_batches_are_counted_before_they_are_told() {
    let settings = r#"
[[collector]]
id = "many"
type = "alerts"
interval = "1h"

[[rule]]
id = "many"
expr = 'ALERTS{alertname="Many", alertstate="firing", job="many"} or critwatch_alerts{job="many"} < 0'
severity = "down"
components = ["api"]
title = "Many fire"
text = "{{ count }} fire."
"#;
    let pushed = Pushed::new(settings).await;
    let url = pushed.ops("/api/v2/alerts");
    let all: Vec<Value> = (0..1_000)
        .map(|number| json!({ "labels": { "alertname": "Many", "number": number.to_string() } }))
        .collect();
    // As a Prometheus sends them: 64 at a time.
    let batches = all.chunks(64);
    let batches = batches.map(|batch| post(&url, Value::from(batch).to_string()));
    for (status, words) in futures_util::future::join_all(batches).await {
        assert_eq!(status, 200, "{words}");
    }
    pushed.until("api", "down").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("1000 fire."),
        "{files:?}"
    );
}
