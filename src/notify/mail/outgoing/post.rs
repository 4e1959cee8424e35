//! Drains the queue of mails: one task, with a bounded number of connections.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::board::Board;
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::exchange::{ExchangedMails, QueueVisit, exchange};
use crate::notify::mail::outgoing::in_hand::MailInHand;
use crate::notify::mail::outgoing::post_progress::PostProgress;
use crate::notify::mail::outgoing::present::{FixedRecipients, PresentState};
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::mail::smtp::relay::Relay;

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
    /// The fixed recipients of each notifier.
    pub recipients: Arc<FixedRecipients>,
    /// Tells the moment (law 8).
    pub clock: fn() -> Timestamp,
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
        let connections = self.sender.settings.connections.into();
        let mut in_hand = JoinSet::new();
        let mut ended = Vec::new();
        loop {
            let board = Arc::clone(&boards.borrow_and_update());
            let is_reader = board.facts.reader;
            if is_reader {
                progress.has_begun = false;
            }
            let room = if is_reader || stop.is_cancelled() {
                0
            } else {
                progress.room(connections, in_hand.len())
            };
            let next = self
                .turn(&mut progress, &mut ended, (room, board), &mut in_hand)
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
        let board = Arc::clone(&boards.borrow());
        self.turn(&mut progress, &mut ended, (0, board), &mut in_hand)
            .await;
        self.relay.close().await;
    }

    /// Notes what ended and takes what is next, in one transaction; returns when
    /// something is due.
    async fn turn(
        &self,
        progress: &mut PostProgress,
        ended: &mut Vec<(MailInHand, RelayAnswer)>,
        (room, board): (usize, Arc<Board>),
        in_hand: &mut JoinSet<(MailInHand, RelayAnswer)>,
    ) -> Option<Instant> {
        let now = (self.clock)();
        let mut done = std::mem::take(ended);
        for (mail, answer) in done.iter_mut().skip(progress.learned) {
            progress.learn(&self.metrics, mail, answer, now);
        }
        let connections = self.sender.settings.connections.into();
        // What is held must not be taken although there was room when the turn began.
        let room = room.min(progress.room(connections, in_hand.len()));
        let must_begin = room > 0 && !progress.has_begun;
        let is_time = |at: Instant| at.elapsed() >= COUNTED_EVERY;
        let must_count = in_hand.is_empty() || progress.counted.is_none_or(is_time);
        let kept = done.clone();
        let visit = QueueVisit {
            room,
            begins: must_begin,
            counts: must_count,
        };
        let present = self.present(board);
        let turn = self
            .queue
            .with(move |store| exchange(store, &done, visit, &present, now));
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

    /// What is true now.
    fn present(&self, board: Arc<Board>) -> PresentState {
        PresentState {
            board,
            site: self.sender.site.url.clone(),
            recipients: Arc::clone(&self.recipients),
        }
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
}

/// Writes a mail and hands it to the relay.
async fn handed_over(
    relay: &Relay,
    sender: &Sender,
    mail: &MailInHand,
    now: Timestamp,
) -> RelayAnswer {
    let Some(row) = mail.rows.first() else {
        return RelayAnswer::Unsendable("there is nothing to send".to_owned());
    };
    match sender.compose(&mail.mail, &row.reader, &mail.name, now) {
        Ok(message) => relay.send(&message).await,
        Err(error) => RelayAnswer::Unsendable(format!("the mail cannot be written: {error}")),
    }
}

/// Ends at a moment; never without one.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
