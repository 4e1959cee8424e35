//! What waits for one reader is told in its newest state, once, and never with less than
//! what the reader must know.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::gathered::gathered;
use crate::notify::mail::outgoing::in_hand::{MailInHand, take};
use crate::notify::mail::outgoing::present::PresentState;
use crate::notify::mail::outgoing::{exchange, mails};
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::tests::relayed::office::reader;
use crate::notify::tests::{OPEN, incident, message, nothing_present};
use crate::store;
use crate::store::file::Store;

/// A message of a topic, as it comes to be for an occasion.
fn said(topic: &str, occasion: Occasion) -> Announcement {
    let mut said = message(&incident("2026-03-01-rolls-fail.md", OPEN), occasion, None);
    topic.clone_into(&mut said.name);
    said.withdrawn = occasion == Occasion::Withdrawn;
    said.severity = if occasion == Occasion::Worse {
        Severity::Down
    } else {
        Severity::Disrupted
    };
    said.stage = match occasion {
        Occasion::Resolved | Occasion::Missed => Stage::Over,
        Occasion::Announced | Occasion::Upcoming | Occasion::Rescheduled => Stage::Scheduled,
        Occasion::Begun | Occasion::Extended => Stage::Begun,
        Occasion::Completed => Stage::Completed,
        Occasion::Cancelled => Stage::Cancelled,
        _ => Stage::Open,
    };
    said
}

#[test]
fn of_all_that_waits_the_newest_is_told_for_a_reason_that_the_reader_understands() {
    use Occasion::{
        Announced, Begun, Cancelled, Completed, Extended, Missed, Opened, Recurred, Reminder,
        Rescheduled, Resolved, Upcoming, Update, Withdrawn, Worse,
    };
    let told = |occasions: &[Occasion], knows| {
        let waiting = occasions.iter().map(|one| said("a", *one)).collect();
        gathered(waiting, knows).map(|told| told.occasion)
    };
    for (waiting, to_strangers) in [
        (&[Opened][..], Some(Opened)),
        (&[Opened, Update], Some(Opened)),
        (&[Opened, Worse, Reminder], Some(Opened)),
        (&[Opened, Resolved], Some(Missed)),
        (&[Opened, Resolved, Recurred], Some(Opened)),
        (&[Opened, Resolved, Recurred, Resolved], Some(Missed)),
        (&[Opened, Withdrawn], None),
        (&[Opened, Resolved, Withdrawn], None),
        (&[Announced, Rescheduled, Upcoming], Some(Announced)),
        (&[Announced, Upcoming, Begun], Some(Begun)),
        (&[Announced, Begun, Completed], Some(Completed)),
        (&[Announced, Cancelled], None),
    ] {
        assert_eq!(told(waiting, false), to_strangers, "{waiting:?}");
    }
    for (waiting, to_others) in [
        (&[Update][..], Update),
        (&[Update, Worse], Worse),
        (&[Worse, Reminder], Reminder),
        (&[Reminder, Reminder], Reminder),
        (&[Update, Reminder], Update),
        (&[Update, Resolved], Resolved),
        (&[Resolved, Recurred], Update),
        (&[Resolved, Recurred, Resolved], Resolved),
        (&[Recurred, Update], Recurred),
        (&[Recurred, Resolved], Missed),
        (&[Resolved, Withdrawn], Withdrawn),
        (&[Rescheduled, Upcoming], Rescheduled),
        (&[Upcoming, Begun, Extended], Begun),
        (&[Begun, Completed], Completed),
        (&[Rescheduled, Cancelled], Cancelled),
    ] {
        assert_eq!(told(waiting, true), Some(to_others), "{waiting:?}");
    }
}

/// The mails of one reader in a database.
struct Mailbox {
    _place: tempfile::TempDir,
    store: Store,
    keys: usize,
    present: PresentState,
}

impl Mailbox {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let store = store::open(place.path()).unwrap();
        let mia = reader("mia@example.net").recipient();
        Self {
            _place: place,
            store,
            keys: 0,
            present: PresentState {
                recipients: Arc::new([("team".to_owned(), [mia].into())].into()),
                ..nothing_present()
            },
        }
    }

    fn put(&mut self, topic: &str, occasion: Occasion, now: Timestamp) {
        self.keys += 1;
        let mail = Mail {
            key: format!("team/{topic}/{}", self.keys),
            notifier: "team".to_owned(),
            topic: Some(topic.to_owned()),
            content: MailContent::Announcement(Box::new(said(topic, occasion))),
        };
        let mia = reader("mia@example.net");
        mails::add_personal(&self.store, &mail, mia, now).unwrap();
    }

    fn take(&self, now: Timestamp) -> Option<MailInHand> {
        let mut taken = take(&self.store, 8, &self.present, now).unwrap();
        assert!(taken.len() < 2, "two mails of one reader at once");
        taken.pop()
    }

    fn answer(&self, mail: &MailInHand, answer: &RelayAnswer, now: Timestamp) {
        exchange::note(&self.store, mail, answer, now).unwrap();
    }

    /// Takes the next mail and hands it over; tells its occasions by topics.
    fn hand_over(&self, now: Timestamp) -> Vec<(String, Occasion)> {
        let mail = self.take(now).unwrap();
        self.answer(&mail, &RelayAnswer::Taken, now);
        let told = messages(&mail).into_iter();
        told.map(|one| (one.name, one.occasion)).collect()
    }

    fn states(&self) -> Vec<String> {
        let mut rows = self.store.prepare("SELECT state FROM mailing ORDER BY id");
        let rows = rows.as_mut().unwrap().query_map([], |row| row.get(0));
        rows.unwrap().map(Result::unwrap).collect()
    }
}

fn messages(mail: &MailInHand) -> Vec<Announcement> {
    match &mail.mail.content {
        MailContent::Announcement(message) => vec![(**message).clone()],
        MailContent::Digest(messages) => messages.clone(),
        other => panic!("{other:?}"),
    }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

fn later() -> RelayAnswer {
    RelayAnswer::Later("451 later".to_owned())
}

fn unknown() -> RelayAnswer {
    RelayAnswer::Unknown("the connection broke".to_owned())
}

#[test]
fn an_outage_that_ended_while_the_relay_was_away_is_one_mail() {
    let mut box_of_mia = Mailbox::new();
    for occasion in [Occasion::Opened, Occasion::Update, Occasion::Resolved] {
        box_of_mia.put("a", occasion, at(0));
    }
    let told = box_of_mia.hand_over(at(1));
    assert_eq!(told, [("a".to_owned(), Occasion::Missed)]);
    assert_eq!(box_of_mia.states(), ["sent", "sent", "sent"]);
    assert!(box_of_mia.take(at(2)).is_none());
}

#[test]
fn what_was_withdrawn_before_anybody_got_it_is_not_told() {
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("a", Occasion::Opened, at(0));
    box_of_mia.put("b", Occasion::Opened, at(0));
    box_of_mia.put("a", Occasion::Withdrawn, at(0));
    assert!(box_of_mia.take(at(1)).is_none());
    assert_eq!(box_of_mia.states(), ["superseded", "due", "superseded"]);
    let told = box_of_mia.hand_over(at(1));
    assert_eq!(told, [("b".to_owned(), Occasion::Opened)]);
}

#[test]
fn what_may_have_arrived_is_repeated_as_it_was_and_holds_up_only_its_own_topic() {
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("a", Occasion::Opened, at(0));
    box_of_mia.put("a", Occasion::Update, at(0));
    let first = box_of_mia.take(at(0)).unwrap();
    box_of_mia.answer(&first, &unknown(), at(0));
    box_of_mia.put("a", Occasion::Resolved, at(1));
    for other in ["b", "c", "d", "e"] {
        box_of_mia.put(other, Occasion::Opened, at(1));
    }
    assert_eq!(box_of_mia.hand_over(at(1)).len(), 4, "a digest without it");
    assert!(box_of_mia.take(at(1)).is_none());
    let again = box_of_mia.take(at(30)).unwrap();
    assert_eq!((&again.mail, &again.name), (&first.mail, &first.name));
    box_of_mia.answer(&again, &RelayAnswer::Taken, at(30));
    let told = box_of_mia.hand_over(at(30));
    assert_eq!(told, [("a".to_owned(), Occasion::Resolved)]);
}

#[test]
fn a_digest_that_may_have_arrived_is_repeated_as_it_was() {
    let mut box_of_mia = Mailbox::new();
    for topic in ["a", "b", "c", "d"] {
        box_of_mia.put(topic, Occasion::Opened, at(0));
    }
    let first = box_of_mia.take(at(0)).unwrap();
    assert_eq!(messages(&first).len(), 4);
    box_of_mia.answer(&first, &unknown(), at(0));
    box_of_mia.put("a", Occasion::Resolved, at(1));
    box_of_mia.put("e", Occasion::Opened, at(1));
    let told = box_of_mia.hand_over(at(1));
    assert_eq!(told, [("e".to_owned(), Occasion::Opened)]);
    let again = box_of_mia.take(at(30)).unwrap();
    assert_eq!((&again.mail, &again.name), (&first.mail, &first.name));
    box_of_mia.answer(&again, &RelayAnswer::Taken, at(30));
    let told = box_of_mia.hand_over(at(30));
    assert_eq!(told, [("a".to_owned(), Occasion::Resolved)]);
}

#[test]
fn a_mail_that_the_relay_defers_holds_up_no_other_incident() {
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("a", Occasion::Opened, at(0));
    let deferred = box_of_mia.take(at(0)).unwrap();
    box_of_mia.answer(&deferred, &later(), at(0));
    box_of_mia.put("b", Occasion::Opened, at(0));
    let told = box_of_mia.hand_over(at(0));
    assert_eq!(told, [("b".to_owned(), Occasion::Opened)]);
    box_of_mia.put("a", Occasion::Resolved, at(0));
    let told = box_of_mia.hand_over(at(1));
    assert_eq!(told, [("a".to_owned(), Occasion::Missed)]);
}

/// A page whose only incident is a file with such a text.
fn page(text: &str) -> Arc<Board> {
    let file = incident("2026-03-01-rolls-fail.md", text);
    let mut facts = Facts::of(Sight::Unwatched);
    facts.incidents = Arc::new([file].into_iter().map(Arc::new).collect());
    Arc::new(Board::new(at(1), [], facts))
}

#[test]
fn a_mail_that_waits_is_corrected_and_repeated_with_the_correction() {
    let corrected = OPEN
        .replace("The cache is full.", "The disk is full.")
        .replace("severity: down", "severity: disrupted");
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("2026-03-01-rolls-fail", Occasion::Opened, at(0));
    box_of_mia.present.board = page(&corrected);
    let first = box_of_mia.take(at(1)).unwrap();
    assert_eq!(messages(&first)[0].updates[1].text, "The disk is full.");
    box_of_mia.answer(&first, &unknown(), at(1));
    let again = box_of_mia.take(at(30)).unwrap();
    assert_eq!((&again.mail, &again.name), (&first.mail, &first.name));
    // Of what is new another message tells: it is worse, or another incident.
    for other in [
        corrected.replace("severity: disrupted", "severity: down"),
        corrected
            .replace("title: \"Rolls", "title: \"All")
            .replace("01T18:48", "02T18:48"),
        corrected.replace("18:55:00", "18:56:00"),
    ] {
        let mut box_of_mia = Mailbox::new();
        box_of_mia.put("2026-03-01-rolls-fail", Occasion::Opened, at(0));
        box_of_mia.present.board = page(&other);
        let mail = box_of_mia.take(at(1)).unwrap();
        assert_eq!(
            messages(&mail)[0].updates[1].text,
            "The cache is full.",
            "{other}"
        );
    }
}

#[test]
fn of_very_many_mails_about_one_incident_the_newest_is_sent_and_none_is_left() {
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("a", Occasion::Opened, at(0));
    for minute in 0..250 {
        box_of_mia.put("a", Occasion::Reminder, at(minute));
    }
    box_of_mia.put("b", Occasion::Opened, at(250));
    box_of_mia.put("a", Occasion::Resolved, at(251));
    let mut told = Vec::new();
    for _ in 0..2 {
        let mail = box_of_mia.take(at(252)).unwrap();
        box_of_mia.answer(&mail, &later(), at(252));
    }
    assert!(box_of_mia.take(at(252)).is_none(), "both wait");
    for _ in 0..2 {
        told.extend(box_of_mia.hand_over(at(260)));
    }
    let (a, b) = ("a".to_owned(), "b".to_owned());
    told.sort();
    assert_eq!(told, [(a, Occasion::Missed), (b, Occasion::Opened)]);
    assert!(!box_of_mia.states().contains(&"due".to_owned()));
}

#[test]
fn a_digest_that_is_deferred_stays_one() {
    let mut box_of_mia = Mailbox::new();
    for topic in ["a", "b", "c", "d"] {
        box_of_mia.put(topic, Occasion::Opened, at(0));
    }
    let first = box_of_mia.take(at(0)).unwrap();
    box_of_mia.answer(&first, &later(), at(0));
    assert_eq!(box_of_mia.hand_over(at(1)).len(), 4);
}

#[test]
fn a_recipient_who_was_removed_gets_nothing_more() {
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("a", Occasion::Opened, at(0));
    box_of_mia.present.recipients = Arc::default();
    assert!(box_of_mia.take(at(1)).is_none());
    assert_eq!(box_of_mia.states(), ["superseded"]);
}

/// Rows of long ago are gone, and with them who got them.
#[test]
fn what_is_called_off_is_told_to_whoever_may_know_of_it() {
    let mut box_of_mia = Mailbox::new();
    box_of_mia.put("a", Occasion::Rescheduled, at(0));
    box_of_mia.put("a", Occasion::Cancelled, at(0));
    let told = box_of_mia.hand_over(at(1));
    assert_eq!(told, [("a".to_owned(), Occasion::Cancelled)]);
}

/// What happens to a topic next.
fn next(topic: Option<Occasion>, dice: u8) -> Occasion {
    match topic {
        None => Occasion::Opened,
        Some(Occasion::Resolved) if dice < 60 => Occasion::Withdrawn,
        Some(Occasion::Resolved | Occasion::Withdrawn) => Occasion::Recurred,
        Some(_) => match dice {
            0..60 => Occasion::Update,
            60..90 => Occasion::Worse,
            90..120 => Occasion::Withdrawn,
            _ => Occasion::Resolved,
        },
    }
}

/// What a reader got, by the names of messages: a mailbox drops copies.
#[derive(Default)]
struct ReadMails {
    seen: BTreeMap<String, Vec<Announcement>>,
    told: BTreeMap<String, Occasion>,
}

impl ReadMails {
    fn read(&mut self, mail: &MailInHand) {
        let messages = messages(mail);
        if let Some(before) = self.seen.get(&mail.name.own) {
            assert_eq!(before, &messages, "two mails of one name");
            return;
        }
        for message in &messages {
            let before = self.told.insert(message.name.clone(), message.occasion);
            let is_told = !matches!(before, None | Some(Occasion::Withdrawn));
            let is_new = match message.occasion {
                Occasion::Opened | Occasion::Missed | Occasion::Recurred => true,
                // It came back and went again, unseen.
                Occasion::Withdrawn => before == Some(Occasion::Withdrawn),
                _ => false,
            };
            assert!(is_told || is_new, "{before:?}, then {:?}", message.occasion);
        }
        self.seen.insert(mail.name.own.clone(), messages);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_the_relay_does_every_reader_ends_with_the_truth(
        acts in proptest::collection::vec((0_u8..8, 0_u8..5, any::<u8>()), 1..60),
    ) {
        let (mut mailbox, mut read) = (Mailbox::new(), ReadMails::default());
        let mut topics: BTreeMap<String, Occasion> = BTreeMap::new();
        let mut now = at(0);
        for (act, topic, dice) in acts {
            if act < 4 {
                let topic = format!("incident:{topic}");
                let occasion = next(topics.get(&topic).copied(), dice);
                mailbox.put(&topic, occasion, now);
                topics.insert(topic, occasion);
                continue;
            }
            now += SignedDuration::from_secs(i64::from(dice) * 4);
            let Some(mail) = mailbox.take(now) else { continue };
            match act {
                4 | 5 => {
                    read.read(&mail);
                    mailbox.answer(&mail, &RelayAnswer::Taken, now);
                }
                6 => mailbox.answer(&mail, &later(), now),
                _ => {
                    if dice.is_multiple_of(2) {
                        read.read(&mail);
                    }
                    // More doubts, and it is given up.
                    let is_last = mail.rows.iter().any(|row| row.doubts > 1);
                    let answer = if is_last { later() } else { unknown() };
                    mailbox.answer(&mail, &answer, now);
                }
            }
        }
        let is_due = |mailbox: &Mailbox| mailbox.states().iter().any(|state| state == "due");
        let mut rounds = 0;
        while is_due(&mailbox) {
            rounds += 1;
            prop_assert!(rounds < 100, "it goes on and on");
            now += SignedDuration::from_hours(3);
            let Some(mail) = mailbox.take(now) else { continue };
            read.read(&mail);
            mailbox.answer(&mail, &RelayAnswer::Taken, now);
        }
        for (topic, newest) in topics {
            let told = read.told.get(&topic).copied();
            let is_true = match (newest, told) {
                (Occasion::Withdrawn, told) => matches!(told, None | Some(Occasion::Withdrawn)),
                (Occasion::Resolved, told) => {
                    matches!(told, Some(Occasion::Resolved | Occasion::Missed))
                }
                (_, told) => !matches!(
                    told,
                    None | Some(Occasion::Resolved | Occasion::Missed | Occasion::Withdrawn)
                ),
            };
            prop_assert!(is_true, "{topic}: it is {newest:?}, and {told:?} was told");
        }
    }
}
