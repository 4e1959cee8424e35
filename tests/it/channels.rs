//! Every channel through the settings and the service: as its documentation says, and
//! from the beginning of an incident to its end.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use critwatch::config;
use critwatch::config::reading::reader::Environment;
use serde_json::json;
use tokio::sync::watch;

use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM};

const HEAD: &str = "[site]\ntitle = 'T'\nurl = 'https://status.example.org'\n\
    [[component]]\nid = 'api'\nname = 'API'\n";

/// Reads settings; every variable of the documentation is an address.
fn read(text: &str) -> Result<config::Config, String> {
    let names = text.split("${").skip(1);
    let names = names.filter_map(|rest| rest.split('}').next());
    let environment: Environment = names
        .map(|name| (name.to_owned(), "https://chat.example.org/x".to_owned()))
        .collect();
    let text = format!("{HEAD}{text}");
    let folder = std::path::Path::new(".");
    config::read(&text, "alerts.toml", folder, environment, None).map_err(|fault| fault.to_string())
}

#[test]
fn every_setup_of_the_documentation_works_as_written() {
    let document = include_str!("../../docs/notifications.md");
    let examples = document.split("```toml\n").skip(1);
    let examples: Vec<_> = examples
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(examples.len() >= 14, "{examples:?}");
    for example in examples {
        // What is left out by default is allowed, too.
        let whole = example.replace("\n# ", "\n");
        for text in [example, &whole] {
            let config = read(text).unwrap_or_else(|fault| panic!("{fault}\nin {text}"));
            assert_eq!(config.notifiers.len(), 1, "{text}");
        }
    }
}

#[test]
fn impossible_ways_to_a_channel_are_faults_with_the_way_out() {
    for (keys, way) in [
        (
            "type = 'slack'\nwebhook = 'https://h/x'\ntoken = 't'\nchannel = 'c'",
            "either `webhook`, or `token` and `channel` of a bot",
        ),
        (
            "type = 'slack'\ntoken = 't'",
            "either `webhook`, or `token` and `channel` of a bot",
        ),
        (
            "type = 'slack'\nwebhook = 'https://h/x'\nthread = true",
            "`thread` needs a bot",
        ),
        (
            "type = 'mattermost'\ntoken = 't'\nchannel = 'c'",
            "either `webhook`, or `server`, `token` and `channel` of a bot",
        ),
        (
            "type = 'teams'\nwebhook = 'http://flows.example.org/x'",
            "a webhook opens with `https://`, unless it is on this machine",
        ),
        (
            "type = 'gotify'\nserver = 'gotify.example.org'\ntoken = 't'",
            "this is not an address; a server opens with `https://`",
        ),
        (
            "type = 'matrix'\nserver = 'https://h'\nroom = '#status:h'\ntoken = 't'",
            "write the id of the room",
        ),
        (
            "type = 'ntfy'\ntopic = 'my status'",
            "a topic has 1 to 64 letters",
        ),
        (
            "type = 'telegram'\ntoken = 't'\nchats = '1'",
            "did you mean `chat`?",
        ),
        (
            "type = 'pagerdutty'\nrouting_key = 'k'",
            "did you mean `pagerduty`?",
        ),
    ] {
        let fault = read(&format!("[[notifier]]\nid = 'n'\n{keys}\n"));
        let fault = fault.map(|_| ()).unwrap_err();
        assert!(fault.contains(way), "{keys}\n{fault}");
        assert_eq!(fault.matches("error:").count(), 1, "{fault}");
    }
}

/// The requests that arrived at each of many remote sides, by its name.
type Arrivals = BTreeMap<String, Vec<String>>;

/// Listens as every remote side: the first part of a path is its name.
async fn listen() -> (String, watch::Receiver<Arrivals>) {
    let (sender, arrivals) = watch::channel(Arrivals::new());
    let take = async |State(sender): State<watch::Sender<Arrivals>>,
                      method: Method,
                      uri: Uri,
                      body: String| {
        if method == Method::GET {
            // No room is encrypted.
            return (StatusCode::NOT_FOUND, String::new());
        }
        let name = uri.path().split('/').nth(1).unwrap_or_default().to_owned();
        sender.send_modify(|all| all.entry(name).or_default().push(format!("{uri} {body}")));
        let answer = json!({
            "ok": true, "channel": "C1", "ts": "1.1", "id": "p1", "event_id": "$e1",
            "result": { "message_id": 12 },
        });
        (StatusCode::OK, answer.to_string())
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = axum::Router::new().fallback(take).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, arrivals)
}

/// Each channel as a notifier whose remote side is below the address.
fn notifiers(address: &str) -> (Vec<&'static str>, String) {
    let all = [
        ("slack", "token = 't'\nchannel = 'C1'\nserver = 'ADDRESS'"),
        ("teams", "webhook = 'ADDRESS/x'"),
        (
            "mattermost",
            "token = 't'\nchannel = 'c'\nserver = 'ADDRESS'",
        ),
        ("google-chat", "webhook = 'ADDRESS/x?key=k'"),
        ("telegram", "token = 't'\nchat = '-1'\nserver = 'ADDRESS'"),
        ("matrix", "token = 't'\nroom = '!r:h'\nserver = 'ADDRESS'"),
        ("ntfy", "topic = 't'\nserver = 'ADDRESS'"),
        ("gotify", "token = 't'\nserver = 'ADDRESS'"),
        ("pagerduty", "routing_key = 'k'\nserver = 'ADDRESS'"),
        ("opsgenie", "api_key = 'k'\nserver = 'ADDRESS'"),
    ];
    let tables = all.map(|(name, keys)| {
        let keys = keys.replace("ADDRESS", &format!("{address}/{name}"));
        format!("[[notifier]]\nid = '{name}'\ntype = '{name}'\n{keys}\n")
    });
    (all.map(|(name, _)| name).to_vec(), tables.concat())
}

#[tokio::test]
async fn each_channel_is_told_of_an_incident_from_its_beginning_to_its_end() {
    let (address, arrivals) = listen().await;
    let (names, tables) = notifiers(&address);
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), format!("{HEAD}{tables}")).unwrap();
    let incidents = place.path().join("incidents");
    std::fs::create_dir(&incidents).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let write = |resolved: &str, update: &str| {
        let text = format!(
            "---\nsection: issue\ntitle: Rolls are failing\ndate: 2026-03-01T12:00:00Z\n\
             {resolved}\naffected: [API]\nseverity: down\n---\n{update}\
             *Investigating* - We are looking. {{{{< track \"2026-03-01 12:00:00\" >}}}}\n"
        );
        std::fs::write(incidents.join("2026-03-01-rolls-fail.md"), text).unwrap();
    };
    let each = async |what: &str, says: &dyn Fn(&str) -> bool| {
        until(what, async || {
            let all = arrivals.borrow().clone();
            let is_there = |name: &&&str| {
                let messages = all.get(**name).map_or(&[][..], |messages| messages);
                !messages.iter().any(|message| says(message))
            };
            let missing: Vec<_> = names.iter().filter(is_there).collect();
            if missing.is_empty() {
                Ok(())
            } else {
                Err(format!("{missing:?} of {all:#?}"))
            }
        })
        .await;
    };
    write("resolved: false", "");
    each("the beginning", &|message| {
        message.contains("Down: Rolls are failing") && message.contains("We are looking.")
    })
    .await;
    let update = "*Identified* - It was a cable. {{< track \"2026-03-01 12:10:00\" >}}\n\n";
    write("resolved: false", update);
    each("an update", &|message| message.contains("It was a cable.")).await;
    write(
        "resolved: true\nresolvedWhen: 2026-03-01T12:20:00Z",
        &format!(
            "*Resolved* - We replaced it. {{{{< track \"2026-03-01 12:20:00\" >}}}}\n\n{update}"
        ),
    );
    each("the end", &|message| {
        message.contains("We replaced it.") || message.contains("\"resolve\"")
    })
    .await;
    for name in &names {
        monitor
            .until_told(&format!(
                "critwatch_notifications_queued{{notifier=\"{name}\"}} 0"
            ))
            .await;
    }
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_test_leaves_no_alert_open_and_pages_once() {
    let (address, arrivals) = listen().await;
    let (_, notifiers) = notifiers(&address);
    let place = tempfile::tempdir().unwrap();
    std::fs::write(
        place.path().join("alerts.toml"),
        format!("{HEAD}{notifiers}"),
    )
    .unwrap();
    for (name, resolved) in [
        ("pagerduty", "\"event_action\":\"resolve\""),
        ("opsgenie", "/close?identifierType=alias"),
        ("gotify", ""),
    ] {
        let output = tokio::process::Command::new(PROGRAM)
            .args(["notify", "test", name])
            .current_dir(place.path())
            .output()
            .await
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}");
        let requests = arrivals.borrow()[name].clone();
        let calls = !resolved.is_empty();
        assert_eq!(requests.len(), if calls { 2 } else { 1 }, "{requests:?}");
        assert_eq!(
            said.contains("the test alert is resolved again"),
            calls,
            "{said}"
        );
        if calls {
            assert!(!requests[0].contains(resolved), "{requests:?}");
            assert!(requests[1].contains(resolved), "{requests:?}");
            let key = requests[0].split("critwatch:").nth(1).unwrap();
            let key = key.split('"').next().unwrap();
            assert!(requests[1].contains(key), "the same alert: {requests:?}");
        }
    }
}
