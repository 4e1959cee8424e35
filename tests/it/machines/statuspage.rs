//! Statuspage's documents: every documented field, and what they say.

use std::collections::BTreeSet;

use critwatch::web::formats::statuspage::StatuspageDocument;
use serde_json::Value;

use crate::machines::{FILES, board, json, names, now, shown};

/// What Statuspage documents, by where it stands.
const DOCUMENTED: [(&str, &[&str]); 7] = [
    ("page", &["id", "name", "url", "time_zone", "updated_at"]),
    ("status", &["indicator", "description"]),
    (
        "components",
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "position",
            "description",
            "showcase",
            "start_date",
            "group_id",
            "page_id",
            "group",
            "only_show_if_degraded",
        ],
    ),
    (
        "incidents",
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "monitoring_at",
            "resolved_at",
            "impact",
            "shortlink",
            "started_at",
            "page_id",
            "incident_updates",
            "components",
            "reminder_intervals",
        ],
    ),
    (
        "scheduled_maintenances",
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "monitoring_at",
            "resolved_at",
            "impact",
            "shortlink",
            "started_at",
            "page_id",
            "incident_updates",
            "components",
            "scheduled_for",
            "scheduled_until",
        ],
    ),
    (
        "incident_updates",
        &[
            "id",
            "status",
            "body",
            "incident_id",
            "created_at",
            "updated_at",
            "display_at",
            "affected_components",
            "deliver_notifications",
            "custom_tweet",
            "tweet_id",
        ],
    ),
    (
        "affected_components",
        &["code", "name", "old_status", "new_status"],
    ),
];

/// Looks for documented fields wherever a value has a documented name.
fn documented(key: &str, value: &Value, seen: &mut BTreeSet<&'static str>) {
    let entry = DOCUMENTED.iter().find(|(name, _)| *name == key);
    match value {
        Value::Array(items) => items.iter().for_each(|item| documented(key, item, seen)),
        Value::Object(fields) => {
            if let Some((name, documented)) = entry {
                seen.insert(name);
                for field in *documented {
                    assert!(
                        fields.contains_key(*field),
                        "{key} lacks {field}: {value:#}"
                    );
                }
            }
            for (name, value) in fields {
                documented(name, value, seen);
            }
        }
        _ => {}
    }
}

#[test]
fn every_documented_field_of_statuspage_is_there() {
    let mut seen = BTreeSet::new();
    for document in StatuspageDocument::ALL {
        let value = json(document.path());
        assert!(value["page"].is_object(), "{document:?}");
        for (key, value) in value.as_object().unwrap() {
            documented(key, value, &mut seen);
        }
    }
    assert_eq!(seen.len(), DOCUMENTED.len(), "{seen:?}");
}

#[test]
fn statuspage_is_told_what_is_true_in_its_words() {
    let summary = json("/api/v2/summary.json");
    let status = |name: &str| {
        let components = summary["components"].as_array().unwrap();
        let found = components
            .iter()
            .find(|component| component["name"] == name)
            .unwrap();
        found["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status("API"), "major_outage");
    assert_eq!(status("Worker"), "under_maintenance");
    // What we cannot see is never operational.
    assert_eq!(status("Blog"), "degraded_performance");
    assert_eq!(status("NFS /home"), "operational");
    assert_eq!(status("Rolling"), "major_outage");
    assert_eq!(summary["status"]["indicator"], "critical");
    let titles = |key: &str| -> Vec<String> {
        let list = summary[key].as_array().unwrap().iter();
        list.map(|one| one["name"].as_str().unwrap()[..5].to_owned())
            .collect()
    };
    assert_eq!(titles("incidents"), ["Rolls"]);
    assert_eq!(titles("scheduled_maintenances"), ["Worke", "New d"]);
    let all = json("/api/v2/incidents.json");
    assert_eq!(
        all["incidents"].as_array().unwrap().len(),
        3,
        "posts and planned work are none"
    );
    let unseen = board(&[], now());
    let alone: Value =
        serde_json::from_str(&shown(&unseen, &names(), "/api/v2/status.json")).unwrap();
    assert_eq!(alone["status"]["indicator"], "minor");
}

#[test]
fn what_is_only_planned_changes_nothing_in_statuspages_words() {
    let at = |files: &[(&str, &str)], text: &str| -> Value {
        let mut board = board(files, text.parse().unwrap());
        board
            .components
            .retain(|state| state.component.id.0 != "blog");
        board.health = board
            .components
            .iter()
            .map(|state| state.health)
            .max()
            .unwrap();
        serde_json::from_str(&shown(&board, &names(), "/api/v2/summary.json")).unwrap()
    };
    let told = |summary: &Value| {
        let components = summary["components"].as_array().unwrap();
        let cache = components
            .iter()
            .find(|component| component["name"] == "Cache")
            .unwrap();
        let words = [&cache["status"], &summary["status"]["indicator"]];
        words.map(|word| word.as_str().unwrap().to_owned())
    };
    let disks = &FILES[..1];
    assert_eq!(
        told(&at(disks, "2026-03-01T19:00:00Z")),
        ["operational", "none"]
    );
    assert_eq!(
        told(&at(disks, "2026-03-09T03:00:00Z")),
        ["under_maintenance", "maintenance"]
    );
    let notice = [(
        "2026-03-01-slow.md",
        "---\nsection: issue\ntitle: Slow\ndate: 2026-03-01\nresolved: false\nseverity: notice\naffected: [Cache]\n---\nSlow.\n",
    )];
    assert_eq!(
        told(&at(&notice, "2026-03-01T19:00:00Z")),
        ["degraded_performance", "minor"]
    );
}
