//! How one attempt to deliver ended, and what follows from it.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::facts::notifier_state::Failing;
use crate::model::time::duration::elapsed;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::due::DueMessage;
use crate::notify::message::known::after::{Fate, SentMessage, after};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::{Topic, TopicId};
use crate::notify::notifier::Notifier;
use crate::notify::outbox::entry::EntryState;
use crate::notify::sending::attempt::{MustWait, Outgoing};
use crate::notify::sending::delivery::{Delivered, DeliveryError, backoff};

/// No remote side is left alone for longer, whatever it asks for.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// How long a message is tried, and how often at least: a clock that was set right, or a
/// machine that slept, tried nothing meanwhile. What is older is no news.
const GIVE_UP: (Duration, u32) = (Duration::from_hours(24), 20);

/// After how long without success nothing is tried until the settings are read again, and
/// after how many tries at least.
const PAUSED_AFTER: (Duration, u32) = (Duration::from_hours(3 * 24), 100);

impl Notifier {
    /// Notes how an attempt ended; returns what must wait, if anything must.
    pub(crate) fn settle(
        &mut self,
        board: &Board,
        topic: &Topic<'_>,
        outgoing: &Outgoing,
        outcome: Result<Delivered, DeliveryError>,
    ) -> Option<MustWait> {
        let now = (self.clock)();
        let error = match outcome {
            Ok(delivered) => {
                self.announced(topic, outgoing, delivered, (Fate::Taken, None), now);
                self.succeeds(board, &topic.id, &outgoing.message, now);
                return None;
            }
            Err(error) => error,
        };
        let reason = error.to_string();
        self.deliveries.failed(&self.name, error.word());
        self.deliveries.count(&self.name, error.outcome());
        let is_doubtful = matches!(error, DeliveryError::Doubtful { .. });
        match error {
            DeliveryError::Later { pause, .. } | DeliveryError::Doubtful { pause, .. } => {
                self.fails(&reason, false, now);
                let entry = self.outbox.entry(&topic.id);
                let tries = entry.map_or(0, |entry| entry.tries);
                let (time, fewest) = GIVE_UP;
                let is_old = entry.is_some_and(|entry| elapsed(entry.due, now) >= time);
                if is_old && tries >= fewest {
                    self.give_up(topic, outgoing, &format!("a day long: {reason}"), now);
                } else if is_doubtful {
                    let fate = Fate::Doubtful;
                    let receipt = self.known(topic, outgoing, Delivered::default(), fate, now);
                    self.outbox.doubtful(&topic.id, receipt, &reason, now);
                } else {
                    self.outbox.again(&topic.id, &reason, now);
                }
                Some(self.rest(pause, tries))
            }
            DeliveryError::Unknown { .. } => {
                tracing::warn!(
                    notifier.name = self.name, topic = %topic.id, reason,
                    "a message may or may not have arrived",
                );
                let fate = (Fate::Unknown, Some(&*reason));
                self.announced(topic, outgoing, Delivered::default(), fate, now);
                Some(MustWait::Notifier(self.next_pause(None)))
            }
            DeliveryError::Gone { .. } => {
                self.begin_anew(&topic.id, &outgoing.due, &reason, now);
                None
            }
            DeliveryError::Dead { .. } => {
                self.fails(&reason, true, now);
                self.outbox.again(&topic.id, &reason, now);
                None
            }
            DeliveryError::Refused { .. } => {
                self.give_up(topic, outgoing, &reason, now);
                None
            }
        }
    }

    /// Puts a message into the operator's own words; where their templates fail, ours
    /// stay, and that is said once.
    pub(crate) fn worded(&mut self, message: Announcement) -> Announcement {
        let own = self.rules.own_words(&message);
        let fault = own.as_ref().err().map(ToString::to_string);
        let was_failing = std::mem::replace(&mut self.progress.unworded, fault.is_some());
        if let Some(error) = fault.filter(|_| !was_failing) {
            tracing::warn!(
                notifier.name = self.name,
                error,
                "a template fails; messages use the default text",
            );
        }
        let own = own.unwrap_or_default();
        Announcement { own, ..message }
    }

    /// Remembers a message that was taken, may have been, or never will be.
    fn announced(
        &mut self,
        topic: &Topic<'_>,
        outgoing: &Outgoing,
        delivered: Delivered,
        (fate, reason): (Fate, Option<&str>),
        now: Timestamp,
    ) {
        let receipt = self.known(topic, outgoing, delivered, fate, now);
        let state = match fate {
            Fate::Taken => EntryState::Sent,
            Fate::Unknown | Fate::Doubtful => EntryState::Unknown,
            Fate::Refused => EntryState::Refused,
        };
        self.outbox.done(&topic.id, receipt, (state, reason), now);
    }

    /// What the receiver knows, or may know, after a message.
    fn known(
        &self,
        topic: &Topic<'_>,
        outgoing: &Outgoing,
        delivered: Delivered,
        fate: Fate,
        now: Timestamp,
    ) -> Receipt {
        let before = self.outbox.receipt(&topic.id).cloned();
        let sent = SentMessage {
            due: outgoing.due.clone(),
            delivered,
            mark: outgoing.message.mark(),
            key: outgoing.key.clone(),
            at: now,
            fate,
        };
        after(topic, before, sent, &self.rules)
    }

    /// Gives a message up. It counts as announced, or it would be due for ever.
    fn give_up(&mut self, topic: &Topic<'_>, outgoing: &Outgoing, reason: &str, now: Timestamp) {
        tracing::error!(
            notifier.name = self.name, topic = %topic.id, reason,
            "a message can never be delivered",
        );
        if let Some(id) = outgoing.due.edited() {
            self.outbox.correct(&topic.id, |receipt| receipt.forget(id));
            let state = EntryState::Refused;
            self.outbox.end(&topic.id, state, Some(reason), now);
        } else {
            let fate = (Fate::Refused, Some(reason));
            self.announced(topic, outgoing, Delivered::default(), fate, now);
        }
    }

    /// Forgets the message or the thread that is gone; a new one is due then.
    fn begin_anew(&mut self, topic: &TopicId, due: &DueMessage, reason: &str, now: Timestamp) {
        tracing::info!(
            notifier.name = self.name, %topic, reason,
            "a message or its thread is gone; a new one follows",
        );
        self.outbox.correct(topic, |receipt| {
            match due.edited() {
                Some(id) => receipt.forget(id),
                None => receipt.messages.clear(),
            }
            receipt.thread = None;
        });
        self.outbox.again(topic, reason, now);
    }

    /// Notes that something got through.
    fn succeeds(&mut self, board: &Board, topic: &TopicId, message: &Announcement, now: Timestamp) {
        tracing::debug!(
            notifier.name = self.name, %topic, occasion = message.occasion.word(),
            "message delivered",
        );
        self.progress.tries = 0;
        // There may be more to say of what is over: its earlier messages.
        self.progress.seen = None;
        if self.progress.failing.take().is_some() {
            tracing::info!(
                notifier.name = self.name,
                "notifier {} recovered",
                self.name
            );
        }
        if let (Occasion::Opened, TopicId::Incident(id)) = (message.occasion, topic) {
            // Of incidents that people wrote no first sign was measured.
            if let Some(began) = board.facts.honesty.began.get(id) {
                self.deliveries.announced(&self.name, *began, now);
            }
        }
        // Counted last: what is counted is delivered and remembered.
        self.deliveries.count(&self.name, "delivered");
    }

    /// Notes that nothing gets through, and says so once for each reason.
    fn fails(&mut self, reason: &str, dead: bool, now: Timestamp) {
        let before = self.progress.failing.take();
        let since = before.as_ref().map_or(now, |failing| failing.since);
        let (time, fewest) = PAUSED_AFTER;
        let is_long = elapsed(since, now) >= time && self.progress.tries >= fewest;
        let paused = dead || is_long;
        if paused && before.as_ref().is_none_or(|failing| !failing.paused) {
            tracing::error!(
                notifier.name = self.name,
                reason,
                "notifier {} is paused until the settings are reloaded",
                self.name,
            );
        } else if before.is_none_or(|failing| failing.reason != reason) {
            tracing::warn!(
                notifier.name = self.name,
                reason,
                "notifier {} fails",
                self.name
            );
        }
        self.progress.failing = Some(Failing {
            since,
            reason: reason.to_owned(),
            paused,
        });
    }

    /// What must wait after a message was not taken.
    fn rest(&mut self, asked: Option<Duration>, tries: u32) -> MustWait {
        let pause = self.next_pause(asked);
        if asked.is_some() {
            return MustWait::Notifier(pause);
        }
        // It may be this message that the remote side cannot digest.
        MustWait::Message(backoff(tries.saturating_sub(1), rand::random()))
    }

    fn next_pause(&mut self, asked: Option<Duration>) -> Duration {
        let own = backoff(self.progress.tries, rand::random());
        self.progress.tries = self.progress.tries.saturating_add(1);
        asked.unwrap_or(own).min(LONGEST_PAUSE)
    }
}
