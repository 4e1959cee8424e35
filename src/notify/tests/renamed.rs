//! Files that get another name while they are told of: one incident, one conversation.

use std::sync::Arc;

use crate::model::board::{Board, Facts, Sight};
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update};
use crate::notify::message::due::DueMessage;
use crate::notify::message::occasion::Occasion::{self, *};
use crate::notify::notifier::Notifier;
use crate::notify::sending::delivery::Delivered;
use crate::notify::tests::random::world::{NOW, notifier, now};

/// A notifier whose messages all arrive, and what it posted.
pub(super) struct Desk {
    pub(super) place: tempfile::TempDir,
    pub(super) notifier: Notifier,
    pub(super) posted: Vec<Occasion>,
    /// Of each message that was posted: why, of which conversation, about what.
    pub(super) told: Vec<(Occasion, String, String)>,
    sent: usize,
}

impl Desk {
    /// A desk that told of an incident.
    pub(super) fn told(file: &Incident) -> Self {
        NOW.set(0);
        let place = tempfile::tempdir().unwrap();
        let mut desk = Self {
            notifier: notifier(place.path()),
            place,
            posted: Vec::new(),
            told: Vec::new(),
            sent: 0,
        };
        desk.sees(&[file]);
        assert_eq!(desk.posted, [Opened]);
        desk
    }

    /// Sends all that is due while these files are there, a minute later.
    pub(super) fn sees(&mut self, files: &[&Incident]) -> &mut Self {
        NOW.set(NOW.get() + 60);
        let files = files.iter().map(|file| Arc::new(Incident::clone(file)));
        let facts = Facts {
            incidents: Arc::new(files.collect()),
            ..Facts::of(Sight::Unwatched)
        };
        let board = Board::new(now(), [], facts);
        for _ in 0..8 {
            let news = self.notifier.news(&board);
            let due = self.notifier.note(&news);
            let Some(topic) = due.first().and_then(|id| news.topic(id)) else {
                break;
            };
            let outgoing = self.notifier.begin(&topic, board.at).unwrap();
            self.sent += 1;
            if let DueMessage::Post(occasion) = outgoing.due {
                self.posted.push(occasion);
                let message = &outgoing.message;
                let about = (message.name.clone(), message.title.clone());
                self.told.push((occasion, about.0, about.1));
            }
            let edited = outgoing.due.edited().map(str::to_owned);
            let delivered = Delivered {
                message: Some(edited.unwrap_or_else(|| self.sent.to_string())),
                thread: None,
            };
            let settled = self
                .notifier
                .settle(&board, &topic, &outgoing, Ok(delivered));
            assert_eq!(settled, None);
        }
        self
    }
}

/// An incident as a person writes it.
pub(super) fn file(name: &str, resolved: bool) -> Incident {
    let began = "2026-03-01T12:00:00Z".parse().unwrap();
    let words = Update::new(began, Phase::Investigating, "They wait.".to_owned());
    Incident {
        title: "Mails are late".to_owned(),
        date: Some(began),
        resolved: Some(resolved),
        affected: vec!["Mails".to_owned()],
        updates: vec![words],
        ..fixtures::incident(name)
    }
}

fn files() -> [Incident; 4] {
    [
        file("mails", false),
        file("mails", true),
        file("slow-mails", false),
        file("slow-mails", true),
    ]
}

#[test]
fn a_copy_that_comes_before_its_original_goes_is_not_told_anew() {
    let [old, old_over, new, new_over] = &files();
    let mut desk = Desk::told(old);
    desk.sees(&[old, new]).sees(&[new]).sees(&[new_over]);
    assert_eq!(desk.posted, [Opened, Resolved]);
    // It may end meanwhile, in either.
    for both in [[old, new_over], [old_over, new]] {
        let mut desk = Desk::told(old);
        desk.sees(&both).sees(&[new_over]).sees(&[new_over]);
        assert_eq!(desk.posted, [Opened, Resolved]);
    }
    // Or it gets another title at once.
    let mut titled = new.clone();
    titled.title = "Mails are lost".to_owned();
    let mut desk = Desk::told(old);
    desk.sees(&[old, &titled]).sees(&[&titled]);
    assert_eq!(desk.posted, [Opened]);
}

/// Everybody begins with "We are looking into it."
#[test]
fn an_incident_that_shares_its_first_words_with_another_is_told_when_both_stay() {
    let [old, _, new, _] = &files();
    let mut other = new.clone();
    other.title = "Mails are lost".to_owned();
    let mut desk = Desk::told(old);
    for _ in 0..3 {
        desk.sees(&[old, &other]);
    }
    assert_eq!(desk.posted, [Opened, Opened]);
}

#[test]
fn an_end_that_is_written_under_the_old_name_is_told_once() {
    let [old, old_over, new, new_over] = &files();
    let mut desk = Desk::told(old);
    desk.sees(&[new])
        .sees(&[old_over, new])
        .sees(&[new])
        .sees(&[new_over]);
    assert_eq!(desk.posted, [Opened, Resolved]);
    let mut desk = Desk::told(old);
    desk.sees(&[new]).sees(&[old_over, new]).sees(&[old_over]);
    assert_eq!(desk.posted, [Opened, Resolved]);
    desk.sees(&[old_over, new_over]).sees(&[new_over]);
    assert_eq!(desk.posted, [Opened, Resolved]);
}

#[test]
fn a_file_that_is_away_for_a_while_is_known_by_its_new_name() {
    let [old, old_over, new, new_over] = &files();
    let mut desk = Desk::told(old);
    desk.sees(&[]).sees(&[new]).sees(&[]).sees(&[old]);
    desk.sees(&[]).sees(&[new]).sees(&[new_over]).sees(&[]);
    assert_eq!(desk.posted, [Opened, Resolved]);
    // What is over may be renamed, and recur.
    desk.sees(&[old_over]).sees(&[new]).sees(&[new_over]);
    assert_eq!(desk.posted, [Opened, Resolved, Recurred, Resolved]);
    let mut desk = Desk::told(old);
    desk.sees(&[old_over]).sees(&[new]).sees(&[new_over]);
    assert_eq!(desk.posted, [Opened, Resolved, Recurred, Resolved]);
}

#[test]
fn a_renamed_file_stays_the_same_whatever_is_written_into_it_and_over_a_restart() {
    let [old, _, new, _] = &files();
    let mut desk = Desk::told(old);
    desk.sees(&[new]);
    let place = desk.place.path().to_owned();
    desk.notifier = notifier(&place);
    let mut other = new.clone();
    other.title = "Mails are lost".to_owned();
    other.date = "2026-03-01T11:00:00Z".parse().ok();
    desk.sees(&[&other]);
    other.resolved = Some(true);
    desk.sees(&[&other]).sees(&[&other]);
    assert_eq!(desk.posted, [Opened, Resolved]);
}

#[test]
fn another_incident_is_told_whatever_it_shares_with_the_first() {
    let [old, old_over, new, new_over] = &files();
    let changes: [fn(&mut Incident); 3] = [
        |file| file.date = "2026-03-01T13:00:00Z".parse().ok(),
        |file| file.affected = vec!["Chat".to_owned()],
        |file| {
            file.title = "Nothing arrives".to_owned();
            file.updates.clear();
        },
    ];
    for change in changes {
        let mut other = new.clone();
        change(&mut other);
        let mut desk = Desk::told(old);
        desk.sees(&[old, &other]);
        assert_eq!(desk.posted, [Opened, Opened]);
    }
    // Two outages of one day, of which people wrote no time.
    let day = |mut file: Incident, words: &str| {
        file.days.began = "2026-03-01".parse().ok();
        file.updates[0].text = words.to_owned();
        file
    };
    let here = day(old.clone(), "The first site is cut off.");
    let there = day(new.clone(), "The second site is cut off, too.");
    let there_over = day(new_over.clone(), "The second site is cut off, too.");
    let mut desk = Desk::told(&here);
    desk.sees(&[&here, &there]).sees(&[&here, &there_over]);
    assert_eq!(desk.posted, [Opened, Opened, Resolved]);
    // What is over and deleted does not go on as another outage of its day.
    let mut other = day(new.clone(), "Another.");
    other.title = "Nothing arrives".to_owned();
    let mut desk = Desk::told(old);
    desk.sees(&[old_over]).sees(&[]).sees(&[&other]);
    assert_eq!(desk.posted, [Opened, Resolved, Opened]);
    // It may get the first name of what has another one by now.
    let mut other = old.clone();
    other.date = "2026-03-01T13:00:00Z".parse().ok();
    let mut desk = Desk::told(old);
    desk.sees(&[new])
        .sees(&[new_over])
        .sees(&[new_over, &other]);
    assert_eq!(desk.posted, [Opened, Resolved, Recurred]);
}
