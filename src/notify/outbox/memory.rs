//! The outbox of one notifier: what it announced and what is due.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use crate::model::facts::notifier_state::{DeliveryRecord, RECENT};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::TopicId;
use crate::notify::outbox::disk::OutboxDisk;
use crate::notify::outbox::entry::{EntryState, OutboxEntry};
use crate::notify::outbox::table;
use crate::store::file::Store;

/// The outbox of one notifier; it alone writes its rows (law 4).
///
/// There is at most one open entry of a topic, so that nothing overtakes anything.
/// Memory counts, against law 5: a disk that is full must neither silence a notifier
/// nor make it repeat itself. The worst is one repetition after a restart.
#[derive(Debug)]
pub(crate) struct Outbox {
    disk: OutboxDisk,
    receipts: BTreeMap<TopicId, Receipt>,
    /// The topics of receipts that are watched; most are not.
    watched: BTreeSet<TopicId>,
    open: BTreeMap<TopicId, OutboxEntry>,
    recent: VecDeque<DeliveryRecord>,
    /// Where messages are delivered.
    target: String,
}

impl Outbox {
    /// Reads what this notifier announced before, and what it left undone.
    ///
    /// The delivery log forgets what is over for long. What was told at another target than
    /// this one was told to nobody here.
    pub(crate) fn open(
        store: Store,
        (notifier, target): (&str, String),
        now: Timestamp,
    ) -> rusqlite::Result<Self> {
        let mut outbox = Self {
            disk: OutboxDisk::new(store, notifier),
            receipts: BTreeMap::new(),
            watched: BTreeSet::new(),
            open: BTreeMap::new(),
            recent: VecDeque::new(),
            target,
        };
        outbox.write(|store, _| table::prune(store, now).map(drop));
        outbox.reload()?;
        Ok(outbox)
    }

    /// Whether something was told at another target.
    fn is_elsewhere(&self, receipt: &Receipt) -> bool {
        let target = receipt.target.as_ref();
        target.is_some_and(|target| *target != self.target)
    }

    /// Forgets what the receivers of another target know, and messages that stand there.
    fn leave_others(&mut self) {
        let receipts = self.receipts.iter();
        let elsewhere = receipts.filter(|(_, receipt)| self.is_elsewhere(receipt));
        let elsewhere: Vec<_> = elsewhere
            .map(|(topic, receipt)| (topic.clone(), receipt.stage.is_open()))
            .collect();
        for (topic, is_open) in elsewhere {
            if is_open {
                self.receipts.remove(&topic);
                self.write(|store, notifier| table::forget(store, notifier, &topic));
            } else {
                self.correct(&topic, |receipt| {
                    receipt.messages.clear();
                    receipt.thread = None;
                    receipt.doubt = None;
                    // Nobody here must hear that something never was.
                    receipt.withdrawn = true;
                });
            }
        }
    }

    /// Reads it again: another monitor may have announced something meanwhile.
    pub(crate) fn reload(&mut self) -> rusqlite::Result<()> {
        let (store, notifier) = (&self.disk.store, &*self.disk.notifier);
        self.receipts = table::receipts(store, notifier)?;
        let open = table::open_entries(store, notifier)?;
        self.open.clear();
        for mut entry in open {
            if entry.state == EntryState::Sending
                && let Some(receipt) = entry.receipt.take()
            {
                // The monitor ended meanwhile: it may have arrived.
                entry.state = EntryState::Unknown;
                entry.reason = Some("the monitor ended while it was sent".to_owned());
                // A full disk may have kept what was sent later, and not that this arrived.
                let known = self.receipts.get(&entry.topic);
                let is_news = known.is_none_or(|known| known.newest() <= receipt.newest());
                let topic = entry.topic.clone();
                if is_news {
                    self.receipts.insert(topic.clone(), receipt.clone());
                }
                self.write(|store, notifier| {
                    if is_news {
                        table::keep(store, notifier, &topic, &receipt)?;
                    }
                    table::note(store, &entry)
                });
            } else {
                entry.state = EntryState::Due;
                self.open.insert(entry.topic.clone(), entry);
            }
        }
        self.leave_others();
        let watched = self.receipts.iter().filter(|(_, one)| one.is_watched());
        self.watched = watched.map(|(topic, _)| topic.clone()).collect();
        let (store, notifier) = (&self.disk.store, &*self.disk.notifier);
        let newest = table::newest(store, Some(notifier), RECENT)?;
        self.recent = newest
            .iter()
            .map(|(notifier, entry)| entry.delivery(notifier))
            .collect();
        Ok(())
    }

    /// Takes what another monitor announced, where it knows more; returns the topics of
    /// which we know more.
    pub(crate) fn adopt(
        &mut self,
        theirs: Vec<(TopicId, Receipt)>,
    ) -> rusqlite::Result<BTreeSet<TopicId>> {
        let mut ours: BTreeSet<TopicId> = self.receipts.keys().cloned().collect();
        for (topic, receipt) in theirs {
            if self.is_elsewhere(&receipt) {
                continue;
            }
            let is_news = self
                .receipts
                .get(&topic)
                .is_none_or(|own| receipt.knows_more(own));
            if is_news {
                ours.remove(&topic);
                table::keep(&self.disk.store, &self.disk.notifier, &topic, &receipt)?;
                self.know(&topic, receipt);
            } else if self.receipts.get(&topic) == Some(&receipt) {
                ours.remove(&topic);
            }
        }
        Ok(ours)
    }

    /// What was announced of a topic.
    pub(crate) fn receipt(&self, topic: &TopicId) -> Option<&Receipt> {
        self.receipts.get(topic)
    }

    /// All that was announced, and the topics that are watched.
    pub(crate) fn receipts(&self) -> (&BTreeMap<TopicId, Receipt>, &BTreeSet<TopicId>) {
        (&self.receipts, &self.watched)
    }

    /// The names of topics of which more is to be said even if they stay as they are.
    pub(crate) fn pending(&self) -> BTreeSet<String> {
        let topics = self.open.keys().chain(&self.watched);
        topics.map(|topic| topic.name().to_owned()).collect()
    }

    /// What waits of a topic.
    pub(crate) fn entry(&self, topic: &TopicId) -> Option<&OutboxEntry> {
        self.open.get(topic)
    }

    /// How many messages wait, and since when the oldest does.
    pub(crate) fn waiting(&self) -> (usize, Option<Timestamp>) {
        let oldest = self.open.values().map(|entry| entry.due).min();
        (self.open.len(), oldest)
    }

    /// The newest deliveries, newest first.
    pub(crate) fn recent(&self) -> Vec<DeliveryRecord> {
        self.recent.iter().cloned().collect()
    }

    /// Notes what is due of a topic; other news takes the place of an entry that waits.
    pub(crate) fn due(&mut self, topic: &TopicId, occasion: Occasion, now: Timestamp) {
        if let Some(entry) = self.open.get_mut(topic) {
            if entry.occasion != occasion {
                let before = entry.delivery(&self.disk.notifier);
                entry.occasion = occasion;
                entry.changed = now;
                // It became due now, and deserves tries and a key of its own.
                (entry.due, entry.tries) = (now, 0);
                let entry = entry.clone();
                self.recent
                    .retain(|one| one.id != before.id || one.due != before.due);
                self.write(|store, _| table::note(store, &entry));
                self.log(&entry);
            }
            return;
        }
        let mut entry = OutboxEntry {
            id: 0,
            topic: topic.clone(),
            occasion,
            state: EntryState::Due,
            tries: 0,
            due: now,
            changed: now,
            reason: None,
            receipt: None,
        };
        self.write(|store, notifier| table::add(store, notifier, &mut entry));
        self.log(&entry);
        self.open.insert(topic.clone(), entry);
    }

    /// Drops what waits of topics of which nothing is due any more.
    pub(crate) fn retain(&mut self, due: &BTreeSet<TopicId>, now: Timestamp) {
        let stale = self.open.keys().filter(|topic| !due.contains(topic));
        let stale: Vec<_> = stale.cloned().collect();
        for topic in stale {
            self.end(&topic, EntryState::Superseded, None, now);
        }
    }

    /// Notes that a message is about to be sent, and what its receiver may know by then.
    pub(crate) fn begin(&mut self, topic: &TopicId, receipt: Option<Receipt>, now: Timestamp) {
        let Some(entry) = self.open.get_mut(topic) else {
            return;
        };
        let target = Some(self.target.clone());
        entry.receipt = receipt.map(|receipt| Receipt { target, ..receipt });
        entry.state = EntryState::Sending;
        entry.tries = entry.tries.saturating_add(1);
        entry.changed = now;
        let entry = entry.clone();
        self.write(|store, _| table::note(store, &entry));
    }

    /// Notes that a message was not taken, and is due again.
    pub(crate) fn again(&mut self, topic: &TopicId, reason: &str, now: Timestamp) {
        if let Some(entry) = self.failed(topic, reason, now) {
            self.write(|store, _| table::note(store, &entry));
        }
    }

    /// Notes that a message may have been taken, and is due again: what the receiver may
    /// know by now, and the entry, in one transaction.
    pub(crate) fn doubtful(
        &mut self,
        topic: &TopicId,
        receipt: Receipt,
        reason: &str,
        now: Timestamp,
    ) {
        let entry = self.failed(topic, reason, now);
        self.keep(topic, receipt, entry.as_ref());
    }

    fn failed(&mut self, topic: &TopicId, reason: &str, now: Timestamp) -> Option<OutboxEntry> {
        let entry = self.open.get_mut(topic)?;
        entry.state = EntryState::Due;
        entry.receipt = None;
        entry.reason = Some(reason.to_owned());
        entry.changed = now;
        let entry = entry.clone();
        self.log(&entry);
        Some(entry)
    }

    /// Notes what a receiver knows by now, and that an entry is done, in one transaction.
    pub(crate) fn done(
        &mut self,
        topic: &TopicId,
        receipt: Receipt,
        (state, reason): (EntryState, Option<&str>),
        now: Timestamp,
    ) {
        let entry = self.ended(topic, state, reason, now);
        self.keep(topic, receipt, entry.as_ref());
    }

    /// Writes a receipt and an entry in one transaction.
    fn keep(&mut self, topic: &TopicId, mut receipt: Receipt, entry: Option<&OutboxEntry>) {
        receipt.target = Some(self.target.clone());
        self.write(|store, notifier| {
            let transaction = store.unchecked_transaction()?;
            table::keep(store, notifier, topic, &receipt)?;
            if let Some(entry) = entry {
                table::note(store, entry)?;
            }
            transaction.commit()
        });
        self.know(topic, receipt);
    }

    /// Notes that an entry is done.
    pub(crate) fn end(
        &mut self,
        topic: &TopicId,
        state: EntryState,
        reason: Option<&str>,
        now: Timestamp,
    ) {
        if let Some(entry) = self.ended(topic, state, reason, now) {
            self.write(|store, _| table::note(store, &entry));
        }
    }

    fn ended(
        &mut self,
        topic: &TopicId,
        state: EntryState,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Option<OutboxEntry> {
        let mut entry = self.open.remove(topic)?;
        entry.receipt = None;
        entry.state = state;
        entry.changed = now;
        entry.reason = reason.map(str::to_owned);
        self.log(&entry);
        Some(entry)
    }

    /// Corrects a receipt without a message.
    pub(crate) fn correct(&mut self, topic: &TopicId, change: impl FnOnce(&mut Receipt)) {
        let Some(mut receipt) = self.receipts.get(topic).cloned() else {
            return;
        };
        change(&mut receipt);
        receipt.target = Some(self.target.clone());
        self.write(|store, notifier| table::keep(store, notifier, topic, &receipt));
        self.know(topic, receipt);
    }

    fn know(&mut self, topic: &TopicId, receipt: Receipt) {
        if receipt.is_watched() {
            self.watched.insert(topic.clone());
        } else {
            self.watched.remove(topic);
        }
        self.receipts.insert(topic.clone(), receipt);
    }

    /// Puts an entry on top of the log, in place of what it said before.
    fn log(&mut self, entry: &OutboxEntry) {
        let record = entry.delivery(&self.disk.notifier);
        self.recent
            .retain(|other| other.id != record.id || other.due != record.due);
        self.recent.push_front(record);
        self.recent.truncate(RECENT);
    }

    fn write(&mut self, change: impl FnOnce(&Store, &str) -> rusqlite::Result<()>) {
        self.disk.write(&self.receipts, change);
    }
}
