//! `critwatch notify`, and webhooks, through the public doors.

use std::path::Path;
use std::process::Output;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::process::Command;
use tokio::sync::watch;

use crate::golden::check as golden;
use crate::kept::Page;
use crate::world::patience::until;
use crate::world::{self, Monitor, PROGRAM};

const NEW: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// What a receiver was sent.
#[derive(Clone)]
struct Delivery {
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A receiver that answers each event with the same status.
struct Receiver {
    url: String,
    deliveries: watch::Receiver<Vec<Delivery>>,
}

impl Receiver {
    async fn start(status: u16) -> Self {
        let (sender, deliveries) = watch::channel(Vec::new());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?token=hush", listener.local_addr().unwrap());
        let take = async move |State(taken): State<watch::Sender<Vec<Delivery>>>,
                               headers: HeaderMap,
                               body: Bytes| {
            let body = body.to_vec();
            taken.send_modify(|all| all.push(Delivery { headers, body }));
            StatusCode::from_u16(status).unwrap()
        };
        let routes = axum::Router::new()
            .route("/hook", axum::routing::post(take))
            .with_state(sender);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, deliveries }
    }

    fn all(&self) -> Vec<Delivery> {
        self.deliveries.borrow().clone()
    }

    /// Its part of the settings.
    fn settings(&self, more: &str) -> String {
        format!(
            "[[notifier]]\nid = 'robot'\ntype = 'webhook'\nurl = '{}'\nsecret = '{NEW}'\n{more}",
            self.url
        )
    }
}

impl Delivery {
    fn event(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Verifies it as receivers do, by the library of the standard.
    fn verify(&self, secret: &str) {
        let webhook = Webhook::new(secret).unwrap();
        webhook.verify(&self.body, &self.headers).unwrap();
    }
}

async fn run(place: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(place);
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().await.unwrap();
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    (status.code(), said)
}

/// A folder with these settings and one open incident.
fn place(settings: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let head = "[site]\ntitle = 'Dice'\nurl = 'https://status.example.org'\n\
        [[component]]\nid = 'api'\nname = 'API'\n[[component]]\nid = 'mail'\nname = 'Mail'\n";
    std::fs::write(
        place.path().join("alerts.toml"),
        format!("{head}{settings}"),
    )
    .unwrap();
    let folder = place.path().join("incidents");
    std::fs::create_dir(&folder).unwrap();
    let incident = "---\nsection: issue\ntitle: Rolls <b>fail</b>\ndate: 2026-03-01T18:48:00Z\n\
        resolved: false\naffected: [API]\nseverity: down\n---\n\
        *Identified* - The cache is full. {{< track \"2026-03-01 18:55:00\" >}}\n";
    std::fs::write(folder.join("2026-03-01-rolls-fail.md"), incident).unwrap();
    place
}

#[tokio::test]
async fn a_test_message_is_signed_by_both_secrets_and_its_answer_is_told() {
    let receiver = Receiver::start(204).await;
    let place = place(&receiver.settings(&format!("old_secret = '{OLD}'\n")));
    let (code, said) = run(place.path(), &["notify", "test", "robot"]).await;
    assert_eq!(
        (code, &*said),
        (Some(0), "robot: the message was accepted\n")
    );
    let deliveries = receiver.all();
    let [delivery] = &deliveries[..] else {
        panic!("{}", deliveries.len())
    };
    delivery.verify(NEW);
    delivery.verify(OLD);
    let event = delivery.event();
    assert_eq!(event["type"], "test");
    assert_eq!(
        event["data"]["headline"],
        "Test: please ignore this message"
    );
    // No receipt is touched: there is not even a database.
    assert!(!place.path().join("state").exists());
}

#[tokio::test]
async fn what_a_remote_side_refuses_is_told_in_words_without_the_address() {
    for (status, words) in [
        (
            302,
            "nothing can be delivered with these settings: the webhook answered 302 Found",
        ),
        (
            410,
            "nothing can be delivered with these settings: the webhook answered 410 Gone",
        ),
        (
            422,
            "it was rejected, and would not be retried: the webhook answered 422",
        ),
        (
            503,
            "it may have arrived, and would be retried: the webhook answered 503",
        ),
    ] {
        let receiver = Receiver::start(status).await;
        let place = place(&receiver.settings(""));
        let (code, said) = run(place.path(), &["notify", "test", "robot"]).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains(&format!("critwatch: robot: {words}")),
            "{said}"
        );
        assert!(!said.contains("hush"), "{said}");
        assert_eq!(receiver.all().len(), 1);
    }
}

#[tokio::test]
async fn a_notifier_that_is_not_there_and_a_secret_that_is_none_are_faults() {
    let receiver = Receiver::start(204).await;
    let one = place(&receiver.settings(""));
    let (code, said) = run(one.path(), &["notify", "test", "robt"]).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("no notifier `robt`; did you mean `robot`?"),
        "{said}"
    );
    let settings = receiver.settings("").replace(NEW, "hunter2hunter2");
    let (code, said) = run(place(&settings).path(), &["check"]).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("alerts.toml:14:10") && said.contains("opens with `whsec_`"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn a_template_is_checked_and_used() {
    let receiver = Receiver::start(204).await;
    let template =
        "title = '{{ state|upper }} {{ title }}'\ntext = '''\n{{ text }}\n{{ titel }}'''\n";
    let wrong = place(&receiver.settings(template));
    let (code, said) = run(wrong.path(), &["check"]).await;
    assert_eq!(code, Some(2), "{said}");
    let words = "the template fails for `opened`: undefined value, on its line 2";
    assert!(
        said.contains("alerts.toml:16:8") && said.contains(words),
        "{said}"
    );
    let place = place(&receiver.settings(&template.replace("titel", "url or 'nowhere'")));
    let (code, said) = run(
        place.path(),
        &["notify", "preview", "rolls", "--format", "json"],
    )
    .await;
    assert_eq!(code, Some(0), "{said}");
    let previews: Value = serde_json::from_str(&said).unwrap();
    let data = &previews[0]["payload"]["data"];
    assert_eq!(data["headline"], "DOWN Rolls <b>fail</b>");
    let text = "The cache is full.\nhttps://status.example.org/issues/2026-03-01-rolls-fail/";
    assert_eq!(data["text"], text);
}

#[tokio::test]
async fn a_preview_shows_what_each_receiver_would_get_and_no_secret() {
    let receiver = Receiver::start(204).await;
    let settings = receiver.settings("")
        + "[[notifier]]\nid = 'team'\ntype = 'discord'\n\
           webhook = 'https://discord.example.org/api/webhooks/1/hush'\nforum = true\n\
           [[notifier]]\nid = 'log'\ntype = 'console'\n\
           [[notifier]]\nid = 'post'\ntype = 'console'\ncomponents = ['mail']\n";
    let place = place(&settings);
    let (code, said) = run(place.path(), &["notify", "preview", "rolls"]).await;
    assert_eq!(code, Some(0), "{said}");
    golden("notify-preview.txt", &said);
    for secret in ["hush", NEW] {
        assert!(!said.contains(secret), "{said}");
    }
    assert!(receiver.all().is_empty());
}

#[tokio::test]
async fn the_delivery_log_is_the_same_by_command_and_by_the_api() {
    let receiver = Receiver::start(204).await;
    let page = Page::start().await;
    let more = receiver.settings("")
        + "[[notifier]]\nid = 'gone'\ntype = 'webhook'\nurl = 'http://127.0.0.1:1/'\n\
           secret = '"
        + OLD
        + "'\n";
    let place = page.place(&[("high", "expr = 'bad > 5'")], &more);
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    page.set(9, 0);
    until("the event arrives", async || !receiver.all().is_empty()).await;
    let delivery = &receiver.all()[0];
    delivery.verify(NEW);
    let event = delivery.event();
    assert_eq!(event["type"], "incident.opened");
    let began: Timestamp = event["data"]["began"].as_str().unwrap().parse().unwrap();
    assert!(began <= Timestamp::now());
    let api = async || -> Value {
        let url = format!("{}/api/v1/notifications", monitor.ops);
        serde_json::from_str(&world::get(&url).await.1).unwrap()
    };
    until("both are noted", async || {
        let log = api().await;
        let states = log["deliveries"].as_array().unwrap().iter();
        let mut states = states.map(|one| (&one["notifier"], &one["state"], &one["reason"]));
        states
            .clone()
            .any(|one| one.0 == "robot" && one.1 == "sent")
            && states.any(|one| one.0 == "gone" && one.2 != &Value::Null)
    })
    .await;
    let (code, said) = run(
        place,
        &["notify", "log", "--notifier", "robot", "--format", "json"],
    )
    .await;
    assert_eq!(code, Some(0), "{said}");
    let mut log = api().await;
    let deliveries = log["deliveries"].as_array_mut().unwrap();
    deliveries.retain(|one| one["notifier"] == "robot");
    let command: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(command, log);
    let first = &command["deliveries"][0];
    assert_eq!(
        (&first["occasion"], &first["tries"]),
        (&json!("opened"), &json!(1))
    );
    let (_, said) = run(place, &["notify", "log", "--failed"]).await;
    assert!(said.starts_with("ID "), "{said}");
    assert!(
        said.contains(" gone ") && !said.contains(" robot "),
        "{said}"
    );
    let (_, said) = run(place, &["notify", "log", "--notifier", "nobody"]).await;
    assert_eq!(said, "none\n");
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_template_that_fails_later_leaves_our_words_and_is_reported_once() {
    let receiver = Receiver::start(204).await;
    let page = Page::start().await;
    // Only the sample has this name.
    let template =
        "text = \"{% if name != '2026-03-01-rolls-fail' %}{{ updates[9].text }}{% endif %}\"\n";
    let more = receiver.settings(template);
    let place = page.place(&[("high", "expr = 'bad > 5'")], &more);
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    page.set(9, 0);
    until("it is opened", async || !receiver.all().is_empty()).await;
    let resolve = ["incident", "resolve", "high", "--text", "Over."];
    let (code, said) = run(place, &resolve).await;
    assert_eq!(code, Some(0), "{said}");
    until("it is resolved", async || receiver.all().len() > 1).await;
    let deliveries = receiver.all();
    let texts = deliveries
        .iter()
        .map(|one| one.event()["data"]["text"].clone());
    assert_eq!(texts.collect::<Vec<_>>(), ["t", "Over."]);
    assert!(monitor.stop().await.success());
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    let told = log.lines().filter(|line| line.contains("a template fails"));
    assert_eq!(told.count(), 1, "{log}");
}
