//! Refused messages that an operator wants to be sent once more.

use std::sync::Arc;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::facts::notifier_state::Failing;
use crate::model::fixtures;
use crate::model::incident::Incident;
use crate::model::request::receivers::resend::{ResendRefusal, ResendTime};
use crate::notify::message::occasion::Occasion::{self, *};
use crate::notify::message::quiet::QuietHours;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::notifier::Notifier;
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::notify::tests::random::world::{NOW, notifier, now};

type Outcome = fn() -> Result<Delivered, DeliveryError>;

const REFUSED: Outcome = || {
    Err(DeliveryError::Refused {
        reason: "too long".to_owned(),
    })
};

const UNKNOWN: Outcome = || {
    Err(DeliveryError::Unknown {
        reason: "no answer".to_owned(),
    })
};

const TAKEN: Outcome = || Ok(Delivered::default());

fn board(files: &[Incident], reader: bool) -> Board {
    let files = files.iter().cloned().map(Arc::new);
    let facts = Facts {
        incidents: Arc::new(files.collect()),
        reader,
        ..Facts::of(Sight::Unwatched)
    };
    Board::new(now(), [], facts)
}

/// What is sent an hour later, each time with this outcome.
fn sent(notifier: &mut Notifier, files: &[Incident], outcome: Outcome) -> Vec<Occasion> {
    NOW.set(NOW.get() + 3600);
    let board = board(files, false);
    let mut sent = Vec::new();
    for _ in 0..8 {
        let news = notifier.news(&board);
        let due = notifier.note(&news);
        let Some(topic) = due.first().and_then(|id| news.topic(id)) else {
            break;
        };
        let outgoing = notifier.begin(&topic, board.at).unwrap();
        sent.push(outgoing.due.occasion());
        let _ = notifier.settle(&board, &topic, &outgoing, outcome());
    }
    sent
}

/// What holds messages back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hold {
    Nothing,
    QuietHours,
    Failure { paused: bool },
}

/// Quiet hours that are always, but for a minute at night.
fn all_day() -> QuietHours {
    serde_json::from_value("00:01-00:00".into()).unwrap()
}

/// The number of the newest message.
fn newest(notifier: &Notifier) -> i64 {
    notifier.outbox.recent()[0].id
}

#[test]
fn a_refused_message_is_sent_again_when_somebody_asks_for_it_and_once() {
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let open = [fixtures::incident("a")];
    assert_eq!(sent(&mut team, &open, REFUSED), [Opened]);
    assert_eq!(sent(&mut team, &open, REFUSED), []);
    let refused = newest(&team);
    let other = team.resend(&board(&open, false), refused + 1);
    assert_eq!(other, Err(ResendRefusal::Unknown));
    let reading = team.resend(&board(&open, true), refused);
    assert_eq!(reading, Err(ResendRefusal::Reader));
    let gone = team.resend(&board(&[], false), refused);
    assert_eq!(gone, Err(ResendRefusal::Outdated));
    assert_eq!(
        team.resend(&board(&open, false), refused),
        Ok(ResendTime::Now)
    );
    let twice = team.resend(&board(&open, false), refused);
    assert_eq!(twice, Err(ResendRefusal::Outdated));
    // It may be refused once more, and a restart forgets nothing.
    assert_eq!(sent(&mut team, &open, REFUSED), [Opened]);
    let mut team = notifier(place.path());
    let again = newest(&team);
    assert_eq!(
        team.resend(&board(&open, false), again),
        Ok(ResendTime::Now)
    );
    let mut team = notifier(place.path());
    assert_eq!(sent(&mut team, &open, TAKEN), [Opened]);
    assert_eq!(sent(&mut team, &open, TAKEN), []);
    let taken = team.resend(&board(&open, false), newest(&team));
    assert_eq!(taken, Err(ResendRefusal::NotRefused));
}

#[test]
fn an_end_that_was_refused_is_sent_again_and_what_is_out_of_date_is_not() {
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let mut files = [fixtures::incident("a")];
    assert_eq!(sent(&mut team, &files, REFUSED), [Opened]);
    let opened = newest(&team);
    files[0].resolved = Some(true);
    assert_eq!(sent(&mut team, &files, REFUSED), [Missed]);
    let past = team.resend(&board(&files, false), opened);
    assert_eq!(past, Err(ResendRefusal::Outdated));
    let ended = newest(&team);
    assert_eq!(
        team.resend(&board(&files, false), ended),
        Ok(ResendTime::Now)
    );
    assert_eq!(sent(&mut team, &files, TAKEN), [Missed]);
}

#[test]
fn what_may_have_arrived_is_not_sent_twice() {
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    let open = [fixtures::incident("a")];
    assert_eq!(sent(&mut team, &open, UNKNOWN), [Opened]);
    let unknown = team.resend(&board(&open, false), newest(&team));
    assert_eq!(unknown, Err(ResendRefusal::NotRefused));
    assert_eq!(sent(&mut team, &open, REFUSED), [Opened]);
    let refused = team.resend(&board(&open, false), newest(&team));
    assert_eq!(refused, Err(ResendRefusal::Arrived));
    // Other words by then change nothing about the first try.
    let place = tempfile::tempdir().unwrap();
    let mut team = notifier(place.path());
    assert_eq!(sent(&mut team, &open, UNKNOWN), [Opened]);
    let mut retitled = open;
    retitled[0].title = "Other words".to_owned();
    assert_eq!(sent(&mut team, &retitled, REFUSED), [Opened]);
    let refused = team.resend(&board(&retitled, false), newest(&team));
    assert_eq!(refused, Err(ResendRefusal::Arrived));
}

#[test]
fn whoever_sends_again_is_told_when_it_is_sent() {
    for (hold, expected) in [
        (Hold::Nothing, ResendTime::Now),
        (Hold::QuietHours, ResendTime::AfterQuietHours),
        (Hold::Failure { paused: false }, ResendTime::AfterFailure),
        (Hold::Failure { paused: true }, ResendTime::AfterReload),
    ] {
        let place = tempfile::tempdir().unwrap();
        let mut team = notifier(place.path());
        let mut open = [fixtures::incident("a")];
        open[0].severity = Some(Severity::Disrupted);
        assert_eq!(sent(&mut team, &open, REFUSED), [Opened]);
        match hold {
            Hold::Nothing => {}
            Hold::QuietHours => team.rules.quiet_hours = Some(all_day()),
            Hold::Failure { paused } => {
                team.progress.failing = Some(Failing {
                    since: now(),
                    reason: "no answer".to_owned(),
                    paused,
                });
            }
        }
        let refused = newest(&team);
        assert_eq!(team.resend(&board(&open, false), refused), Ok(expected));
        if hold == Hold::QuietHours {
            assert_eq!(sent(&mut team, &open, TAKEN), []);
            team.rules = ReceiverRules::default();
        }
        assert_eq!(sent(&mut team, &open, TAKEN), [Opened]);
    }
}
