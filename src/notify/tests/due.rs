//! What is due: what is, compared with what was announced.

use jiff::{SignedDuration, Timestamp};

use crate::model::component::Severity;
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update};
use crate::notify::message::due::{DueMessage, Manner};
use crate::notify::message::known::after::{Fate, SentMessage, after};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion::{self, *};
use crate::notify::message::operations::Operation;
use crate::notify::message::rules::{Audience, ReceiverRules, Updates};
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::{Source, Topic, TopicId};
use crate::notify::sending::delivery::Delivered;

/// A receiver and what it was told.
struct Receiver {
    rules: ReceiverRules,
    updates: Updates,
    receipt: Option<Receipt>,
    now: Timestamp,
    posts: usize,
}

impl Receiver {
    fn new(updates: Updates) -> Self {
        Self {
            rules: ReceiverRules::default(),
            updates,
            receipt: None,
            now: "2026-03-01T12:00:00Z".parse().unwrap(),
            posts: 0,
        }
    }

    fn due(&self, topic: &Topic<'_>, tried: bool) -> Option<DueMessage> {
        let manner = Manner {
            rules: &self.rules,
            updates: self.updates,
        };
        let mark = || format!("{:?} {:?}", topic.stage, topic.newest_update());
        let waiting = tried.then_some(Opened);
        manner.due(topic, self.receipt.as_ref(), waiting, &mark, self.now)
    }

    /// Sends what is due, and says what it was.
    fn send(&mut self, topic: &Topic<'_>, fate: Fate) -> Option<DueMessage> {
        let due = self.due(topic, false)?;
        self.posts += 1;
        let sent = SentMessage {
            due: due.clone(),
            delivered: Delivered {
                message: (fate == Fate::Taken).then(|| format!("m{}", self.posts)),
                thread: None,
            },
            key: String::new(),
            mark: format!("{:?} {:?}", topic.stage, topic.newest_update()),
            at: self.now,
            fate,
        };
        let before = self.receipt.take();
        self.receipt = Some(after(topic, before, sent, &self.rules));
        Some(due)
    }

    fn later(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }
}

fn incident(severity: Severity, resolved: bool) -> Incident {
    Incident {
        severity: Some(severity),
        resolved: Some(resolved),
        ..fixtures::incident("a")
    }
}

fn post(occasion: Occasion) -> DueMessage {
    DueMessage::Post(occasion)
}

fn edit(id: &str) -> DueMessage {
    DueMessage::Edit(id.to_owned())
}

#[test]
fn an_incident_is_announced_once_for_each_turn_that_it_takes() {
    use Severity::{Disrupted, Down, Notice};
    let mut receiver = Receiver::new(Updates::Off);
    for (severity, resolved, due) in [
        (Disrupted, false, Some(post(Opened))),
        (Disrupted, false, None),
        (Notice, false, None),
        (Down, false, Some(post(Worse))),
        (Down, false, None),
        (Down, true, Some(post(Resolved))),
        (Down, true, None),
        (Disrupted, false, Some(post(Recurred))),
        (Disrupted, false, None),
        (Down, false, Some(post(Worse))),
        (Down, true, Some(post(Resolved))),
    ] {
        let incident = incident(severity, resolved);
        let topic = Topic::incident(&incident).unwrap();
        assert_eq!(
            receiver.send(&topic, Fate::Taken),
            due,
            "{severity} {resolved}"
        );
    }
    let mut withdrawn = incident(Down, true);
    withdrawn.managed.withdrawn = true;
    let topic = Topic::incident(&withdrawn).unwrap();
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Withdrawn)));
    assert_eq!(receiver.send(&topic, Fate::Taken), None);
}

#[test]
fn what_got_better_and_then_worse_again_is_told_to_whoever_heard_of_both() {
    for (updates, better, worse) in [
        (Updates::Post, Some(post(Update)), Some(post(Worse))),
        (Updates::Edit, Some(edit("m1")), Some(post(Worse))),
        // Whoever was told that it is down, and of nothing since, knows.
        (Updates::Off, None, None),
    ] {
        let mut receiver = Receiver::new(updates);
        let mut outage = incident(Severity::Down, false);
        let topic = Topic::incident(&outage).unwrap();
        assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Opened)));
        receiver.later(60);
        outage.severity = Some(Severity::Disrupted);
        outage.updates = vec![Update::new(receiver.now, Phase::Identified, "Less.")];
        let topic = Topic::incident(&outage).unwrap();
        assert_eq!(receiver.send(&topic, Fate::Taken), better);
        receiver.later(60);
        outage.severity = Some(Severity::Down);
        let topic = Topic::incident(&outage).unwrap();
        assert_eq!(receiver.send(&topic, Fate::Taken), worse);
    }
}

#[test]
fn what_a_receiver_does_not_want_is_not_told_when_it_recurs_either() {
    let mut receiver = Receiver::new(Updates::Off);
    receiver.rules.severity = Some(Severity::Down);
    for (severity, resolved, due) in [
        (Severity::Down, false, Some(post(Opened))),
        (Severity::Disrupted, false, None),
        (Severity::Disrupted, true, Some(post(Resolved))),
        (Severity::Disrupted, false, None),
        (Severity::Down, false, Some(post(Recurred))),
    ] {
        let outage = incident(severity, resolved);
        let topic = Topic::incident(&outage).unwrap();
        assert_eq!(receiver.send(&topic, Fate::Taken), due, "{severity}");
    }
}

#[test]
fn an_incident_that_becomes_a_mere_post_is_told_to_its_end() {
    let mut receiver = Receiver::new(Updates::Off);
    let mut told = incident(Severity::Down, false);
    told.informational = true;
    let due = receiver.send(&Topic::incident(&told).unwrap(), Fate::Taken);
    assert_eq!(due, None);
    told.informational = false;
    let due = receiver.send(&Topic::incident(&told).unwrap(), Fate::Taken);
    assert_eq!(due, Some(post(Opened)));
    (told.informational, told.resolved) = (true, Some(true));
    let due = receiver.send(&Topic::incident(&told).unwrap(), Fate::Taken);
    assert_eq!(due, Some(post(Resolved)));
}

#[test]
fn what_only_operators_know_is_not_told_to_a_receiver_that_became_public() {
    let mut receiver = Receiver::new(Updates::Off);
    receiver.rules.audience = Audience::Operators;
    let secret = Operation {
        id: "rule/secret".to_owned(),
        severity: Severity::Down,
        title: "Secret".to_owned(),
        text: String::new(),
        components: Vec::new(),
        since: None,
        incident: None,
    };
    let topic = Topic::operation(&secret);
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Opened)));
    let receipt = receiver.receipt.clone().unwrap();
    let gone = Topic::gone(topic.id.clone(), &receipt);
    assert_eq!(receiver.due(&gone, false), Some(post(Resolved)));
    receiver.rules.audience = Audience::Public;
    assert_eq!(receiver.due(&gone, false), None);
}

#[test]
fn a_message_that_a_fast_clock_dated_holds_up_no_edit() {
    let mut receiver = Receiver::new(Updates::Edit);
    let mut outage = incident(Severity::Down, false);
    let topic = Topic::incident(&outage).unwrap();
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Opened)));
    receiver.later(-3600);
    outage.updates = vec![Update::new(receiver.now, Phase::Identified, "It is it.")];
    let topic = Topic::incident(&outage).unwrap();
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(edit("m1")));
}

#[test]
fn what_was_over_before_it_could_be_told_stays_untold_unless_somebody_tried() {
    let receiver = Receiver::new(Updates::Edit);
    let over = incident(Severity::Down, true);
    let topic = Topic::incident(&over).unwrap();
    assert_eq!(receiver.due(&topic, false), None);
    assert_eq!(receiver.due(&topic, true), Some(post(Missed)));
}

#[test]
fn updates_are_edited_or_posted_as_the_receiver_likes() {
    let mut opened = incident(Severity::Down, false);
    let mut editing = Receiver::new(Updates::Edit);
    let mut posting = Receiver::new(Updates::Post);
    let mut silent = Receiver::new(Updates::Off);
    let topic = Topic::incident(&opened).unwrap();
    for receiver in [&mut editing, &mut posting, &mut silent] {
        assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Opened)));
        receiver.later(60);
    }
    let now = editing.now;
    opened.updates = vec![Update::new(now, Phase::Identified, "It is the cache.")];
    let topic = Topic::incident(&opened).unwrap();
    assert_eq!(editing.send(&topic, Fate::Taken), Some(edit("m1")));
    assert_eq!(posting.send(&topic, Fate::Taken), Some(post(Update)));
    assert_eq!(silent.send(&topic, Fate::Taken), None);
    // A second one of the same second is news as well.
    let again = Update::new(now, Phase::Identified, "It is the relay.");
    opened.updates.insert(0, again);
    let topic = Topic::incident(&opened).unwrap();
    assert_eq!(posting.send(&topic, Fate::Taken), Some(post(Update)));
    for receiver in [&mut editing, &mut posting] {
        receiver.later(60);
        assert_eq!(receiver.send(&topic, Fate::Taken), None);
    }
    // At the end every message says so.
    opened.resolved = Some(true);
    let topic = Topic::incident(&opened).unwrap();
    assert_eq!(editing.send(&topic, Fate::Taken), Some(post(Resolved)));
    assert!(matches!(
        editing.send(&topic, Fate::Taken),
        Some(DueMessage::Edit(_))
    ));
    assert_eq!(editing.send(&topic, Fate::Taken), None);
    assert_eq!(posting.send(&topic, Fate::Taken), Some(post(Resolved)));
    assert_eq!(posting.send(&topic, Fate::Taken), None);
}

#[test]
fn a_message_in_doubt_is_sent_ever_more_rarely_and_its_end_tells_both() {
    let open = incident(Severity::Down, false);
    let over = incident(Severity::Down, true);
    let (open, over) = (
        Topic::incident(&open).unwrap(),
        Topic::incident(&over).unwrap(),
    );
    let mut receiver = Receiver::new(Updates::Edit);
    assert_eq!(receiver.send(&open, Fate::Unknown), Some(post(Opened)));
    receiver.later(119);
    assert_eq!(receiver.due(&open, false), None);
    assert_eq!(receiver.due(&over, false), Some(post(Missed)));
    receiver.later(1);
    assert_eq!(receiver.send(&open, Fate::Unknown), Some(post(Opened)));
    receiver.later(599);
    assert_eq!(receiver.due(&open, false), None);
    receiver.later(1);
    assert_eq!(receiver.send(&open, Fate::Unknown), Some(post(Opened)));
    receiver.later(2999);
    assert_eq!(receiver.due(&open, false), None);
    assert_eq!(receiver.send(&over, Fate::Taken), Some(post(Missed)));
    assert_eq!(receiver.due(&over, false), None);
    // What is refused is not sent again.
    let mut receiver = Receiver::new(Updates::Edit);
    assert_eq!(receiver.send(&open, Fate::Refused), Some(post(Opened)));
    receiver.later(3600);
    assert_eq!(receiver.due(&open, false), None);
    assert_eq!(receiver.due(&over, false), Some(post(Missed)));
}

#[test]
fn an_open_incident_is_told_again_as_often_as_asked_for() {
    let open = incident(Severity::Down, false);
    let topic = Topic::incident(&open).unwrap();
    let mut receiver = Receiver::new(Updates::Edit);
    receiver.rules.remind_every = Some(std::time::Duration::from_mins(10));
    receiver.send(&topic, Fate::Taken);
    // The step that asks may be older than the answer by a moment.
    for moment in [-1, 600, -1] {
        receiver.later(moment);
        assert_eq!(receiver.send(&topic, Fate::Taken), None);
    }
    receiver.later(2);
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Reminder)));
    receiver.later(599);
    assert_eq!(receiver.send(&topic, Fate::Taken), None);
}

#[test]
fn planned_work_has_words_of_its_own() {
    let file = incident(Severity::Notice, false);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let work = |stage, from: &str, until: &str| Topic {
        id: TopicId::parse("maintenance:a").unwrap(),
        stage,
        severity: Severity::Notice,
        withdrawn: false,
        components: &[],
        window: Some((at(from), Some(at(until)))),
        source: Source::File(&file),
    };
    let mut receiver = Receiver::new(Updates::Off);
    let (from, until) = ("2026-03-03T12:00:00Z", "2026-03-03T14:00:00Z");
    let planned = work(Stage::Scheduled, from, until);
    assert_eq!(receiver.send(&planned, Fate::Taken), Some(post(Announced)));
    assert_eq!(receiver.send(&planned, Fate::Taken), None);
    receiver.now = at("2026-03-02T12:00:00Z");
    assert_eq!(receiver.send(&planned, Fate::Taken), Some(post(Upcoming)));
    assert_eq!(receiver.send(&planned, Fate::Taken), None);
    receiver.now = at("2026-03-03T11:00:00Z");
    assert_eq!(receiver.send(&planned, Fate::Taken), Some(post(Upcoming)));
    assert_eq!(receiver.send(&planned, Fate::Taken), None);
    let (from, until) = ("2026-03-03T15:00:00Z", "2026-03-03T17:00:00Z");
    let moved = work(Stage::Scheduled, from, until);
    assert_eq!(receiver.send(&moved, Fate::Taken), Some(post(Rescheduled)));
    assert_eq!(receiver.send(&moved, Fate::Taken), None);
    receiver.now = at("2026-03-03T14:00:00Z");
    assert_eq!(receiver.send(&moved, Fate::Taken), Some(post(Upcoming)));
    receiver.now = at("2026-03-03T15:00:00Z");
    let begun = work(Stage::Begun, from, until);
    assert_eq!(receiver.send(&begun, Fate::Taken), Some(post(Begun)));
    let longer = work(Stage::Begun, from, "2026-03-03T18:00:00Z");
    assert_eq!(receiver.send(&longer, Fate::Taken), Some(post(Extended)));
    assert_eq!(receiver.send(&longer, Fate::Taken), None);
    let done = work(Stage::Completed, from, "2026-03-03T18:00:00Z");
    assert_eq!(receiver.send(&done, Fate::Taken), Some(post(Completed)));
    assert_eq!(receiver.send(&done, Fate::Taken), None);
    // What was called off before anybody heard of it is no news.
    let mut other = Receiver::new(Updates::Off);
    let cancelled = work(Stage::Cancelled, from, until);
    assert_eq!(other.send(&cancelled, Fate::Taken), None);
    assert_eq!(other.send(&planned, Fate::Taken), Some(post(Announced)));
    assert_eq!(other.send(&cancelled, Fate::Taken), Some(post(Cancelled)));
    assert_eq!(other.send(&cancelled, Fate::Taken), None);
}

#[test]
fn whoever_hears_of_work_late_is_not_reminded_at_once() {
    let file = incident(Severity::Notice, false);
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut receiver = Receiver::new(Updates::Off);
    let topic = Topic {
        window: Some((now + SignedDuration::from_mins(90), None)),
        id: TopicId::parse("maintenance:a").unwrap(),
        stage: Stage::Scheduled,
        ..Topic::incident(&file).unwrap()
    };
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Announced)));
    receiver.later(29 * 60);
    assert_eq!(receiver.send(&topic, Fate::Taken), None);
    receiver.later(60);
    assert_eq!(receiver.send(&topic, Fate::Taken), Some(post(Upcoming)));
}
