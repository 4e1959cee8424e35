//! What the answers of the relay mean for the queue as a whole.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::model::facts::notifier_state::Failing;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::in_hand::MailInHand;
use crate::notify::mail::outgoing::settle::doubted;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::sending::delivery::backoff;

/// How long a mail that the relay took proves that it takes mails of this sender.
const PROVEN: Duration = Duration::from_mins(10);

/// The longest pause after an answer that may concern one reader only.
const LONGEST_BUSY: Duration = Duration::from_secs(30);

/// How the last tries went.
#[derive(Debug, Default)]
pub(crate) struct PostProgress {
    /// Tries in which the relay took nothing, one after the other.
    tries: u32,
    /// Until when nothing is tried.
    pub held: Option<Instant>,
    /// When the relay took a mail last.
    taken: Option<Instant>,
    /// Since when nothing gets through, and why.
    failing: Option<Failing>,
    /// When what waits was counted last.
    pub counted: Option<Instant>,
    /// Whether the rows of a run before were looked at.
    pub has_begun: bool,
    /// How many of the mails that ended were learned of, and could not be noted yet.
    pub learned: usize,
    /// Whether the last access to the database failed, which is logged once.
    pub is_broken: bool,
}

impl PostProgress {
    /// How many more mails may be in hand.
    pub(crate) fn room(&self, connections: usize, in_hand: usize) -> usize {
        let is_held = self.held.is_some_and(|until| until > Instant::now());
        // After trouble one mail tries whether it is over.
        let most = match self.failing {
            _ if is_held => 0,
            Some(_) => 1,
            None => connections,
        };
        most.saturating_sub(in_hand)
    }

    /// Counts an answer, and holds the queue if the relay takes nothing. A refusal is believed
    /// only of a relay that takes mails of this sender, or after some tries.
    pub(crate) fn learn(
        &mut self,
        metrics: &MailMetrics,
        mail: &MailInHand,
        answer: &mut RelayAnswer,
        now: Timestamp,
    ) {
        if self.taken.is_none_or(|at| at.elapsed() >= PROVEN) {
            let tries = mail.rows.iter().map(|row| row.tries).max();
            *answer = doubted(answer.clone(), tries.unwrap_or_default());
        }
        let answer = &*answer;
        for row in &mail.rows {
            metrics.count(&mail.mail.notifier, answer.word());
            if let RelayAnswer::Refused(reason)
            | RelayAnswer::NoAddress(reason)
            | RelayAnswer::Unsendable(reason) = answer
            {
                tracing::warn!(
                    notifier.name = mail.mail.notifier, reader = ?row.reader, reason,
                    "a mail can never be delivered",
                );
            }
        }
        match answer {
            RelayAnswer::Busy(reason) => self.hold(reason, LONGEST_BUSY, now),
            RelayAnswer::Trouble(reason) => self.hold(reason, Duration::MAX, now),
            RelayAnswer::Unknown(reason) => {
                tracing::warn!(
                    notifier.name = mail.mail.notifier,
                    reason,
                    "a mail may or may not have arrived",
                );
            }
            RelayAnswer::Unsendable(_) => {}
            // Whatever it says of one mail, it answers.
            RelayAnswer::Taken
            | RelayAnswer::Later(_)
            | RelayAnswer::Full(_)
            | RelayAnswer::NoAddress(_)
            | RelayAnswer::Refused(_) => {
                self.tries = 0;
                self.held = None;
                if matches!(answer, RelayAnswer::Taken) {
                    self.taken = Some(Instant::now());
                }
                if self.failing.take().is_some() {
                    tracing::info!("the relay accepts mail again");
                }
            }
        }
        metrics.fails(self.failing.clone());
    }

    /// Lets the queue wait; of mails that were in hand at once the first counts.
    fn hold(&mut self, reason: &str, longest: Duration, now: Timestamp) {
        let since = self.failing.as_ref().map_or(now, |failing| failing.since);
        if self.failing.is_none() {
            tracing::warn!(reason, "the relay accepts no mail");
        }
        self.failing = Some(Failing {
            since,
            reason: reason.to_owned(),
            paused: false,
        });
        if self.held.is_some_and(|until| until > Instant::now()) {
            return;
        }
        let pause = backoff(self.tries, rand::random()).min(longest);
        self.held = Some(Instant::now() + pause);
        self.tries = self.tries.saturating_add(1);
    }
}
