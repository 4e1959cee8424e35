//! The desk: carries out what visitors ask, sends them their links, and does what is due.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::TransactionBehavior;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::model::board::Board;
use crate::model::request::receivers::subscriber_care::PendingCare;
use crate::model::request::receivers::subscription::{
    PendingSubscription, ReportRhythm, SubscriptionErrand, SubscriptionLimits,
};
use crate::model::request::samples::push::{Push, PushRefusal};
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::mail::returned::collect::{CollectError, collect};
use crate::notify::subscribers::care;
use crate::notify::subscribers::errands;
use crate::notify::subscribers::metrics::SubscriberCounts;
use crate::notify::subscribers::recipients::{self, Matter, Topical};
use crate::notify::subscribers::report::{self, ReportPeriod};
use crate::notify::subscribers::subscriber::SubscriptionState;
use crate::notify::subscribers::table;
use crate::notify::{mail, outbox};
use crate::store::file::Store;

/// What the schedule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubscriberJob {
    /// Forget what was never confirmed or has expired.
    Prune,
    /// Send the reports of uptime that are due.
    Report,
    /// Take what came back.
    Collect,
}

/// When each job is due, in UTC; who gets a report when is decided in the site's own zone.
pub(crate) const SCHEDULE: [(&str, SubscriberJob); 3] = [
    ("15 */10 * * * *", SubscriberJob::Prune),
    ("0 5 * * * *", SubscriberJob::Report),
    ("40 * * * * *", SubscriberJob::Collect),
];

/// What the settings say of subscriptions.
#[derive(Clone, Debug)]
pub(crate) struct DeskSettings {
    /// The public address of the page; without it nobody can subscribe.
    pub site: Option<String>,
    /// Whose days a report counts.
    pub zone: TimeZone,
    /// The Maildir of what comes back.
    pub bounces: Option<PathBuf>,
    /// How many subscribe how often.
    pub limits: SubscriptionLimits,
}

/// What reaches the desk.
#[derive(Debug)]
pub(crate) struct DeskInbox {
    /// What visitors ask.
    pub errands: mpsc::Receiver<PendingSubscription>,
    /// What operators ask.
    pub care: mpsc::Receiver<PendingCare>,
    /// What the schedule asks.
    pub jobs: mpsc::UnboundedReceiver<SubscriberJob>,
    /// What the settings say.
    pub settings: watch::Receiver<DeskSettings>,
    /// What the page shows.
    pub boards: watch::Receiver<Arc<Board>>,
}

/// The desk.
#[derive(Debug)]
pub(crate) struct SubscriberDesk {
    /// The database, and the way of mails.
    pub queue: MailQueue,
    /// How many subscribers there are.
    pub counts: SubscriberCounts,
    /// Tells the moment (law 8).
    pub clock: fn() -> Timestamp,
}

impl SubscriberDesk {
    /// Works until told to stop.
    pub(crate) async fn run(self, mut inbox: DeskInbox, stop: CancellationToken) {
        let mut is_blind = false;
        self.count().await;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Some(push) = inbox.errands.recv() => {
                    let looks = matches!(push.what, SubscriptionErrand::Look(_));
                    let limits = inbox.settings.borrow().limits;
                    self.take(push, limits).await;
                    if looks {
                        continue;
                    }
                }
                Some(Push { what, answer }) = inbox.care.recv() => {
                    let now = (self.clock)();
                    let done = self.queue.with(move |store| care::execute(store, what, now));
                    let done = done.await.map_err(|error| {
                        tracing::error!(%error, "cannot carry out what an operator asks");
                        PushRefusal::Unwritten
                    });
                    // Who asked may have gone away.
                    let _ = answer.send(done);
                }
                Some(job) = inbox.jobs.recv() => {
                    let settings = inbox.settings.borrow().clone();
                    let board = inbox.boards.borrow().clone();
                    self.work(job, settings, &board, &mut is_blind).await;
                }
                else => {
                    // Nobody can ask any more: we are stopping.
                    stop.cancelled().await;
                    return;
                }
            }
            self.count().await;
        }
    }

    async fn take(&self, push: PendingSubscription, limits: SubscriptionLimits) {
        let Push { what, answer } = push;
        let now = (self.clock)();
        let done = self
            .queue
            .with(move |store| errands::execute(store, what, &limits, now));
        let done = done.await.map_err(|error| {
            tracing::error!(%error, "cannot carry out what a subscriber asks");
            PushRefusal::Unwritten
        });
        let done = done.map(|outcome| {
            if let Some(link) = outcome.link {
                self.queue.wake();
                let id = link.subscriber.id;
                tracing::debug!(subscriber.id = id, "a link to a subscription is sent");
            }
            outcome.answer
        });
        // Who asked may have gone away.
        let _ = answer.send(done);
    }

    /// Does what is due; `is_blind` says whether the Maildir was out of reach the last
    /// time, which is logged once.
    async fn work(
        &self,
        job: SubscriberJob,
        settings: DeskSettings,
        board: &Board,
        is_blind: &mut bool,
    ) {
        let now = (self.clock)();
        let done = match job {
            SubscriberJob::Prune => self.queue.with(move |store| prune(store, now)).await,
            SubscriberJob::Report => self.report(settings, board, now).await,
            SubscriberJob::Collect => self.collect(settings, board, is_blind).await,
        };
        if let Err(error) = done {
            tracing::error!(%error, ?job, "cannot do what is due for subscribers");
        }
    }

    /// Writes the reports that are due; who was sent one gets no second.
    async fn report(
        &self,
        settings: DeskSettings,
        board: &Board,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let Some(site) = settings.site else {
            return Ok(());
        };
        // Of two monitors one alone sends.
        if board.facts.reader {
            return Ok(());
        }
        for rhythm in ReportRhythm::ALL {
            let Some(period) = ReportPeriod::due(rhythm, now, &settings.zone) else {
                continue;
            };
            let what = Topical {
                topic: period.topic(),
                matter: Matter::Report(rhythm),
                ends: false,
            };
            let mail = Mail {
                key: what.topic.clone(),
                notifier: errands::SENDER.to_owned(),
                topic: None,
                content: MailContent::Report(report::report(board, &period, &site, &settings.zone)),
            };
            let page = move |store: &_, after| recipients::readers(store, &what, after, now);
            self.queue.put(mail, page, now).await?;
        }
        Ok(())
    }

    /// Takes what came back.
    async fn collect(
        &self,
        settings: DeskSettings,
        board: &Board,
        is_blind: &mut bool,
    ) -> rusqlite::Result<()> {
        let Some(folder) = settings.bounces.filter(|_| !board.facts.reader) else {
            return Ok(());
        };
        let now = (self.clock)();
        let collected = self
            .queue
            .with(move |store| Ok(collect(store, &folder, now)));
        let was_blind = *is_blind;
        *is_blind = false;
        match collected.await? {
            Ok(()) if was_blind => tracing::info!("reading the Maildir of `bounces` recovered"),
            Ok(()) => {}
            Err(CollectError::Database(error)) => return Err(error),
            Err(CollectError::Folder(error)) => {
                *is_blind = true;
                if !was_blind {
                    tracing::warn!(%error, "cannot read the Maildir of `bounces`");
                }
            }
        }
        Ok(())
    }

    /// Counts the subscribers for our own metrics.
    async fn count(&self) {
        let counted = self.queue.with(|store| {
            let counts = SubscriptionState::ALL.map(|state| table::count(store, state));
            let [asked, confirmed, paused] = counts;
            Ok([asked?, confirmed?, paused?])
        });
        if let Ok(counts) = counted.await {
            self.counts.set(counts);
        }
    }
}

/// Removes what is over for long: subscribers, mails and the log of deliveries.
fn prune(store: &mut Store, now: Timestamp) -> rusqlite::Result<()> {
    let pruning = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
    table::prune(&pruning, now)?;
    mail::outgoing::table::prune(&pruning, now)?;
    outbox::table::prune(&pruning, now)?;
    pruning.commit()?;
    // Who left must not stand in the log, either.
    store.empty_log()
}
