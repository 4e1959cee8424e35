//! Files that come in place of others: another incident is told as one, and one that is
//! only renamed is not.

use super::renamed::{Desk, file};
use crate::model::incident::{Incident, Phase, Update};
use crate::model::verdict::RuleId;
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion::{self, *};
use crate::notify::tests::random::world::{NOW, notifier};

/// A post of a day, as users of cState write it: without any time.
fn post(name: &str, title: &str, place: &str, words: &str) -> Incident {
    let mut post = file(name, false);
    post.title = title.to_owned();
    post.date = "2026-03-01T00:00:00Z".parse().ok();
    post.days.began = "2026-03-01".parse().ok();
    post.affected = vec![place.to_owned()];
    post.updates = vec![Update {
        at: None,
        ..Update::new(post.date.unwrap(), Phase::Investigating, words)
    }];
    post
}

fn mails() -> Incident {
    post("mails", "Mails are slow", "Mails", "They wait.")
}

fn over(incident: &Incident) -> Incident {
    Incident {
        resolved: Some(true),
        ..incident.clone()
    }
}

fn told(occasion: Occasion, name: &str, title: &str) -> (Occasion, String, String) {
    (occasion, name.to_owned(), title.to_owned())
}

/// So late that a file which is away counts as deleted.
fn later() {
    NOW.set(NOW.get() + 3600);
}

#[test]
fn another_incident_of_the_day_is_told_although_the_first_is_deleted() {
    let others = [
        post(
            "payments",
            "Payments fail",
            "Payments",
            "Cards are refused.",
        ),
        // As vague, and at the same place.
        post("payments", "Payments fail", "Mails", "They wait."),
        // The same title elsewhere.
        post(
            "payments",
            "Mails are slow",
            "Payments",
            "Cards are refused.",
        ),
        // A folder may be exchanged for another one.
        post(
            "mails-of-march",
            "Mails are lost",
            "Mails",
            "They are lost.",
        ),
    ];
    for other in others {
        for is_seen in [true, false] {
            let mut desk = Desk::told(&mails());
            if is_seen {
                desk.sees(&[]);
            }
            desk.sees(&[&other]).sees(&[&over(&other)]);
            later();
            desk.sees(&[&over(&other)]);
            let expected = [
                told(Opened, "mails", "Mails are slow"),
                told(Opened, &other.id.0, &other.title),
                told(Resolved, &other.id.0, &other.title),
                told(Withdrawn, "mails", "Mails are slow"),
            ];
            assert_eq!(desk.told, expected, "{}", other.title);
        }
    }
}

#[test]
fn an_old_outage_that_is_written_down_later_is_no_end_of_a_deleted_one() {
    let old = over(&post("old", "Old outage", "Chat", "It was down."));
    let mut desk = Desk::told(&mails());
    desk.sees(&[]).sees(&[&old]);
    assert_eq!(desk.posted, [Opened]);
    later();
    desk.sees(&[&old]);
    assert_eq!(
        desk.told.last(),
        Some(&told(Withdrawn, "mails", "Mails are slow"))
    );
}

#[test]
fn a_file_that_is_renamed_and_edited_stays_the_same_incident() {
    // The title, or words with a time of their own, say that it is.
    let mut titled = post(
        "slow-mails",
        "Mails are slow",
        "Mails",
        "The relay is full.",
    );
    titled.affected.push("Chat".to_owned());
    let mut first = mails();
    first.updates[0].at = "2026-03-01T09:00:00Z".parse().ok();
    let mut worded = first.clone();
    worded.id.0 = "slow-mails".to_owned();
    worded.title = "Mails are lost".to_owned();
    for (told, renamed) in [(mails(), titled), (first, worded)] {
        let mut desk = Desk::told(&told);
        desk.sees(&[]).sees(&[&renamed]).sees(&[&over(&renamed)]);
        later();
        desk.sees(&[&over(&renamed)]);
        assert_eq!(desk.posted, [Opened, Resolved], "{}", renamed.title);
    }
    // What a rule opened at that second is known by both.
    let mut managed = file("mails", false);
    managed.managed.rules = vec![RuleId("mails-wait".to_owned())];
    let mut edited = managed.clone();
    edited.id.0 = "lost-mails".to_owned();
    edited.title = "Mails are lost".to_owned();
    edited.affected = vec!["Chat".to_owned()];
    edited.updates.clear();
    let mut desk = Desk::told(&managed);
    desk.sees(&[&edited]).sees(&[&over(&edited)]);
    assert_eq!(desk.posted, [Opened, Resolved]);
    // Another rule opened another one.
    edited.title = managed.title.clone();
    edited.managed.rules = vec![RuleId("mails-lost".to_owned())];
    let mut desk = Desk::told(&managed);
    desk.sees(&[&edited]);
    assert_eq!(desk.posted, [Opened, Opened]);
}

#[test]
fn what_was_edited_where_it_stood_is_known_by_its_newest_words_when_it_is_renamed() {
    let first = file("mails", false);
    let mut edited = first.clone();
    edited.title = "Mails are lost".to_owned();
    edited.date = "2026-03-01T11:30:00Z".parse().ok();
    let mut renamed = edited.clone();
    renamed.id.0 = "lost-mails".to_owned();
    let mut desk = Desk::told(&first);
    desk.sees(&[&edited])
        .sees(&[&renamed])
        .sees(&[&over(&renamed)]);
    assert_eq!(desk.posted, [Opened, Resolved]);
}

#[test]
fn another_incident_that_gets_the_first_name_of_a_renamed_one_is_told() {
    let first = file("mails", false);
    let mut renamed = first.clone();
    renamed.id.0 = "slow-mails".to_owned();
    let mut other = file("mails", false);
    other.title = "Mails are lost".to_owned();
    other.date = "2026-03-01T13:00:00Z".parse().ok();
    other.updates[0].text = "They are lost.".to_owned();
    for is_seen in [true, false] {
        let mut desk = Desk::told(&first);
        if is_seen {
            desk.sees(&[&renamed]);
        }
        desk.sees(&[&renamed, &other]).sees(&[&renamed, &other]);
        let place = desk.place.path().to_owned();
        desk.notifier = notifier(&place);
        desk.sees(&[&renamed, &over(&other)]);
        desk.sees(&[&over(&renamed), &over(&other)]);
        desk.sees(&[&over(&renamed), &other]);
        let expected = [
            told(Opened, "mails", "Mails are late"),
            told(Opened, "mails-2", "Mails are lost"),
            told(Resolved, "mails-2", "Mails are lost"),
            told(Resolved, "mails", "Mails are late"),
            told(Recurred, "mails-2", "Mails are lost"),
        ];
        assert_eq!(desk.told, expected);
    }
}

#[test]
fn another_incident_that_gets_the_name_of_a_deleted_one_is_told() {
    let first = file("mails", false);
    let mut other = first.clone();
    other.date = "2026-03-01T13:00:00Z".parse().ok();
    other.updates[0].text = "Again they wait.".to_owned();
    let mut desk = Desk::told(&first);
    desk.sees(&[]);
    // That it was away is not forgotten.
    let place = desk.place.path().to_owned();
    desk.notifier = notifier(&place);
    desk.sees(&[&other]);
    later();
    desk.sees(&[&other]).sees(&[&over(&other)]);
    let expected = [
        told(Opened, "mails", "Mails are late"),
        told(Opened, "mails-2", "Mails are late"),
        told(Withdrawn, "mails", "Mails are late"),
        told(Resolved, "mails-2", "Mails are late"),
    ];
    assert_eq!(desk.told, expected);
    // The same one may be away, too, and be edited meanwhile.
    let mut edited = first.clone();
    edited.title = "Mails are lost".to_owned();
    let mut desk = Desk::told(&first);
    desk.sees(&[]).sees(&[&edited]).sees(&[&over(&edited)]);
    assert_eq!(desk.posted, [Opened, Resolved]);
}

#[test]
fn receipts_of_old_versions_are_read_and_followed_by_their_titles() {
    let text = r#"{"stage": "open", "severity": "down", "title": "Mails are slow",
        "began": "2026-03-01T00:00:00Z", "posted": "2026-03-01T12:00:00Z",
        "doubt": {"since": "2026-03-01T12:00:00Z", "occasion": "opened", "mark": "m",
            "key": "k", "times": 1}}"#;
    let receipt: Receipt = serde_json::from_str(text).unwrap();
    assert!(receipt.is_of(&mails()));
    assert!(!receipt.is_of(&post("payments", "Payments fail", "Mails", "They wait.")));
    assert_eq!(receipt.known_began(), mails().date);
}
