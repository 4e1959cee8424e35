//! Drains the queue of mails: one task, with a bounded number of connections.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::board::Board;
use crate::model::facts::notifier_state::Failing;
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::in_hand::{ExchangedMails, MailInHand, QueueVisit, exchange};
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::sending::delivery::backoff;

/// How often what waits is counted while mails are handed over.
const COUNTED_EVERY: Duration = Duration::from_secs(1);

/// How long mails in hand may take once we are told to stop.
const STOPPING: Duration = Duration::from_secs(5);

/// The task that hands mails to the relay.
#[derive(Debug)]
pub(crate) struct PostOffice {
    /// The mails.
    pub queue: MailQueue,
    /// Where they go.
    pub relay: Relay,
    /// Who sends.
    pub sender: Sender,
    /// What is counted.
    pub metrics: MailMetrics,
    /// Tells the moment (law 8).
    pub clock: fn() -> Timestamp,
}

/// How the last tries went.
#[derive(Debug, Default)]
struct PostProgress {
    /// Tries in which the relay took nothing, one after the other.
    tries: u32,
    /// Until when nothing is tried.
    held: Option<Instant>,
    /// Since when nothing gets through, and why.
    failing: Option<Failing>,
    /// When what waits was counted last.
    counted: Option<Instant>,
    /// Whether the rows of a run before were looked at.
    has_begun: bool,
    /// How many of the mails that ended were learned of, and could not be noted yet.
    learned: usize,
    /// Whether the last access to the database failed, which is logged once.
    is_broken: bool,
}

impl PostOffice {
    /// Hands over what is due until told to stop.
    ///
    /// Of two monitors only the one that writes sends mails.
    pub(crate) async fn run(
        self,
        mut boards: watch::Receiver<Arc<Board>>,
        stop: CancellationToken,
    ) {
        let mut progress = PostProgress::default();
        let mut in_hand = JoinSet::new();
        let mut ended = Vec::new();
        loop {
            let is_reader = boards.borrow_and_update().facts.reader;
            if is_reader {
                progress.has_begun = false;
            }
            let room = if is_reader || stop.is_cancelled() {
                0
            } else {
                self.room(&progress, in_hand.len())
            };
            let next = self
                .turn(&mut progress, &mut ended, room, &mut in_hand)
                .await;
            if stop.is_cancelled() {
                break;
            }
            let next = next.filter(|_| !is_reader);
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.queue.changed() => {}
                () = until(next) => {}
                Some(one) = in_hand.join_next() => ended.extend(one.ok()),
                changed = boards.changed() => if changed.is_err() {
                    stop.cancelled().await;
                },
            }
            while let Some(one) = in_hand.try_join_next() {
                ended.extend(one.ok());
            }
        }
        let last = async {
            while let Some(one) = in_hand.join_next().await {
                ended.extend(one.ok());
            }
        };
        // What is cut off here is in doubt at the next start.
        let _ = tokio::time::timeout(STOPPING, last).await;
        self.turn(&mut progress, &mut ended, 0, &mut in_hand).await;
        self.relay.close().await;
    }

    /// How many more mails may be in hand.
    fn room(&self, progress: &PostProgress, in_hand: usize) -> usize {
        let is_held = progress.held.is_some_and(|until| until > Instant::now());
        // After trouble one mail tries whether it is over.
        let most = match progress.failing {
            _ if is_held => 0,
            Some(_) => 1,
            None => usize::from(self.sender.settings.connections),
        };
        most.saturating_sub(in_hand)
    }

    /// Notes what ended and takes what is next, in one transaction; returns when
    /// something is due.
    async fn turn(
        &self,
        progress: &mut PostProgress,
        ended: &mut Vec<(MailInHand, RelayAnswer)>,
        room: usize,
        in_hand: &mut JoinSet<(MailInHand, RelayAnswer)>,
    ) -> Option<Instant> {
        let now = (self.clock)();
        let done = std::mem::take(ended);
        for (mail, answer) in done.iter().skip(progress.learned) {
            self.learn(progress, mail, answer, now);
        }
        // What is held must not be taken although there was room when the turn began.
        let room = room.min(self.room(progress, in_hand.len()));
        let must_begin = room > 0 && !progress.has_begun;
        let is_time = |at: Instant| at.elapsed() >= COUNTED_EVERY;
        let must_count = in_hand.is_empty() || progress.counted.is_none_or(is_time);
        let kept = done.clone();
        let visit = QueueVisit {
            room,
            begins: must_begin,
            counts: must_count,
        };
        let turn = self
            .queue
            .with(move |store| exchange(store, &done, visit, now));
        let ExchangedMails {
            taken,
            next,
            counted,
        } = match turn.await {
            Ok(turn) => turn,
            Err(error) => {
                // What was sent is noted when the database is back (law 5).
                progress.learned = kept.len();
                ended.extend(kept);
                if !std::mem::replace(&mut progress.is_broken, true) {
                    tracing::error!(%error, "cannot write the queue of mails; no mail is sent");
                }
                return Some(Instant::now() + COUNTED_EVERY);
            }
        };
        progress.is_broken = false;
        progress.learned = 0;
        progress.has_begun |= must_begin;
        if let Some((queued, paused)) = counted {
            progress.counted = Some(Instant::now());
            self.metrics.queued(&queued);
            self.metrics.pauses(paused);
        }
        let (is_full, has_none) = (taken.len() >= room, taken.is_empty());
        self.send(taken, in_hand, now);
        if let Some(held) = progress.held.filter(|until| *until > Instant::now()) {
            return Some(held);
        }
        // With all hands full, the next that ends wakes us.
        let next = next.filter(|_| !is_full || in_hand.is_empty())?;
        let pause = Duration::try_from(next.duration_since((self.clock)())).unwrap_or_default();
        // What is due and cannot be taken must not keep us busy.
        let least = if has_none {
            COUNTED_EVERY
        } else {
            Duration::ZERO
        };
        Some(Instant::now() + pause.max(least))
    }

    /// Hands mails to the relay, each in a task of its own.
    fn send(
        &self,
        mails: Vec<MailInHand>,
        in_hand: &mut JoinSet<(MailInHand, RelayAnswer)>,
        now: Timestamp,
    ) {
        for mail in mails {
            let (relay, sender) = (self.relay.clone(), self.sender.clone());
            in_hand.spawn(async move {
                let answer = handed_over(&relay, &sender, &mail, now).await;
                (mail, answer)
            });
        }
    }

    /// Counts an answer, and holds the queue if the relay takes nothing.
    fn learn(
        &self,
        progress: &mut PostProgress,
        mail: &MailInHand,
        answer: &RelayAnswer,
        now: Timestamp,
    ) {
        for row in &mail.rows {
            self.metrics.count(&mail.mail.notifier, answer.word());
            if let RelayAnswer::Refused(reason) | RelayAnswer::NoAddress(reason) = answer {
                tracing::warn!(
                    notifier.name = mail.mail.notifier, reader = ?row.reader, reason,
                    "a mail can never be delivered",
                );
            }
        }
        match answer {
            RelayAnswer::Trouble(reason) => {
                let since = progress
                    .failing
                    .as_ref()
                    .map_or(now, |failing| failing.since);
                if progress.failing.is_none() {
                    tracing::warn!(reason, "the relay accepts no mail");
                }
                progress.failing = Some(Failing {
                    since,
                    reason: reason.clone(),
                    paused: false,
                });
                progress.held = Some(Instant::now() + backoff(progress.tries, rand::random()));
                progress.tries = progress.tries.saturating_add(1);
                self.metrics.fails(progress.failing.clone());
            }
            RelayAnswer::Unknown(reason) => {
                tracing::warn!(
                    notifier.name = mail.mail.notifier,
                    reason,
                    "a mail may or may not have arrived",
                );
            }
            // Whatever it says of one mail, it answers.
            RelayAnswer::Taken
            | RelayAnswer::Later(_)
            | RelayAnswer::Full(_)
            | RelayAnswer::NoAddress(_)
            | RelayAnswer::Refused(_) => {
                progress.tries = 0;
                progress.held = None;
                if progress.failing.take().is_some() {
                    tracing::info!("the relay accepts mail again");
                    self.metrics.fails(None);
                }
            }
        }
    }
}

/// Writes a mail and hands it to the relay.
async fn handed_over(
    relay: &Relay,
    sender: &Sender,
    mail: &MailInHand,
    now: Timestamp,
) -> RelayAnswer {
    let Some(row) = mail.rows.first() else {
        return RelayAnswer::Refused("there is nothing to send".to_owned());
    };
    match sender.compose(&mail.mail, &row.reader, &mail.name, now) {
        Ok(message) => relay.send(&message).await,
        Err(error) => RelayAnswer::Refused(format!("the mail cannot be written: {error}")),
    }
}

/// Ends at a moment; never without one.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
