//! Maintenance and events by hand, through the program's own door.

use serde_json::json;

use crate::place::{Place, words};

#[test]
fn a_maintenance_is_announced_listed_and_called_off() {
    let place = Place::new();
    let add = words("maintenance|add|--title|New cache|--affected|api");
    let added = place.json(&[&add[..], &["--from", "in 2h", "--to", "in 3h"]].concat());
    let id = added["id"].as_str().unwrap();
    assert_eq!(place.json(&["incident", "list", "--all"]), json!([]));
    let listed = place.json(&["maintenance", "list"]);
    assert_eq!(listed[0]["id"], id);
    assert_eq!(listed[0]["state"], "scheduled");
    assert_eq!(listed[0]["severity"], "notice");
    let text = place.read(&format!("{id}.md"));
    assert!(
        text.contains("resolved: false\n") && text.contains("\n*Scheduled* - Maintenance window: "),
        "{text}"
    );

    place.json(&["maintenance", "cancel", "cache", "--text", "Not needed."]);
    let shown = place.json(&["incident", "show", id]);
    assert_eq!(shown["state"], "cancelled");
    assert_eq!(shown["resolvedWhen"], listed[0]["date"]);
    assert_eq!(shown["updates"][0]["word"], "Cancelled");
    assert_eq!(place.json(&["maintenance", "list"]), json!([]));
    assert_eq!(place.run(&["maintenance", "cancel", "cache"]).code, 2);
}

#[test]
fn an_event_is_noted_beside_a_program_that_has_the_database_open() {
    let place = Place::new();
    assert_eq!(place.json(&["event", "--list"]), json!([]));
    assert!(!place.path("state").exists());
    let serving = critwatch::store::open(&place.path("state")).unwrap();
    serving
        .execute("INSERT INTO seen VALUES (0, 1)", [])
        .unwrap();
    let noted = place.json(&["event", "Release v0.9 🎲"]);
    place.json(&["event", "Earlier", "--at", "2026-03-01 12:00"]);
    serving.execute("UPDATE seen SET at_ms = 2", []).unwrap();
    let listed = place.json(&["event", "--list"]);
    assert_eq!(listed[0]["at"], "2026-03-01T12:00:00Z");
    assert_eq!(listed[1], noted);
    for bad in ["", "a\nb", &"a".repeat(501)] {
        assert_eq!(place.run(&["event", bad]).code, 2);
    }
    assert_eq!(place.run(&["event", "x", "--at", "in 1h"]).code, 2);
    assert_eq!(
        place.json(&["event", "--list"]).as_array().unwrap().len(),
        2
    );
}
