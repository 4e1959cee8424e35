//! Events of webhooks against their schema, and the example of their documentation.

use jiff::Timestamp;
use jsonschema::{Draft, Validator};
use serde_json::Value;
use standardwebhooks::Webhook;

use crate::model::fixtures::golden;
use crate::notify::channels::webhook::payload::{MAX_BODY, event_type, payload};
use crate::notify::channels::webhook::signing::SigningKey;
use crate::notify::channels::webhook::statuspage;
use crate::notify::message::announcement::{Announcement, Entry};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::Kind;

/// A file of the documentation.
fn document(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!("{root}/docs/{name}")).unwrap()
}

fn schema() -> Validator {
    let schema: Value = serde_json::from_str(&document("webhook.schema.json")).unwrap();
    let options = jsonschema::options().with_draft(Draft::Draft202012);
    options
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn now() -> Timestamp {
    "2026-03-01T19:00:00Z".parse().unwrap()
}

/// As long as messages can be, of letters that take much room.
fn huge(occasion: Occasion) -> Announcement {
    let entry = |_| Entry {
        at: Some(now()),
        day: None,
        phase: None,
        word: "\\\"".repeat(300),
        text: "\\\"🎲".repeat(2_000),
        by_team: true,
    };
    Announcement {
        title: "\u{202e}@everyone <b>\\\"🎲".repeat(500),
        affected: vec!["🎲".repeat(200); 300],
        updates: (0..10).map(entry).collect(),
        ..Announcement::sample(occasion)
    }
}

#[test]
fn every_event_is_as_its_schema_says_and_never_too_long() {
    let schema = schema();
    for occasion in Occasion::ALL {
        for kind in [Kind::Incident, Kind::Maintenance, Kind::Operation] {
            let sample = Announcement::sample(occasion);
            let bare = sample.clone().bare();
            for message in [sample, bare, huge(occasion)] {
                let event = payload(&Announcement { kind, ..message }, now());
                let faults: Vec<_> = schema.iter_errors(&event).map(|e| e.to_string()).collect();
                assert!(faults.is_empty(), "{faults:?}\n{event:#}");
                assert!(event.to_string().len() < MAX_BODY, "{occasion:?}");
                assert!(!event["data"]["title"].as_str().unwrap().is_empty());
            }
        }
    }
}

#[test]
fn every_type_of_the_schema_is_sent_and_documented() {
    let schema: Value = serde_json::from_str(&document("webhook.schema.json")).unwrap();
    let document = document("webhooks.md");
    let mut named: Vec<_> = schema["properties"]["type"]["enum"]
        .as_array()
        .unwrap()
        .clone();
    let mut sent = vec![Value::from("test")];
    for occasion in Occasion::ALL {
        for kind in [Kind::Incident, Kind::Maintenance, Kind::Operation] {
            let sample = Announcement::sample(occasion);
            sent.push(event_type(&Announcement { kind, ..sample }).into());
        }
    }
    let order = |one: &Value| one.to_string();
    named.sort_by_key(order);
    sent.sort_by_key(order);
    sent.dedup();
    assert_eq!(sent, named);
    for name in named {
        let row = format!("`{}`", name.as_str().unwrap());
        assert!(document.contains(&row), "{row}");
    }
}

#[test]
fn the_other_form_is_that_of_statuspage() {
    let show = |occasion| {
        let event = statuspage::payload(&Announcement::sample(occasion), now());
        format!("{event:#}")
    };
    golden("webhook-statuspage.json", &show(Occasion::Worse));
    golden("webhook-statuspage-work.json", &show(Occasion::Announced));
}

#[test]
fn the_example_of_the_documentation_is_what_is_sent() {
    let document = document("webhooks.md");
    let (_, lines) = document.split_once("```http\n").unwrap();
    let lines = lines.split_once("\n```").unwrap().0;
    let header = |name: &str| {
        let mut lines = lines.lines();
        let found = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap().to_owned()
    };
    let (_, body) = lines.split_once("\n\n").unwrap();
    let event = payload(&Announcement::sample(Occasion::Worse), now());
    assert_eq!(body, event.to_string());
    let secret = document
        .split(['`', '"'])
        .find(|word| word.starts_with("whsec_") && word.len() > 30);
    let secret = secret.unwrap();
    let at = header("webhook-timestamp");
    let id = header("webhook-id");
    let at = Timestamp::from_second(at.parse().unwrap()).unwrap();
    let ours = SigningKey::parse(secret).unwrap().sign(&id, at, body);
    let theirs = Webhook::new(secret).unwrap();
    let theirs = theirs.sign(&id, at.as_second(), body.as_bytes()).unwrap();
    assert_eq!((&ours, &header("webhook-signature")), (&theirs, &ours));
}
