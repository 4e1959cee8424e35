//! A notifier with its incident and a remote side of moods.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use prometheus::{HistogramOpts, HistogramVec, Registry};
use proptest::prelude::*;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::facts::notifier_state::NotifierStates;
use crate::model::facts::trouble::Troubles;
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update};
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelSettings, ChannelTools};
use crate::notify::channels::discord::{self, DiscordSettings};
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::message::stage::Stage;
use crate::notify::metrics::Deliveries;
use crate::notify::notifier::{Notifier, NotifierProgress};
use crate::notify::outbox::memory::Outbox;
use crate::notify::sending::address::WebhookAddress;
use crate::notify::sending::attempt::Outgoing;
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::store;

thread_local! {
    pub(in crate::notify::tests) static NOW: Cell<i64> = const { Cell::new(0) };
}

pub(in crate::notify::tests) fn now() -> Timestamp {
    Timestamp::from_second(1_772_366_400 + NOW.get()).unwrap()
}

/// How the remote side is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RemoteMood {
    Well,
    Away,
    /// It takes the message and its answer is lost.
    Mute,
    /// It loses the message, and nothing is answered.
    Deaf,
    /// It no longer edits what it has.
    Forgetful,
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
pub(super) enum RandomEvent {
    Opens(Severity),
    Ends,
    Says,
    Withdrawn,
    Time(i64),
    RemoteMood(RemoteMood),
    Restart,
    /// The monitor is killed with the next message in hand: before or after it is sent.
    Killed(bool),
}

/// A message at the remote side, and what it says by now.
#[derive(Clone, Debug)]
struct Message {
    posted: Occasion,
    /// The mark of what it said first.
    mark: String,
    content: Announcement,
    /// Whether it said meanwhile that it is less bad.
    is_milder: bool,
}

pub(super) struct World {
    place: tempfile::TempDir,
    incident: Incident,
    pub(super) remote: RemoteMood,
    messages: Vec<Message>,
    notifier: Notifier,
    /// How often nobody could know whether a message arrived.
    doubts: usize,
    pub(super) kill: Option<bool>,
    /// Whether a message could not be edited, or its name was lost.
    is_fixed: bool,
}

pub(in crate::notify::tests) fn notifier(place: &Path) -> Notifier {
    let registry = Registry::new();
    let delay = HistogramOpts::new("delay_seconds", "Delays.");
    let delay = HistogramVec::new(delay, &["step", "notifier"]).unwrap();
    let tools = ChannelTools {
        http: crate::notify::tests::tools(),
        discord: discord::global_limit(),
        clock: now,
        site: MailSite {
            title: String::new(),
            url: None,
            zone: TimeZone::UTC,
        },
        mail: None,
    };
    let settings = ChannelSettings::Discord(DiscordSettings {
        webhook: WebhookAddress::parse("https://discord.example.org/api/webhooks/1/x").unwrap(),
        thread_id: None,
        forum: false,
        mention_role: None,
    });
    Notifier {
        name: "d".to_owned(),
        rules: ReceiverRules::default(),
        channel: Channel::new(settings, &tools),
        troubles: Troubles::default(),
        shared: None,
        outbox: Outbox::open(
            store::open(place).unwrap(),
            ("d", "discord".to_owned()),
            now(),
        )
        .unwrap(),
        deliveries: Deliveries::register(&registry, delay).unwrap(),
        states: NotifierStates::default(),
        site: None,
        zone: TimeZone::UTC,
        language: Language::En,
        clock: now,
        progress: NotifierProgress::default(),
    }
}

impl World {
    pub(super) fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        Self {
            notifier: notifier(place.path()),
            place,
            incident: Incident {
                resolved: None,
                ..fixtures::incident("a")
            },
            remote: RemoteMood::Well,
            messages: Vec::new(),
            doubts: 0,
            kill: None,
            is_fixed: false,
        }
    }

    pub(super) fn apply(&mut self, event: RandomEvent) {
        let incident = &mut self.incident;
        match event {
            RandomEvent::Opens(_) if incident.managed.withdrawn => {}
            RandomEvent::Opens(severity) => {
                incident.resolved = Some(false);
                incident.severity = Some(severity);
            }
            RandomEvent::Ends if incident.resolved == Some(false) => incident.resolved = Some(true),
            RandomEvent::Says => {
                let update = Update::new(now(), Phase::Identified, format!("At {}.", now()));
                incident.updates.insert(0, update);
            }
            RandomEvent::Withdrawn if incident.resolved.is_some() => {
                incident.managed.withdrawn = true;
                incident.resolved = Some(true);
            }
            RandomEvent::Ends | RandomEvent::Withdrawn => {}
            RandomEvent::Time(seconds) => NOW.set(NOW.get() + seconds),
            RandomEvent::RemoteMood(remote) => self.remote = remote,
            RandomEvent::Restart => self.notifier = notifier(self.place.path()),
            RandomEvent::Killed(sent) => self.kill = Some(sent),
        }
    }

    fn board(&self) -> Board {
        let facts = Facts {
            incidents: Arc::new(vec![Arc::new(self.incident.clone())].into()),
            ..Facts::of(Sight::Unwatched)
        };
        Board::new(now(), [], facts)
    }

    /// Sends all that is due, as the notifier does; false if it was killed.
    pub(super) fn step(&mut self) -> bool {
        let board = self.board();
        for _ in 0..8 {
            let news = self.notifier.news(&board);
            let due = self.notifier.note(&news);
            let Some(topic) = due.first().and_then(|id| news.topic(id)) else {
                return true;
            };
            let Some(outgoing) = self.notifier.begin(&topic, board.at) else {
                return true;
            };
            if let Some(sent) = self.kill.take() {
                if sent {
                    let _ = self.send(&outgoing);
                }
                self.doubts += 1;
                self.notifier = notifier(self.place.path());
                return false;
            }
            let outcome = self.send(&outgoing);
            let settled = self.notifier.settle(&board, &topic, &outgoing, outcome);
            if settled.is_some() {
                return true;
            }
        }
        true
    }

    /// What the remote side makes of a message.
    fn send(&mut self, outgoing: &Outgoing) -> Result<Delivered, DeliveryError> {
        let reason = "as it is".to_owned();
        let edited = outgoing.due.edited();
        match self.remote {
            RemoteMood::Away => {
                return Err(DeliveryError::Later {
                    reason,
                    pause: None,
                });
            }
            RemoteMood::Forgetful if edited.is_some() => {
                self.is_fixed = true;
                return Err(DeliveryError::Gone { reason });
            }
            RemoteMood::Deaf if edited.is_some() => {
                return Err(DeliveryError::Later {
                    reason,
                    pause: None,
                });
            }
            RemoteMood::Deaf => {
                self.doubts += 1;
                return Err(DeliveryError::Unknown { reason });
            }
            RemoteMood::Well | RemoteMood::Mute | RemoteMood::Forgetful => {}
        }
        let content = outgoing.message.clone();
        let id = if let Some(id) = edited {
            let message = &mut self.messages[id.parse::<usize>().unwrap()];
            message.is_milder |= content.severity < message.content.severity;
            message.content = content;
            id.to_owned()
        } else {
            let posted = content.occasion;
            let mark = content.mark();
            self.messages.push(Message {
                posted,
                mark,
                content,
                is_milder: false,
            });
            (self.messages.len() - 1).to_string()
        };
        if self.remote == RemoteMood::Mute {
            self.doubts += 1;
            // An edit can be sent again.
            return Err(if edited.is_some() {
                DeliveryError::Later {
                    reason,
                    pause: None,
                }
            } else {
                DeliveryError::Unknown { reason }
            });
        }
        Ok(Delivered {
            message: Some(id),
            thread: None,
        })
    }

    /// What must hold whatever happened.
    pub(super) fn check(&self) -> Result<(), TestCaseError> {
        let posted: Vec<_> = self.messages.iter().map(|message| message.posted).collect();
        // Never an end of something of which nothing was said.
        let end = posted.iter().position(|one| *one == Occasion::Resolved);
        prop_assert!(end != Some(0), "{posted:?}");
        // Nothing is repeated but what nobody could know to have arrived, or what is true
        // again.
        let repeated = self
            .messages
            .windows(2)
            .filter(|pair| pair[0].posted == pair[1].posted && pair[0].mark == pair[1].mark)
            .filter(|pair| !pair[0].is_milder);
        prop_assert!(repeated.count() <= self.doubts, "{posted:?}");
        Ok(())
    }

    /// What the receiver knows once everything works again.
    pub(super) fn check_end(&self) -> Result<(), TestCaseError> {
        let last = self.messages.last();
        let posted: Vec<_> = self.messages.iter().map(|message| message.posted).collect();
        if self.incident.resolved == Some(false) {
            let last = last.unwrap();
            prop_assert_eq!(last.content.stage, Stage::Open, "{:?}", posted);
            // That it is less bad is said where a message can be edited.
            let severity = self.incident.severity.unwrap();
            let is_fixed = self.is_fixed || self.doubts > 0;
            prop_assert!(last.content.severity == severity || is_fixed);
        }
        if let (Some(last), Some(true)) = (last, self.incident.resolved) {
            prop_assert_eq!(last.content.stage, Stage::Over, "{:?}", posted);
            prop_assert_eq!(last.content.withdrawn, self.incident.managed.withdrawn);
        }
        let is_fixed = self.is_fixed || self.doubts > 0;
        if let Some(last) = last.filter(|last| !is_fixed || last.content.stage == Stage::Open) {
            prop_assert_eq!(last.content.text(), self.newest_text());
        }
        Ok(())
    }

    fn newest_text(&self) -> &str {
        let updates = &self.incident.updates;
        updates.first().map_or("", |update| &update.text)
    }
}
