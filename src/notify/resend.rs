//! A refused message that an operator wants to be sent once more.

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::request::receivers::resend::{ResendRefusal, ResendTime};
use crate::notify::message::topic::TopicId;
use crate::notify::notifier::Notifier;
use crate::notify::outbox::entry::EntryState;

impl Notifier {
    /// Makes a refused message due again; it says what is true by then. Returns when.
    ///
    /// Only the newest message of a topic can be meant: what is newer stands for those
    /// before it.
    pub(crate) fn resend(
        &mut self,
        board: &Board,
        delivery: i64,
    ) -> Result<ResendTime, ResendRefusal> {
        if board.facts.reader {
            return Err(ResendRefusal::Reader);
        }
        let recent = self.outbox.recent();
        let record = recent.iter().find(|record| record.id == delivery);
        let record = record.ok_or(ResendRefusal::Unknown)?;
        if record.state != EntryState::Refused.word() {
            return Err(ResendRefusal::NotRefused);
        }
        let topic = TopicId::parse(&record.topic).ok_or(ResendRefusal::Unknown)?;
        let receipt = self.outbox.receipt(&topic);
        let doubt = receipt.and_then(|receipt| receipt.doubt.as_ref());
        let is_newest =
            |since: Timestamp| since.as_millisecond() == record.changed.as_millisecond();
        let doubt = doubt.filter(|doubt| doubt.times.is_none() && is_newest(doubt.since));
        let doubt = doubt.ok_or(ResendRefusal::Outdated)?;
        if doubt.unsure {
            return Err(ResendRefusal::Arrived);
        }
        let news = self.news(board);
        let current = news.topic(&topic).ok_or(ResendRefusal::Outdated)?;
        self.outbox.correct(&topic, |receipt| {
            if let Some(doubt) = &mut receipt.doubt {
                // As one that was never sent, so long ago that it is due.
                doubt.times = Some(0);
                doubt.since = Timestamp::UNIX_EPOCH;
            }
        });
        Ok(if self.is_paused() {
            ResendTime::AfterReload
        } else if self.progress.failing.is_some() {
            ResendTime::AfterFailure
        } else if self.due(&current, board.at).is_none() {
            ResendTime::AfterQuietHours
        } else {
            ResendTime::Now
        })
    }
}
