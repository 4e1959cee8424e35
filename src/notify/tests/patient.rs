//! Messages that wait: for the remote side, for the end of quiet hours, for a better clock.

use std::sync::Arc;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::finding::{Finding, Weight};
use crate::model::fixtures;
use crate::model::incident::Incident;
use crate::notify::message::occasion::Occasion::{self, *};
use crate::notify::notifier::Notifier;
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::notify::tests::random::world::{NOW, notifier, now};

fn board(files: &[Incident], unreadable: &[&str]) -> Board {
    let files = files.iter().cloned().map(Arc::new);
    let faults = unreadable.iter().map(|file| Finding {
        weight: Weight::Fault,
        kind: "unreadable",
        file: (*file).to_owned(),
        line: None,
        column: None,
        message: String::new(),
        fix: None,
    });
    let facts = Facts {
        incidents: Arc::new(files.collect()),
        faults: Arc::new(faults.collect()),
        ..Facts::of(Sight::Unwatched)
    };
    Board::new(now(), [], facts)
}

fn later(seconds: i64) {
    NOW.set(NOW.get() + seconds);
}

/// What is due and sent on a board, each time with this outcome.
fn sent(team: &mut Notifier, board: &Board, taken: bool) -> Vec<Occasion> {
    let mut sent = Vec::new();
    for _ in 0..8 {
        let news = team.news(board);
        let due = team.note(&news);
        let Some(topic) = due.first().and_then(|id| news.topic(id)) else {
            break;
        };
        let outgoing = team.begin(&topic, board.at).unwrap();
        sent.push(outgoing.due.occasion());
        let outcome = if taken {
            Ok(Delivered::default())
        } else {
            Err(DeliveryError::Later {
                reason: "busy".to_owned(),
                pause: None,
            })
        };
        let rest = team.settle(board, &topic, &outgoing, outcome);
        if rest.is_some() {
            break;
        }
    }
    sent
}

fn open(severity: Severity) -> Incident {
    Incident {
        severity: Some(severity),
        resolved: Some(false),
        ..fixtures::incident("a")
    }
}

fn over(incident: &Incident) -> Incident {
    Incident {
        resolved: Some(true),
        ..incident.clone()
    }
}

#[test]
fn a_clock_that_leaps_gives_nothing_up_and_pauses_nothing() {
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let outage = [open(Severity::Down)];
    for _ in 0..3 {
        assert_eq!(sent(&mut team, &board(&outage, &[]), false), [Opened]);
    }
    later(400 * 86_400);
    assert_eq!(sent(&mut team, &board(&outage, &[]), false), [Opened]);
    assert!(!team.is_paused());
    assert_eq!(sent(&mut team, &board(&outage, &[]), true), [Opened]);
    // Whoever was tried again and again for a day is left alone.
    let another = [
        open(Severity::Down),
        Incident {
            resolved: Some(false),
            ..fixtures::incident("b")
        },
    ];
    let mut tries = 0;
    while !sent(&mut team, &board(&another, &[]), false).is_empty() {
        later(3600);
        tries += 1;
        assert!(tries < 40, "it is tried for ever");
    }
    assert!(tries >= 20, "{tries}");
}

#[test]
fn what_got_worse_is_tried_as_often_as_what_is_new() {
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let mild = [open(Severity::Notice)];
    assert_eq!(sent(&mut team, &board(&mild, &[]), true), [Opened]);
    let worse = [open(Severity::Disrupted)];
    for _ in 0..19 {
        later(86_400);
        assert_eq!(sent(&mut team, &board(&worse, &[]), false), [Worse]);
    }
    let ended = [over(&worse[0])];
    for _ in 0..19 {
        assert_eq!(sent(&mut team, &board(&ended, &[]), false), [Resolved]);
    }
    assert_eq!(sent(&mut team, &board(&ended, &[]), true), [Resolved]);
}

#[test]
fn quiet_hours_lose_nothing_that_waits_and_hold_no_end_of_what_was_down() {
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let quiet = serde_json::from_value("00:01-00:00".into()).ok();
    let mild = [open(Severity::Disrupted)];
    assert_eq!(sent(&mut team, &board(&mild, &[]), false), [Opened]);
    let ended = [over(&mild[0])];
    assert_eq!(sent(&mut team, &board(&ended, &[]), false), [Missed]);
    team.rules.quiet_hours = quiet;
    assert_eq!(sent(&mut team, &board(&ended, &[]), true), []);
    team.rules.quiet_hours = None;
    assert_eq!(sent(&mut team, &board(&ended, &[]), true), [Missed]);
    // An outage that was told as down, and is mild by now, ends aloud.
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let down = [open(Severity::Down)];
    assert_eq!(sent(&mut team, &board(&down, &[]), true), [Opened]);
    team.rules.quiet_hours = quiet;
    let ended = [over(&open(Severity::Notice))];
    assert_eq!(sent(&mut team, &board(&ended, &[]), true), [Resolved]);
}

#[test]
fn a_file_that_was_never_readable_hides_no_deletion_and_a_new_one_may() {
    for (before, after, is_told) in [
        (&["old.md"][..], &["old.md"][..], true),
        // It may be the deleted one under another name.
        (&[], &["new.md"], false),
        (&["old.md"], &["new.md", "old.md"], false),
    ] {
        let place = tempfile::tempdir().unwrap();
        let mut team = notifier(place.path());
        let files = [open(Severity::Down)];
        assert_eq!(sent(&mut team, &board(&files, before), true), [Opened]);
        assert_eq!(sent(&mut team, &board(&[], after), true), []);
        later(601);
        let told = sent(&mut team, &board(&[], after), true);
        assert_eq!(told == [Withdrawn], is_told, "{before:?} {after:?}");
    }
}
