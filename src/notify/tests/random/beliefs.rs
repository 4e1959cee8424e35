//! Random files and moods: what a receiver believes to be open is open in the end, and
//! of each incident that is open somebody was told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::world::{NOW, notifier, now};
use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update, WholeDays};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::rules::Updates;
use crate::notify::notifier::Notifier;
use crate::notify::sending::attempt::Outgoing;
use crate::notify::sending::delivery::{Delivered, DeliveryError};

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
enum ReceiverMood {
    Well,
    /// It cannot be reached.
    Away,
    /// No answer comes, whether or not the message arrives.
    Mute(bool),
    /// It fails, whether or not the message has arrived.
    Fails(bool),
}

/// What happens next; incidents and their names go by places.
#[derive(Clone, Copy, Debug)]
enum FileEvent {
    /// It is open, or begins: on a day, or at a moment.
    Open(usize, Severity, bool),
    Over(usize),
    Says(usize),
    Withdrawn(usize),
    Deleted(usize),
    Renamed(usize),
    Work(WorkStage),
    Time(i64),
    Mood(ReceiverMood),
    Restart,
    /// The monitor is killed before or after the next message is sent.
    Killed(bool),
}

/// A receiver, and what it believes.
struct Believer {
    mood: ReceiverMood,
    /// Whether it recognizes what is sent twice.
    recognizes: bool,
    seen: BTreeSet<String>,
    /// What is open, as far as it knows: titles by conversations.
    open: BTreeMap<String, String>,
    heard: BTreeSet<String>,
    /// The titles of what it was told to have begun.
    begun: BTreeSet<String>,
    log: Vec<String>,
}

impl Believer {
    fn send(&mut self, outgoing: &Outgoing) -> Result<Delivered, DeliveryError> {
        let is_edit = outgoing.due.edited().is_some();
        let (reason, pause) = (format!("{:?}", self.mood), None);
        let sent = match self.mood {
            ReceiverMood::Well => {
                self.take(outgoing);
                let id = outgoing.due.edited().map(str::to_owned);
                let message = id.unwrap_or_else(|| outgoing.key.clone());
                Ok(Delivered {
                    message: Some(message),
                    thread: None,
                })
            }
            ReceiverMood::Away => Err(DeliveryError::Later { reason, pause }),
            ReceiverMood::Mute(arrives) | ReceiverMood::Fails(arrives) => {
                if arrives {
                    self.take(outgoing);
                }
                let is_lost = matches!(self.mood, ReceiverMood::Mute(_)) && !self.recognizes;
                // As a channel says it.
                Err(if is_edit {
                    DeliveryError::Later { reason, pause }
                } else if is_lost {
                    DeliveryError::Unknown { reason }
                } else {
                    DeliveryError::Doubtful { reason, pause }
                })
            }
        };
        let what = (outgoing.due.occasion(), &outgoing.message.name);
        self.log.push(format!("{what:?} {:?}", self.mood));
        sent
    }

    fn take(&mut self, outgoing: &Outgoing) {
        let (message, occasion) = (&outgoing.message, outgoing.due.occasion());
        let is_edit = outgoing.due.edited().is_some();
        if self.recognizes && !is_edit && !self.seen.insert(outgoing.key.clone()) {
            return;
        }
        let name = format!("{:?} {}", message.kind, message.name);
        assert!(
            occasion != Occasion::Resolved || self.heard.contains(&name),
            "an end without a beginning: {:?}",
            self.log
        );
        self.heard.insert(name.clone());
        if matches!(occasion, Occasion::Opened | Occasion::Recurred) {
            self.begun.insert(message.title.clone());
        }
        if message.is_over() {
            self.open.remove(&name);
        } else {
            self.open.insert(name, message.title.clone());
        }
    }
}

/// The names that the file of an incident may have, by its place.
const NAMES: [[&str; 2]; 2] = [["a", "a-moved"], ["b", "b-moved"]];

struct Scene {
    place: tempfile::TempDir,
    notifier: Notifier,
    files: [Option<Incident>; 2],
    work: Option<WorkStage>,
    incidents: usize,
    receiver: Believer,
    updates: Updates,
    kill: Option<bool>,
}

impl Scene {
    fn new(recognizes: bool, updates: Updates) -> Self {
        NOW.set(0);
        let place = tempfile::tempdir().unwrap();
        let mut scene = Self {
            notifier: notifier(place.path()),
            place,
            files: [None, None],
            work: None,
            incidents: 0,
            receiver: Believer {
                mood: ReceiverMood::Well,
                recognizes,
                seen: BTreeSet::new(),
                open: BTreeMap::new(),
                heard: BTreeSet::new(),
                begun: BTreeSet::new(),
                log: Vec::new(),
            },
            updates,
            kill: None,
        };
        scene.restart();
        scene
    }

    fn restart(&mut self) {
        self.notifier = notifier(self.place.path());
        self.notifier.rules.updates = Some(self.updates);
    }

    fn apply(&mut self, event: FileEvent) {
        self.receiver.log.push(format!("{event:?}"));
        // Nothing happens at the same time.
        NOW.set(NOW.get() + 1);
        match event {
            FileEvent::Open(at, severity, exact) => self.open(at, severity, exact),
            FileEvent::Over(at) => {
                if let Some(file) = &mut self.files[at] {
                    file.resolved = Some(true);
                }
            }
            FileEvent::Says(at) => {
                if let Some(file) = &mut self.files[at] {
                    let text = format!("{} at {}.", file.title, now());
                    let update = Update::new(now(), Phase::Identified, text);
                    file.updates.insert(0, update);
                }
            }
            FileEvent::Withdrawn(at) => {
                if let Some(file) = &mut self.files[at] {
                    file.managed.withdrawn = true;
                    file.resolved = Some(true);
                }
            }
            FileEvent::Deleted(at) => self.files[at] = None,
            FileEvent::Renamed(at) => {
                if let Some(file) = &mut self.files[at] {
                    let other = NAMES[at].iter().find(|name| **name != file.id.0);
                    file.id.0 = (*other.unwrap()).to_owned();
                }
            }
            FileEvent::Work(stage) => self.work = Some(stage),
            FileEvent::Time(seconds) => NOW.set(NOW.get() + seconds),
            FileEvent::Mood(mood) => self.receiver.mood = mood,
            FileEvent::Restart => self.restart(),
            FileEvent::Killed(sent) => self.kill = Some(sent),
        }
    }

    /// An incident is open, or another one begins and takes the first name.
    fn open(&mut self, at: usize, severity: Severity, exact: bool) {
        let number = self.incidents;
        let file = self.files[at].get_or_insert_with(|| {
            let title = format!("Incident {number}");
            let words = Update::new(now(), Phase::Investigating, format!("{title} begins."));
            let day = "2026-03-01T00:00:00Z".parse().unwrap();
            Incident {
                date: Some(if exact { now() } else { day }),
                days: WholeDays {
                    began: (!exact).then(|| "2026-03-01".parse().unwrap()),
                    ended: None,
                },
                affected: vec!["API".to_owned()],
                updates: vec![words],
                title,
                ..fixtures::incident(NAMES[at][0])
            }
        });
        self.incidents += 1;
        if !file.managed.withdrawn {
            file.resolved = Some(false);
            file.severity = Some(severity);
        }
    }

    fn board(&self) -> Board {
        let from = "2026-03-02T00:00:00Z".parse().unwrap();
        let work = self.work.map(|stage| Planned {
            id: fixtures::incident("w").id,
            title: "w".to_owned(),
            from,
            until: None,
            days: WholeDays::default(),
            stage,
            components: Vec::new(),
        });
        let file = self.work.map(|_| Incident {
            resolved: Some(true),
            informational: true,
            date: Some(from),
            ..fixtures::incident("w")
        });
        let files = self.files.iter().flatten().cloned().chain(file);
        let facts = Facts {
            incidents: Arc::new(files.map(Arc::new).collect()),
            maintenance: work.into_iter().collect(),
            ..Facts::of(Sight::Unwatched)
        };
        Board::new(now(), [], facts)
    }

    /// Sends what is due, as the notifier does, until something fails.
    fn step(&mut self) {
        let board = self.board();
        for _ in 0..8 {
            let news = self.notifier.news(&board);
            let due = self.notifier.note(&news);
            if due.is_empty() {
                return;
            }
            for topic in due {
                let Some(topic) = news.topic(&topic) else {
                    continue;
                };
                let Some(outgoing) = self.notifier.begin(&topic, board.at) else {
                    continue;
                };
                if let Some(is_sent) = self.kill.take() {
                    if is_sent {
                        let _ = self.receiver.send(&outgoing);
                    }
                    self.restart();
                    return;
                }
                let outcome = self.receiver.send(&outgoing);
                let settled = self.notifier.settle(&board, &topic, &outgoing, outcome);
                if settled.is_some() {
                    return;
                }
            }
        }
    }

    /// Hours without events, in which everything works.
    fn rest(&mut self) {
        self.receiver.mood = ReceiverMood::Well;
        self.kill = None;
        for _ in 0..6 {
            NOW.set(NOW.get() + 3600);
            self.step();
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let files = self.files.iter().flatten();
        let open = files.filter(|file| file.resolved == Some(false));
        let mut open: Vec<_> = open.map(|file| file.title.clone()).collect();
        for title in &open {
            let is_told = self.receiver.begun.contains(title);
            prop_assert!(is_told, "{title} untold: {:#?}", self.receiver.log);
        }
        open.extend(
            self.work
                .filter(|work| work.is_open())
                .map(|_| "w".to_owned()),
        );
        let mut believed: Vec<_> = self.receiver.open.values().cloned().collect();
        open.sort();
        believed.sort();
        prop_assert_eq!(believed, open, "{:#?}", self.receiver.log);
        Ok(())
    }
}

fn events() -> impl Strategy<Value = FileEvent> {
    let severity = prop_oneof![
        Just(Severity::Notice),
        Just(Severity::Disrupted),
        Just(Severity::Down)
    ];
    let mood = prop_oneof![
        3 => Just(ReceiverMood::Well),
        1 => Just(ReceiverMood::Away),
        2 => any::<bool>().prop_map(ReceiverMood::Mute),
        2 => any::<bool>().prop_map(ReceiverMood::Fails),
    ];
    let stage = prop_oneof![
        Just(WorkStage::Scheduled),
        Just(WorkStage::InProgress),
        Just(WorkStage::Completed),
        Just(WorkStage::Cancelled)
    ];
    let open = (0..2_usize, severity, any::<bool>());
    prop_oneof![
        6 => open.prop_map(|(at, severity, exact)| FileEvent::Open(at, severity, exact)),
        4 => (0..2_usize).prop_map(FileEvent::Over),
        2 => (0..2_usize).prop_map(FileEvent::Says),
        1 => (0..2_usize).prop_map(FileEvent::Withdrawn),
        3 => (0..2_usize).prop_map(FileEvent::Deleted),
        2 => (0..2_usize).prop_map(FileEvent::Renamed),
        2 => stage.prop_map(FileEvent::Work),
        4 => (1_i64..1000).prop_map(FileEvent::Time),
        4 => mood.prop_map(FileEvent::Mood),
        1 => Just(FileEvent::Restart),
        1 => any::<bool>().prop_map(FileEvent::Killed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_receiver_believes_what_is_true(
        recognizes in any::<bool>(),
        updates in prop_oneof![Just(Updates::Edit), Just(Updates::Post), Just(Updates::Off)],
        events in prop::collection::vec(events(), 1..40),
    ) {
        let mut scene = Scene::new(recognizes, updates);
        for event in events {
            scene.apply(event);
            scene.step();
        }
        scene.rest();
        scene.check()?;
    }
}
