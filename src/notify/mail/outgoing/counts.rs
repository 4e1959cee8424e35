//! What is counted of mails, for `/metrics` and for operators.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use prometheus::{IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};
use tokio::sync::watch;

use crate::model::facts::notifier_state::{Failing, MailCounts};
use crate::notify::mail::letters::reader::Recipient;

/// Every way in which handing over a mail ends.
const OUTCOMES: [&str; 4] = ["delivered", "later", "unknown", "never"];

/// The mails of one notifier; those of one that is gone may still wait.
#[derive(Debug, Default)]
struct MailTally {
    counts: MailCounts,
    in_force: bool,
}

/// Counts mails by notifier and outcome, and keeps how the queue stands.
#[derive(Clone, Debug)]
pub(crate) struct MailMetrics {
    outcomes: IntCounterVec,
    queued: IntGaugeVec,
    oldest: IntGaugeVec,
    newest: Arc<watch::Sender<BTreeMap<String, MailTally>>>,
    failing: Arc<watch::Sender<Option<Failing>>>,
    recipients: IntGauge,
    paused: Arc<watch::Sender<BTreeSet<Recipient>>>,
}

impl MailMetrics {
    /// Makes the counters part of our own metrics.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let labels = &["notifier", "outcome"];
        let outcomes = Opts::new(
            "critwatch_mails_total",
            "Mails handed to the relay for one recipient, by outcome.",
        );
        let outcomes = IntCounterVec::new(outcomes, labels)?;
        let queued = Opts::new(
            "critwatch_mails_queued",
            "Mails waiting in the queue, one for each recipient.",
        );
        let queued = IntGaugeVec::new(queued, &["notifier"])?;
        let oldest = Opts::new(
            "critwatch_mails_oldest_timestamp_seconds",
            "Since when the oldest mail in the queue has been waiting, in Unix time; 0 if none is waiting.",
        );
        let oldest = IntGaugeVec::new(oldest, &["notifier"])?;
        let recipients = IntGauge::new(
            "critwatch_mail_recipients_paused",
            "Fixed recipients that get no mail because their mailbox does not exist.",
        )?;
        registry.register(Box::new(recipients.clone()))?;
        registry.register(Box::new(outcomes.clone()))?;
        registry.register(Box::new(queued.clone()))?;
        registry.register(Box::new(oldest.clone()))?;
        Ok(Self {
            outcomes,
            queued,
            oldest,
            newest: Arc::default(),
            failing: Arc::default(),
            recipients,
            paused: Arc::default(),
        })
    }

    /// Lets every outcome of a notifier count from zero.
    pub(crate) fn begin(&self, notifier: &str) {
        self.newest.send_modify(|all| {
            all.entry(notifier.to_owned()).or_default().in_force = true;
        });
        for outcome in OUTCOMES {
            self.outcomes
                .with_label_values(&[notifier, outcome])
                .inc_by(0);
        }
    }

    /// Removes the series of a notifier that is gone, as soon as none of its mails waits.
    pub(crate) fn forget(&self, notifier: &str) {
        self.newest.send_modify(|all| {
            if let Some(tally) = all.get_mut(notifier) {
                tally.in_force = false;
            }
            self.tidy(all);
        });
    }

    fn tidy(&self, all: &mut BTreeMap<String, MailTally>) {
        all.retain(|notifier, tally| {
            let stays = tally.in_force || tally.counts.due > 0;
            if !stays {
                for outcome in OUTCOMES {
                    let _ = self.outcomes.remove_label_values(&[notifier, outcome]);
                }
                let _ = self.queued.remove_label_values(&[notifier]);
                let _ = self.oldest.remove_label_values(&[notifier]);
            }
            stays
        });
    }

    /// Counts a mail to one reader.
    pub(crate) fn count(&self, notifier: &str, outcome: &str) {
        self.outcomes.with_label_values(&[notifier, outcome]).inc();
        self.newest.send_modify(|all| {
            let counts = &mut all.entry(notifier.to_owned()).or_default().counts;
            match outcome {
                "delivered" => counts.sent += 1,
                "never" => counts.refused += 1,
                _ => {}
            }
        });
    }

    /// Notes how many mails wait.
    pub(crate) fn queued(&self, queued: &[(String, usize, Option<Timestamp>)]) {
        self.newest.send_modify(|all| {
            for tally in all.values_mut() {
                (tally.counts.due, tally.counts.oldest) = (0, None);
            }
            for (notifier, due, oldest) in queued {
                let counts = &mut all.entry(notifier.clone()).or_default().counts;
                (counts.due, counts.oldest) = (*due, *oldest);
            }
            self.tidy(all);
            for (notifier, tally) in all.iter() {
                let due = i64::try_from(tally.counts.due).unwrap_or(i64::MAX);
                let oldest = tally.counts.oldest.map_or(0, Timestamp::as_second);
                self.queued.with_label_values(&[notifier]).set(due);
                self.oldest.with_label_values(&[notifier]).set(oldest);
            }
        });
    }

    /// Notes why the relay takes nothing.
    pub(crate) fn fails(&self, failing: Option<Failing>) {
        self.failing.send_replace(failing);
    }

    /// Notes which fixed recipients are paused.
    pub(crate) fn pauses(&self, paused: BTreeSet<Recipient>) {
        let count = i64::try_from(paused.len()).unwrap_or(i64::MAX);
        self.recipients.set(count);
        self.paused.send_replace(paused);
    }

    /// Which fixed recipients are paused.
    pub(crate) fn paused(&self) -> BTreeSet<Recipient> {
        self.paused.borrow().clone()
    }

    /// How the mails of a notifier stand.
    pub(crate) fn counts(&self, notifier: &str) -> MailCounts {
        let all = self.newest.borrow();
        all.get(notifier)
            .map(|tally| tally.counts.clone())
            .unwrap_or_default()
    }

    /// Why the relay takes nothing.
    pub(crate) fn failing(&self) -> Option<Failing> {
        self.failing.borrow().clone()
    }
}
