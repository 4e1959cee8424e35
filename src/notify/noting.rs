//! What is due to a receiver on a board, written into its outbox.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::due::{DueMessage, Manner};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::known::traits::FileTraits;
use crate::notify::message::news::News;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::operations::operations;
use crate::notify::message::rules::Audience;
use crate::notify::message::topic::{Topic, TopicId};
use crate::notify::notifier::Notifier;

impl Notifier {
    /// What there may be to announce at the moment of a board.
    pub(crate) fn news<'b>(&mut self, board: &'b Board) -> News<'b> {
        let operations = match self.rules.audience {
            Audience::Operators => {
                operations(board, &self.states.newest(), &self.troubles, &self.name)
            }
            Audience::Public => Vec::new(),
        };
        let absent = &mut self.progress.absent;
        let news = News::new(board, operations, self.outbox.receipts(), absent);
        for (topic, file) in news.followed.iter() {
            let name = (file.id.0 != topic.name()).then(|| file.id.0.clone());
            let traits = Some(FileTraits::of(file));
            let is_known = |receipt: &Receipt| {
                !receipt.away && receipt.file == name && receipt.traits == traits
            };
            let receipt = self.outbox.receipt(topic);
            if receipt.is_some_and(|receipt| !is_known(receipt)) {
                self.outbox.correct(topic, |receipt| {
                    (receipt.away, receipt.file, receipt.traits) = (false, name, traits);
                });
            }
        }
        for topic in self.progress.absent.topics() {
            if self.outbox.receipt(topic).is_some_and(|one| !one.away) {
                self.outbox.correct(topic, |receipt| receipt.away = true);
            }
        }
        news
    }

    /// Writes into the outbox what is due; returns the topics, what waits longest first.
    pub(crate) fn note(&mut self, news: &News<'_>) -> Vec<TopicId> {
        let now = news.board.at;
        let incidents = &news.board.facts.incidents;
        let seen = self.progress.seen.replace(Arc::clone(incidents));
        // What is over is looked at when a file has changed, or while something waits.
        let changed = seen.is_none_or(|seen| !Arc::ptr_eq(&seen, incidents));
        let pending = self.outbox.pending();
        let (mut topics, mut held) = (Vec::new(), BTreeSet::new());
        for topic in news.topics(|name| changed || pending.contains(name)) {
            let Some(due) = self.due_at_all(&topic, now) else {
                continue;
            };
            if !self.is_quiet(&topic, &due, now) {
                self.outbox.due(&topic.id, due.occasion(), now);
                topics.push(topic.id);
            } else if self.outbox.entry(&topic.id).is_some() {
                // It waited before the quiet hours began.
                held.insert(topic.id);
            }
        }
        held.extend(topics.iter().cloned());
        self.outbox.retain(&held, now);
        let resting = &mut self.progress.resting;
        resting.retain(|topic, _| held.contains(topic));
        topics.sort_by_key(|topic| self.outbox.entry(topic).map(|entry| (entry.due, entry.id)));
        topics
    }

    /// What is due of a topic at a moment.
    pub(crate) fn due(&self, topic: &Topic<'_>, now: Timestamp) -> Option<DueMessage> {
        let due = self.due_at_all(topic, now)?;
        (!self.is_quiet(topic, &due, now)).then_some(due)
    }

    /// Whether a message waits for the end of the quiet hours.
    fn is_quiet(&self, topic: &Topic<'_>, due: &DueMessage, now: Timestamp) -> bool {
        let told = self.outbox.receipt(&topic.id);
        let told = told.filter(|receipt| receipt.stage.is_open() || receipt.doubt.is_some());
        let told = told.map(|receipt| receipt.severity);
        let clock = (now, &self.zone);
        self.rules.is_quiet(topic, told, due.occasion(), clock)
    }

    /// What is due of a topic at a moment, be it quiet or not.
    fn due_at_all(&self, topic: &Topic<'_>, now: Timestamp) -> Option<DueMessage> {
        let manner = Manner {
            rules: &self.rules,
            updates: self.rules.updates.unwrap_or(self.channel.updates()),
        };
        let receipt = self.outbox.receipt(&topic.id);
        let waiting = self.outbox.entry(&topic.id).map(|entry| entry.occasion);
        let mark = || self.announcement(topic, Occasion::Edited).mark();
        manner.due(topic, receipt, waiting, &mark, now)
    }

    pub(crate) fn announcement(&self, topic: &Topic<'_>, occasion: Occasion) -> Announcement {
        Announcement::new(topic, occasion, self.site.as_deref()).spoken(self.language)
    }
}
