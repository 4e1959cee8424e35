//! Subscriptions by e-mail, as visitors, mail programs and operators have them.
//!
//! The relay takes nothing, so that every mail waits in the database, where its link is.

use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tokio::process::Command;

use crate::world::patience::until;
use crate::world::{self, LOG, Monitor, PROGRAM};

pub(crate) const SETTINGS: &str = r#"
[site]
title = "Dice"
url = "https://status.example.org"
trusted_proxies = ["127.0.0.1"]

[[component]]
id = "api"
name = "API"

[[component]]
id = "cache"
name = "Cache"

[mail]
relay = "127.0.0.1"
port = 1
tls = "none"
from = "status@example.org"

[[notifier]]
id = "readers"
type = "email"
subscribers = true
"#;

const INCIDENT: &str = "---
title: Rolls fail
date: 2026-03-01T10:00:00Z
severity: down
affected: [API]
resolved: RESOLVED
section: issue
---

*Investigating* - We look into it. {{< track \"2026-03-01 10:00:00\" >}}
";

/// A page that takes subscriptions.
pub(crate) struct Readers {
    place: tempfile::TempDir,
    pub(crate) monitor: Monitor,
    client: reqwest::Client,
}

impl Readers {
    pub(crate) async fn new(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        let client = critwatch::runtime::client::new(Duration::from_secs(20), false).unwrap();
        Self {
            place,
            monitor,
            client,
        }
    }

    async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let request = self.client.post(format!("{}{path}", self.monitor.page));
        let mut request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        let file = self.place.path().join("state/critwatch.db");
        let store = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut rows = store.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The paths of the links that were asked for, the oldest first.
    fn links(&self) -> Vec<String> {
        let tokens = self.rows(
            "SELECT token FROM mailing JOIN mail ON mail.id = mail \
             WHERE notifier = 'subscription' ORDER BY mailing.id",
        );
        let links = tokens.iter();
        links
            .map(|token| format!("/subscription/{token}"))
            .collect()
    }

    /// Types an address and waits for its link.
    async fn ask(&self, body: &str) -> String {
        let before = self.links().len();
        assert_eq!(self.post("/subscribe", body, &[]).await.0, 200);
        until("a link is written", async || self.links().len() > before).await;
        self.links().pop().unwrap()
    }

    /// The path of the only link that was asked for.
    pub(crate) async fn link(&self) -> String {
        until("a link is written", async || self.links().len() == 1).await;
        self.links().remove(0)
    }

    /// Who waits for mails of incidents: an address and the token of its links.
    fn mailings(&self) -> Vec<String> {
        self.rows(
            "SELECT address || ' ' || json_extract(content, '$.content.announcement.occasion') \
             || ' ' || token FROM mailing JOIN mail ON mail.id = mail WHERE topic IS NOT NULL \
             ORDER BY mailing.id",
        )
    }

    fn states(&self) -> Vec<String> {
        self.rows("SELECT state FROM subscriber ORDER BY id")
    }

    fn write(&self, resolved: bool) {
        let text = INCIDENT.replace("RESOLVED", &resolved.to_string());
        let file = self.place.path().join("incidents/2026-03-01-rolls-fail.md");
        std::fs::write(file, text).unwrap();
    }

    async fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(PROGRAM);
        command.arg("subscriber").args(arguments);
        let output = command
            .current_dir(self.place.path())
            .output()
            .await
            .unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    }
}

#[tokio::test]
async fn a_visitor_subscribes_confirms_and_chooses() {
    let readers = Readers::new(SETTINGS).await;
    let (_, form) = readers.monitor.get("/subscribe").await;
    assert!(form.contains("name=\"address\"") && form.contains("name=\"component\""));
    let link = readers
        .ask("address=ann%40example.org&kind=&kind=incidents")
        .await;
    // Mail scanners follow links: looking changes nothing.
    let (status, page) = readers.monitor.get(&link).await;
    assert!(
        status == 200 && page.contains("Confirm your subscription?"),
        "{page}"
    );
    assert_eq!(readers.states(), ["asked"]);
    let (status, page) = readers.post(&link, "confirm=yes", &[]).await;
    assert!(
        status == 200 && page.contains("You are subscribed."),
        "{page}"
    );
    assert_eq!(readers.states(), ["confirmed"]);
    let choice = "kind=&kind=incidents&report=weekly&component=api&language=de";
    let (status, page) = readers.post(&link, choice, &[]).await;
    assert!(
        status == 200 && page.contains("Ihre Änderungen sind gespeichert."),
        "{page}"
    );
    let (_, page) = readers.monitor.get(&link).await;
    for chosen in [
        r#"name="kind" value="incidents" checked"#,
        r#"name="kind" value="maintenance">"#,
        r#"name="report" value="weekly" checked"#,
        r#"name="component" value="api" checked"#,
        r#"name="component" value="cache">"#,
        r#"value="de" lang="de" selected"#,
    ] {
        assert!(page.contains(chosen), "{chosen}: {page}");
    }
}

#[tokio::test]
async fn a_subscriber_is_told_and_leaves_with_one_click() {
    let readers = Readers::new(SETTINGS).await;
    let link = readers.ask("address=ann%40example.org&language=de").await;
    readers.post(&link, "confirm=yes", &[]).await;
    readers.write(false);
    until("the incident is mailed", async || {
        readers.mailings().len() == 1
    })
    .await;
    let mailing = readers.mailings().pop().unwrap();
    let token = mailing.strip_prefix("ann@example.org opened ").unwrap();
    let leave = format!("/unsubscribe/{token}");
    let (status, page) = readers.monitor.get(&leave).await;
    assert!(
        status == 200 && page.contains("Alle E-Mails abbestellen?"),
        "{page}"
    );
    assert_eq!(readers.states(), ["confirmed"]);
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://mail.example.com"),
    ];
    for _ in 0..2 {
        let (status, page) = readers
            .post(&leave, "List-Unsubscribe=One-Click", &foreign)
            .await;
        assert!(
            status == 200 && page.contains("You are unsubscribed."),
            "{status} {page}"
        );
        assert!(readers.states().is_empty());
    }
    // Nothing is kept, and nothing is sent any more.
    assert!(readers.mailings().is_empty());
    readers.write(true);
    let told = r#"critwatch_notifications_total{notifier="readers",outcome="delivered"} 2"#;
    readers.monitor.until_told(told).await;
    assert!(readers.mailings().is_empty());
}

#[tokio::test]
async fn nobody_is_told_of_an_end_whose_beginning_came_before_them() {
    let readers = Readers::new(SETTINGS).await;
    let subscribe = async |address: &str| {
        let link = readers.ask(&format!("address={address}@example.org")).await;
        readers.post(&link, "confirm=yes", &[]).await;
    };
    subscribe("early").await;
    readers.write(false);
    until("the incident is mailed", async || {
        readers.mailings().len() == 1
    })
    .await;
    subscribe("late").await;
    readers.write(true);
    until("its end is mailed", async || readers.mailings().len() == 2).await;
    let mailings = readers.mailings();
    assert!(
        mailings[0].starts_with("early@example.org opened "),
        "{mailings:?}"
    );
    assert!(
        mailings[1].starts_with("early@example.org resolved "),
        "{mailings:?}"
    );
}

#[tokio::test]
async fn all_who_ask_are_answered_the_same_and_no_address_is_told_anywhere() {
    let readers = Readers::new(SETTINGS).await;
    let link = readers.ask("address=secret.name%40example.org").await;
    readers.post(&link, "confirm=yes", &[]).await;
    let ask = async |name: &str| {
        let body = format!("address={name}%40example.org");
        readers
            .post("/subscribe", &body, &[("x-forwarded-for", "192.0.2.1")])
            .await
    };
    let first = ask("unknown").await;
    assert_eq!(first.0, 200);
    // Known, asked for a moment ago, unknown, and more than a visitor may.
    let names = [
        "secret.name",
        "unknown",
        "other",
        "third",
        "fourth",
        "fifth",
        "sixth",
    ];
    for name in names {
        let fine = |page: &str| {
            // The page says when it was measured, and no more of the moment.
            let lines = page
                .lines()
                .filter(|line| !line.contains("data-part=\"foot\""));
            lines.collect::<Vec<_>>().join("\n")
        };
        let answer = ask(name).await;
        assert_eq!(
            (answer.0, fine(&answer.1)),
            (first.0, fine(&first.1)),
            "{name}"
        );
    }
    until("those that may are written", async || {
        readers.states().len() == 4
    })
    .await;
    for line in [
        "critwatch_subscribers{state=\"asked\"} 3",
        "critwatch_subscribers{state=\"confirmed\"} 1",
    ] {
        readers.monitor.until_told(line).await;
    }
    let (_, metrics) = world::get(&format!("{}/metrics", readers.monitor.ops)).await;
    let (_, page) = readers.monitor.get(&link).await;
    let log = std::fs::read_to_string(readers.place.path().join(LOG)).unwrap();
    let token = link.rsplit('/').next().unwrap();
    for (what, text) in [("metrics", &metrics), ("page", &page), ("log", &log)] {
        assert!(!text.contains("secret.name"), "{what}: {text}");
        assert!(what == "page" || !text.contains(token), "{what}: {text}");
    }
    assert!(
        metrics.contains("handler=\"/subscription/{name}\""),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_form_that_cannot_be_taken_says_why() {
    let readers = Readers::new(SETTINGS).await;
    let ours = [("sec-fetch-site", "same-origin")];
    let other = [("sec-fetch-site", "cross-site")];
    let long = format!("address={}", "x".repeat(20_000));
    for (body, headers, status, words) in [
        (
            "address=ann%40example.org",
            &other,
            403,
            "It was sent from another website.",
        ),
        ("address=ann", &ours, 400, "This is not an e-mail address"),
        ("", &ours, 400, "This is not an e-mail address"),
        (
            "address=a%40example.org&address=b%40example.org",
            &ours,
            400,
            "not an e-mail address",
        ),
        (
            "address=ann%40example.org%0d%0aBcc%3ab%40example.org",
            &ours,
            400,
            "not an e-mail address",
        ),
        (
            "address=ann%40example.org&kind=",
            &ours,
            400,
            "You selected nothing",
        ),
        (
            "address=ann%40example.org&component=none",
            &ours,
            400,
            "Please choose again.",
        ),
        (
            "address=ann%40example.org&language=xx",
            &ours,
            400,
            "Please choose again.",
        ),
        (&*long, &ours, 413, ""),
    ] {
        let (told, page) = readers.post("/subscribe", body, headers).await;
        assert_eq!(told, status, "{body}");
        assert!(page.contains(words), "{body}: {page}");
    }
    assert!(readers.states().is_empty());
}

#[tokio::test]
async fn a_link_that_is_unknown_says_so() {
    let readers = Readers::new(SETTINGS).await;
    let unknown = "A".repeat(43);
    for path in [
        "/subscription/x".to_owned(),
        format!("/subscription/{unknown}"),
        format!("/unsubscribe/{unknown}"),
    ] {
        for (status, page) in [
            readers.monitor.get(&path).await,
            readers.post(&path, "confirm=yes", &[]).await,
        ] {
            assert_eq!(status, 404, "{path}");
            assert!(
                page.contains("This link no longer works."),
                "{path}: {page}"
            );
        }
    }
}

#[tokio::test]
async fn without_subscribers_in_the_settings_there_is_no_form() {
    let settings = SETTINGS.replace("subscribers = true", "to = [\"team@example.org\"]");
    let readers = Readers::new(&settings).await;
    let (_, page) = readers.monitor.get("/subscribe").await;
    assert!(!page.contains("name=\"address\""), "{page}");
    let (status, _) = readers
        .post("/subscribe", "address=ann%40example.org", &[])
        .await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn operators_list_add_export_and_erase_subscribers() {
    let readers = Readers::new(SETTINGS).await;
    assert_eq!(
        readers.run(&["list"]).await,
        (0, "0 asked, 0 confirmed, 0 paused\n".to_owned())
    );
    let (code, told) = readers
        .run(&["add", "ann@example.org", "--component", "ap"])
        .await;
    assert!(
        code == 2 && told.contains("there is no component `ap`") && told.contains("`api`"),
        "{told}"
    );
    let add = [
        "add",
        "ann@example.org",
        "--component",
        "api",
        "--report",
        "monthly",
    ];
    let (code, told) = readers.run(&add).await;
    assert!(
        code == 0 && told.contains("a…@example.org") && !told.contains("ann@"),
        "{told}"
    );
    let (code, told) = readers.run(&add).await;
    assert!(
        code == 2 && told.contains("has already subscribed") && !told.contains("ann@"),
        "{told}"
    );
    let (code, told) = readers.run(&["add", "ann"]).await;
    assert!(
        code == 2 && told.contains("this is not an address"),
        "{told}"
    );

    let (_, told) = readers.run(&["list"]).await;
    assert!(
        told.contains("0 asked, 1 confirmed") && !told.contains("ann@"),
        "{told}"
    );
    let (_, told) = readers.run(&["list", "--addresses"]).await;
    assert!(told.contains("ann@example.org"), "{told}");
    let (_, told) = readers.run(&["list", "--format", "json"]).await;
    let listed: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(listed["counts"]["confirmed"], 1);
    assert_eq!(listed["subscribers"][0]["address"], "a…@example.org");
}

#[tokio::test]
async fn whoever_an_operator_added_is_told_exported_and_erased() {
    let readers = Readers::new(SETTINGS).await;
    let add = [
        "add",
        "ann@example.org",
        "--component",
        "api",
        "--report",
        "monthly",
    ];
    assert_eq!(readers.run(&add).await.0, 0);
    readers.write(false);
    until("the incident is mailed", async || {
        readers.mailings().len() == 1
    })
    .await;
    let (code, told) = readers.run(&["export", "Ann@example.org"]).await;
    let data: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (code, &data["address"]),
        (0, &Value::from("ann@example.org"))
    );
    assert_eq!(data["toldOf"][0], "incident:2026-03-01-rolls-fail");
    assert_eq!(
        data["gets"],
        serde_json::json!(["incidents", "maintenance", "monthly"])
    );
    let (code, told) = readers
        .run(&["remove", "ann@example.org", "--format", "json"])
        .await;
    let erased: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (code, &erased["address"]),
        (0, &Value::from("ann@example.org"))
    );
    assert!(readers.states().is_empty() && readers.mailings().is_empty());
    let (code, told) = readers.run(&["remove", "ann@example.org"]).await;
    assert!(
        code == 2 && told.contains("there is no subscriber"),
        "{told}"
    );
}
