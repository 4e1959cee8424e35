//! What monitors on several machines tell each other of what they announced.
//!
//! The receipt that a message would leave is shared before the message is sent, and by
//! whoever has the lease alone. So the next monitor knows of it, whatever ends this one.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::request::leadership::{ReceiptsDoor, UnsharedReceipt};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::topic::TopicId;
use crate::notify::notifier::Notifier;

/// How long to wait before what could not be shared is tried again.
const PAUSE: Duration = Duration::from_secs(1);

impl Notifier {
    /// Learns what another monitor announced until now; returns a pause if that cannot
    /// be known.
    pub(crate) async fn take_over(&mut self) -> Option<Duration> {
        if self.progress.followed {
            if let Err(error) = self.outbox.reload() {
                tracing::error!(notifier.name = self.name, %error, "cannot read the outbox");
            }
            if let Some(shared) = self.shared.clone()
                && let Err(error) = self.learn(&shared).await
            {
                tracing::warn!(notifier.name = self.name, %error, "cannot read what was announced");
                return Some(PAUSE);
            }
            self.progress.followed = false;
        }
        let mut unshared = std::mem::take(&mut self.progress.unshared);
        while let Some(topic) = unshared.pop_first() {
            if !self.share_after(&topic).await {
                // Nobody waits for each of many in vain.
                break;
            }
        }
        self.progress.unshared.append(&mut unshared);
        None
    }

    async fn learn(&mut self, shared: &ReceiptsDoor) -> Result<(), UnsharedReceipt> {
        let receipts = shared.load(&self.name).await?.into_iter();
        let receipts = receipts.filter_map(|(topic, text)| {
            let receipt: Receipt = serde_json::from_str(&text).ok()?;
            Some((TopicId::parse(&topic)?, receipt))
        });
        match self.outbox.adopt(receipts.collect()) {
            Ok(unshared) => self.progress.unshared = unshared,
            Err(error) => {
                tracing::error!(notifier.name = self.name, %error, "cannot write the outbox");
            }
        }
        Ok(())
    }

    /// Shares what a receiver may know once a message is sent; returns a pause if it
    /// must not be sent.
    pub(crate) async fn share_before(
        &mut self,
        topic: &TopicId,
        now: Timestamp,
    ) -> Option<Duration> {
        let shared = self.shared.clone()?;
        let coming = self
            .outbox
            .entry(topic)
            .and_then(|entry| entry.receipt.as_ref());
        let receipt = coming.or_else(|| self.outbox.receipt(topic)).and_then(text);
        let kept = shared.keep(&self.name, &topic.to_string(), receipt).await;
        let error = kept.err()?;
        self.outbox.again(topic, &error.to_string(), now);
        // Another monitor may have announced more by then.
        self.progress.followed = true;
        Some(PAUSE)
    }

    /// Shares what a receiver was told; returns whether it could. What cannot be shared
    /// now is shared later.
    pub(crate) async fn share_after(&mut self, topic: &TopicId) -> bool {
        let Some(shared) = self.shared.clone() else {
            return true;
        };
        let receipt = self.outbox.receipt(topic).and_then(text);
        let kept = shared.keep(&self.name, &topic.to_string(), receipt).await;
        if kept.is_err() {
            self.progress.unshared.insert(topic.clone());
        }
        kept.is_ok()
    }
}

fn text(receipt: &Receipt) -> Option<String> {
    serde_json::to_string(receipt).ok()
}
