//! One notifier: what is due, its outbox, and the channel that delivers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::model::board::Board;
use crate::model::facts::notifier_state::{Failing, NotifierState, NotifierStates};
use crate::model::facts::trouble::Troubles;
use crate::model::incidents::list::Incidents;
use crate::model::request::leadership::ReceiptsDoor;
use crate::model::request::receivers::resend::Resend;
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelSettings};
use crate::notify::message::known::after::{Fate, SentMessage, after};
use crate::notify::message::known::place::Place;
use crate::notify::message::known::receipt::Doubt;
use crate::notify::message::news::{AbsentFiles, News};
use crate::notify::message::rules::ReceiverRules;
use crate::notify::message::topic::{Topic, TopicId};
use crate::notify::metrics::Deliveries;
use crate::notify::outbox::memory::Outbox;
use crate::notify::sending::attempt::{MustWait, Outgoing};
use crate::notify::sending::delivery::Delivered;

/// Rounds of messages on one board; what is left is due on the next.
const ROUNDS: usize = 8;

/// A `[[notifier]]`.
#[derive(Clone, Debug)]
pub struct NotifierSettings {
    /// Its name.
    pub id: String,
    /// What it wants to be told.
    pub rules: ReceiverRules,
    /// Where it delivers.
    pub channel: ChannelSettings,
}

impl NotifierSettings {
    /// Whether it sends to those who subscribed on the page.
    pub(crate) fn has_subscribers(&self) -> bool {
        matches!(&self.channel, ChannelSettings::Email(settings) if settings.subscribers)
    }
}

/// A notifier with all that it needs.
#[derive(Debug)]
pub(crate) struct Notifier {
    /// Its name in the settings.
    pub name: String,
    /// What its receiver wants to be told.
    pub rules: ReceiverRules,
    /// Where it delivers.
    pub channel: Channel,
    /// What it announced, and what is due.
    pub outbox: Outbox,
    /// What is counted.
    pub deliveries: Deliveries,
    /// What operators and the other notifiers see of it.
    pub states: NotifierStates,
    /// What other parts of the monitor cannot do.
    pub troubles: Troubles,
    /// Where monitors elsewhere learn what was announced.
    pub shared: Option<ReceiptsDoor>,
    /// The public address of the page.
    pub site: Option<String>,
    /// Whose clock the quiet hours follow.
    pub zone: TimeZone,
    /// The language of its words.
    pub language: Language,
    /// Tells the moment at which the remote side answered (law 8).
    pub clock: fn() -> Timestamp,
    /// How the last tries went.
    pub progress: NotifierProgress,
}

/// How the last tries of a notifier went.
#[derive(Debug, Default)]
pub(crate) struct NotifierProgress {
    /// Tries without success, one after the other.
    pub tries: u32,
    /// Messages that failed and wait while others are sent, each until when.
    pub resting: BTreeMap<TopicId, tokio::time::Instant>,
    /// Why nothing gets through.
    pub failing: Option<Failing>,
    /// Files of what was announced that are away.
    pub absent: AbsentFiles,
    /// The incidents that were looked at last.
    pub seen: Option<Arc<Incidents>>,
    /// Whether another monitor announced until now.
    pub followed: bool,
    /// Receipts that monitors elsewhere do not know yet.
    pub unshared: BTreeSet<TopicId>,
    /// Whether the operator's templates failed last.
    pub unworded: bool,
}

impl NotifierProgress {
    /// Nothing was tried yet, and another monitor may have announced until now.
    pub(crate) fn after_another(followed: bool) -> Self {
        Self {
            followed,
            ..Self::default()
        }
    }
}

impl Notifier {
    /// Delivers everything that is due on a board, the oldest topic first; returns how
    /// long to wait before the rest is tried again.
    ///
    /// Two monitors of one folder would announce everything twice: the one that only
    /// reads is silent, and learns what was announced when it takes over.
    pub(crate) async fn step(
        &mut self,
        board: &Board,
        stop: &CancellationToken,
    ) -> Option<Duration> {
        let (now, mut failed) = (tokio::time::Instant::now(), false);
        self.progress.resting.retain(|_, until| *until > now);
        if board.facts.reader {
            self.progress.followed = true;
            self.publish();
            return None;
        }
        if let Some(pause) = self.take_over().await {
            return Some(pause);
        }
        for _ in 0..ROUNDS {
            let news = self.news(board);
            let due = self.note(&news);
            self.publish();
            let resting = &self.progress.resting;
            let due = due.into_iter().filter(|one| !resting.contains_key(one));
            let due: Vec<_> = due.collect();
            if due.is_empty() {
                return None;
            }
            for topic in due {
                // What is left is still due after the restart (law 1).
                if stop.is_cancelled() || self.is_paused() {
                    return None;
                }
                match self.deliver(&news, &topic).await {
                    None => failed = false,
                    // One that fails may be at fault itself; two are not.
                    Some(MustWait::Message(pause)) if !failed => {
                        failed = true;
                        let until = tokio::time::Instant::now() + pause;
                        self.progress.resting.insert(topic, until);
                    }
                    Some(MustWait::Message(pause) | MustWait::Notifier(pause)) => {
                        self.publish();
                        return Some(pause);
                    }
                }
            }
        }
        None
    }

    /// What is to be sent of a topic, if something still is; notes that it is about to be.
    pub(crate) fn begin(&mut self, topic: &Topic<'_>, now: Timestamp) -> Option<Outgoing> {
        // Another message of this round may have settled it.
        let due = self.due(topic, now)?;
        let message = self.worded(self.announcement(topic, due.occasion()));
        let before = self.outbox.receipt(&topic.id);
        let doubt = before.and_then(|receipt| receipt.doubt.as_ref());
        let (occasion, mark) = (due.occasion(), message.mark());
        let is_repeated = |doubt: &&Doubt| {
            let is_worded = doubt.mark == mark || !topic.id.is_public();
            doubt.times.is_some() && doubt.occasion == occasion && is_worded
        };
        let key = match doubt.filter(is_repeated) {
            Some(doubt) => doubt.key.clone(),
            None => self
                .outbox
                .entry(&topic.id)?
                .key(&self.name, occasion, &mark),
        };
        let sent = SentMessage {
            due: due.clone(),
            delivered: Delivered::default(),
            mark,
            key: key.clone(),
            at: now,
            fate: Fate::Unknown,
        };
        // An edit leaves no doubt: it is due again until it is known to have arrived.
        let receipt = due
            .edited()
            .is_none()
            .then(|| after(topic, before.cloned(), sent, &self.rules));
        if let Some(id) = due.edited() {
            // Until the answer comes nobody knows what it says.
            self.outbox
                .correct(&topic.id, |receipt| receipt.doubted(id));
        }
        self.outbox.begin(&topic.id, receipt, now);
        Some(Outgoing { due, message, key })
    }

    /// Delivers what is due of a topic; returns what must wait, if anything must.
    async fn deliver(&mut self, news: &News<'_>, id: &TopicId) -> Option<MustWait> {
        let topic = news.topic(id)?;
        let outgoing = self.begin(&topic, news.board.at)?;
        let receipt = self.outbox.receipt(id);
        let thread = receipt.and_then(|receipt| receipt.thread.clone());
        let place = Place {
            message: outgoing.due.edited(),
            thread: thread.as_deref(),
            key: &outgoing.key,
        };
        tracing::debug!(
            notifier.name = self.name,
            key = outgoing.key,
            occasion = outgoing.message.occasion.word(),
            "a message is sent",
        );
        if let Some(pause) = self.share_before(id, news.board.at).await {
            return Some(MustWait::Notifier(pause));
        }
        let begun = Instant::now();
        let span = self.sending(id, &outgoing);
        let outcome = self.channel.deliver(&self.name, &outgoing.message, &place);
        let outcome = outcome.instrument(span.clone()).await;
        if let Err(error) = &outcome {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", error.word());
            span.record("notifier.outcome", error.outcome());
        }
        drop(span);
        self.deliveries.took(&self.name, begun.elapsed());
        let pause = self.settle(news.board, &topic, &outgoing, outcome);
        self.share_after(id).await;
        pause
    }

    /// What traces tell of a message.
    fn sending(&self, id: &TopicId, outgoing: &Outgoing) -> Span {
        tracing::info_span!(
            "announce",
            otel.kind = "client",
            otel.status_code = Empty,
            error.type = Empty,
            notifier.name = self.name,
            notifier.topic = %id,
            notifier.occasion = outgoing.message.occasion.word(),
            notifier.outcome = "delivered",
        )
    }

    /// Whether it has stopped until the settings are reloaded.
    pub(crate) fn is_paused(&self) -> bool {
        self.progress
            .failing
            .as_ref()
            .is_some_and(|failing| failing.paused)
    }

    /// Shows operators and the other notifiers how it stands.
    fn publish(&self) {
        let (due, oldest) = self.outbox.waiting();
        self.deliveries
            .queued(&self.name, due, oldest, self.is_paused());
        let mails = self.channel.mails(&self.name);
        let (mails, relay) = mails.unzip();
        let failing = self.progress.failing.clone();
        self.states.put(NotifierState {
            name: self.name.clone(),
            due,
            oldest,
            failing: failing.or(relay.flatten()),
            mails,
            recent: self.outbox.recent(),
        });
    }

    /// Delivers what is due on each new board until told to stop.
    pub(crate) async fn run(
        mut self,
        mut boards: watch::Receiver<Arc<Board>>,
        mut resends: mpsc::Receiver<Resend>,
        stop: CancellationToken,
    ) {
        self.deliveries.begin(&self.name);
        let mut wait: Option<tokio::time::Instant> = None;
        loop {
            let board = boards.borrow_and_update().clone();
            if wait.is_none_or(|until| until <= tokio::time::Instant::now()) {
                let pause = self.step(&board, &stop).await;
                wait = pause.map(|pause| tokio::time::Instant::now() + pause);
            } else if !board.facts.reader {
                // Written down at once, sent later.
                let news = self.news(&board);
                self.note(&news);
                self.publish();
            }
            let again = async {
                let resting = self.progress.resting.values().min().copied();
                match wait.or(resting) {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = again => wait = None,
                // Whoever has gone away would neither note it nor know.
                Some(asked) = resends.recv() => if !asked.answer.is_closed() {
                    let _ = asked.answer.send(self.resend(&board, asked.delivery));
                },
                changed = boards.changed() => if changed.is_err() {
                    // No more boards: we are stopping.
                    stop.cancelled().await;
                    return;
                },
            }
        }
    }
}
