//! The database of an outbox, which may be full, or new.

use std::collections::BTreeMap;

use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::topic::TopicId;
use crate::notify::outbox::table;
use crate::store::file::Store;

/// The database of an outbox. What it cannot keep is not lost: memory counts.
#[derive(Debug)]
pub(crate) struct OutboxDisk {
    /// The database.
    pub store: Store,
    /// The notifier whose rows it writes.
    pub notifier: String,
    /// Whether the last write failed, which is logged once.
    is_failing: bool,
}

impl OutboxDisk {
    /// The rows of a notifier.
    pub(crate) fn new(store: Store, notifier: &str) -> Self {
        Self {
            store,
            notifier: notifier.to_owned(),
            is_failing: false,
        }
    }

    /// Writes, and says once that it cannot; a new database learns all that was announced.
    pub(crate) fn write(
        &mut self,
        receipts: &BTreeMap<TopicId, Receipt>,
        change: impl FnOnce(&Store, &str) -> rusqlite::Result<()>,
    ) {
        let outcome = self.store.renew().and_then(|is_new| {
            if is_new {
                for (topic, receipt) in receipts {
                    table::keep(&self.store, &self.notifier, topic, receipt)?;
                }
            }
            change(&self.store, &self.notifier)
        });
        match outcome {
            Ok(()) => self.is_failing = false,
            Err(error) if !self.is_failing => {
                self.is_failing = true;
                tracing::error!(
                    notifier.name = self.notifier, %error,
                    "cannot write the outbox; a restart may repeat a message",
                );
            }
            Err(_) => {}
        }
    }
}
