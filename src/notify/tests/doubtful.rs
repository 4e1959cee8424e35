//! Messages that may have arrived and are sent again at once, until they are out of date.

use std::sync::Arc;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update, WholeDays};
use crate::notify::message::occasion::Occasion::{
    self, Announced, Begun, Cancelled, Completed, Missed, Opened, Recurred, Resolved, Withdrawn,
    Worse,
};
use crate::notify::message::rules::{Audience, Updates};
use crate::notify::notifier::Notifier;
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::notify::tests::random::world::{NOW, notifier, now};

/// How a try ends.
#[derive(Clone, Copy)]
enum TryEnd {
    Taken,
    /// Nothing was sent.
    Unsent,
    /// It may have arrived, and is sent again at once.
    Doubtful,
    /// It may have arrived.
    Unknown,
}

use TryEnd::{Doubtful, Taken, Unknown, Unsent};

struct Teller {
    place: tempfile::TempDir,
    notifier: Notifier,
    files: Vec<Incident>,
    works: Vec<Planned>,
    unwritten: Vec<String>,
}

impl Teller {
    fn new() -> Self {
        NOW.set(0);
        let place = tempfile::tempdir().unwrap();
        let mut teller = Self {
            notifier: notifier(place.path()),
            place,
            files: vec![fixtures::incident("a")],
            works: Vec::new(),
            unwritten: Vec::new(),
        };
        teller.restart();
        teller
    }

    fn restart(&mut self) {
        self.notifier = notifier(self.place.path());
        self.notifier.rules.updates = Some(Updates::Post);
    }

    /// What is sent, and its key.
    fn sent(&mut self, end: TryEnd) -> Option<(Occasion, String)> {
        NOW.set(NOW.get() + 1);
        let facts = Facts {
            incidents: Arc::new(self.files.iter().cloned().map(Arc::new).collect()),
            maintenance: self.works.clone(),
            unwritten: self.unwritten.clone(),
            ..Facts::of(Sight::Unwatched)
        };
        let board = Board::new(now(), [], facts);
        let news = self.notifier.news(&board);
        let due = self.notifier.note(&news);
        let topic = due.first().and_then(|id| news.topic(id))?;
        let outgoing = self.notifier.begin(&topic, board.at)?;
        let (reason, pause) = ("so".to_owned(), None);
        let outcome = match end {
            Taken => Ok(Delivered::default()),
            Unsent => Err(DeliveryError::Later { reason, pause }),
            Doubtful => Err(DeliveryError::Doubtful { reason, pause }),
            Unknown => Err(DeliveryError::Unknown { reason }),
        };
        let _ = self.notifier.settle(&board, &topic, &outgoing, outcome);
        Some((outgoing.due.occasion(), outgoing.key))
    }

    fn occasion(&mut self, end: TryEnd) -> Option<Occasion> {
        self.sent(end).map(|(occasion, _)| occasion)
    }

    fn is_over(&mut self, over: bool) -> &mut Self {
        self.files[0].resolved = Some(over);
        self
    }

    /// A teller that told of an incident and its end.
    fn told() -> Self {
        let mut teller = Self::new();
        assert_eq!(teller.occasion(Taken), Some(Opened));
        assert_eq!(teller.is_over(true).occasion(Taken), Some(Resolved));
        teller
    }
}

#[test]
fn a_recurrence_that_could_not_be_delivered_is_told_with_its_end() {
    for end in [Unsent, Doubtful] {
        let mut teller = Teller::told();
        assert_eq!(teller.is_over(false).occasion(end), Some(Recurred));
        assert_eq!(teller.occasion(end), Some(Recurred));
        assert_eq!(teller.is_over(true).occasion(end), Some(Missed));
        // It is not forgotten.
        teller.restart();
        assert_eq!(teller.occasion(Taken), Some(Missed));
        assert_eq!(teller.occasion(Taken), None);
    }
    // What was told of it ends as usual.
    let mut teller = Teller::told();
    assert_eq!(teller.is_over(false).occasion(Taken), Some(Recurred));
    assert_eq!(teller.is_over(true).occasion(Taken), Some(Resolved));
}

#[test]
fn whatever_may_have_arrived_is_taken_back() {
    let mut teller = Teller::new();
    assert_eq!(teller.occasion(Doubtful), Some(Opened));
    teller.files[0].managed.withdrawn = true;
    assert_eq!(teller.is_over(true).occasion(Taken), Some(Withdrawn));
    // Its file may go.
    let mut teller = Teller::new();
    assert_eq!(teller.occasion(Doubtful), Some(Opened));
    let file = teller.files.remove(0);
    assert_eq!(teller.occasion(Taken), None);
    NOW.set(NOW.get() + 3600);
    assert_eq!(teller.occasion(Taken), Some(Withdrawn));
    // What certainly did not arrive needs no correction.
    let mut teller = Teller::new();
    assert_eq!(teller.occasion(Unsent), Some(Opened));
    teller.files.clear();
    assert_eq!(teller.occasion(Taken), None);
    NOW.set(NOW.get() + 3600);
    assert_eq!(teller.occasion(Taken), None);
    // It may be withdrawn, be open again for a moment, and be withdrawn again.
    let mut teller = Teller::new();
    teller.files = vec![file];
    assert_eq!(teller.occasion(Taken), Some(Opened));
    teller.files[0].managed.withdrawn = true;
    assert_eq!(teller.is_over(true).occasion(Taken), Some(Withdrawn));
    teller.files[0].managed.withdrawn = false;
    assert_eq!(teller.is_over(false).occasion(Doubtful), Some(Recurred));
    teller.files[0].managed.withdrawn = true;
    assert_eq!(teller.is_over(true).occasion(Taken), Some(Withdrawn));
    assert_eq!(teller.occasion(Taken), None);
}

#[test]
fn an_end_that_may_not_have_arrived_is_told_again_although_nothing_is_there_any_more() {
    let mut teller = Teller::new();
    assert_eq!(teller.occasion(Taken), Some(Opened));
    teller.files.clear();
    assert_eq!(teller.occasion(Taken), None);
    NOW.set(NOW.get() + 3600);
    let (occasion, key) = teller.sent(Doubtful).unwrap();
    assert_eq!(occasion, Withdrawn);
    assert_eq!(teller.sent(Taken), Some((Withdrawn, key)));
    assert_eq!(teller.occasion(Taken), None);
    // It was resolved, and its file is deleted then.
    let mut teller = Teller::new();
    assert_eq!(teller.occasion(Taken), Some(Opened));
    assert_eq!(teller.is_over(true).occasion(Doubtful), Some(Resolved));
    teller.files.clear();
    assert_eq!(teller.occasion(Taken), None);
    NOW.set(NOW.get() + 3600);
    assert_eq!(teller.occasion(Taken), Some(Resolved));
    assert_eq!(teller.occasion(Taken), None);
    // What only operators see has no file.
    let mut teller = Teller::new();
    teller.notifier.rules.audience = Audience::Operators;
    teller.files.clear();
    teller.unwritten = vec!["a.md".to_owned()];
    assert_eq!(teller.occasion(Doubtful), Some(Opened));
    teller.unwritten.clear();
    assert_eq!(teller.occasion(Doubtful), Some(Resolved));
    assert_eq!(teller.occasion(Taken), Some(Resolved));
    assert_eq!(teller.occasion(Taken), None);
}

#[test]
fn a_severity_that_may_have_been_told_is_corrected() {
    let mut teller = Teller::new();
    teller.files[0].severity = Some(Severity::Notice);
    assert_eq!(teller.occasion(Taken), Some(Opened));
    teller.files[0].severity = Some(Severity::Down);
    assert_eq!(teller.occasion(Doubtful), Some(Worse));
    teller.files[0].severity = Some(Severity::Notice);
    assert_eq!(teller.occasion(Doubtful), Some(Occasion::Update));
    assert_eq!(teller.occasion(Taken), Some(Occasion::Update));
    assert_eq!(teller.occasion(Taken), None);
    // Whoever may not know of the beginning is told of that, whatever there is to say.
    let mut teller = Teller::new();
    assert_eq!(teller.occasion(Unknown), Some(Opened));
    assert_eq!(teller.occasion(Taken), None);
    let update = Update::new(now(), Phase::Identified, "It is the relay.");
    teller.files[0].updates.push(update);
    assert_eq!(teller.occasion(Taken), Some(Opened));
    assert_eq!(teller.occasion(Taken), None);
    let mut teller = Teller::new();
    teller.files[0].severity = Some(Severity::Notice);
    assert_eq!(teller.occasion(Doubtful), Some(Opened));
    teller.files[0].severity = Some(Severity::Down);
    assert_eq!(teller.occasion(Taken), Some(Opened));
    assert_eq!(teller.occasion(Taken), None);
}

#[test]
fn planned_work_that_may_have_been_announced_or_begun_is_called_off_or_ended() {
    NOW.set(0);
    let from = now();
    let work = |stage| Planned {
        id: fixtures::incident("a").id,
        title: String::new(),
        from,
        until: None,
        days: WholeDays::default(),
        stage,
        components: Vec::new(),
    };
    let announced = (WorkStage::Scheduled, Announced);
    let begun = (WorkStage::InProgress, Begun);
    for (first, last) in [
        (announced, (WorkStage::Cancelled, Cancelled)),
        (announced, (WorkStage::Completed, Completed)),
        (begun, (WorkStage::Cancelled, Cancelled)),
        (begun, (WorkStage::Completed, Completed)),
    ] {
        let mut teller = Teller::new();
        for (stage, occasion) in [first, last] {
            teller.works = vec![work(stage)];
            assert_eq!(teller.occasion(Doubtful), Some(occasion));
        }
        assert_eq!(teller.occasion(Taken), Some(last.1));
        assert_eq!(teller.occasion(Taken), None);
        // It may go on once more, while nothing can be delivered.
        teller.works = vec![work(WorkStage::InProgress)];
        assert_eq!(teller.occasion(Unsent), Some(Begun));
        teller.works = vec![work(WorkStage::Completed)];
        assert_eq!(teller.occasion(Taken), Some(Completed));
        assert_eq!(teller.occasion(Taken), None);
    }
}

#[test]
fn a_message_has_one_key_over_all_tries_and_another_message_has_another() {
    let mut teller = Teller::told();
    teller.is_over(false);
    let (_, first) = teller.sent(Doubtful).unwrap();
    assert_eq!(teller.sent(Unsent).unwrap().1, first);
    teller.restart();
    assert_eq!(teller.sent(Doubtful).unwrap().1, first);
    // With other words it is another message, or they would be taken for known.
    teller.files[0].title = "Other words".to_owned();
    let (_, second) = teller.sent(Doubtful).unwrap();
    assert_ne!(first, second);
    assert_eq!(teller.sent(Doubtful).unwrap().1, second);
    let (occasion, third) = teller.is_over(true).sent(Taken).unwrap();
    assert_eq!(occasion, Missed);
    assert!(third != first && third != second);
}
