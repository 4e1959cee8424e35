//! The way into the queue of mails.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::{Mutex, Notify};

use crate::notify::mail::letters::content::Mail;
use crate::notify::mail::letters::reader::MailReader;
use crate::notify::mail::outgoing::table;
use crate::store::file::Store;

/// The way into the queue of mails; cheap to clone, and shared by all who send mails.
#[derive(Clone, Debug)]
pub(crate) struct MailQueue {
    store: Arc<Mutex<Store>>,
    wake: Arc<Notify>,
}

impl MailQueue {
    /// A queue in a database of its own connection.
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store: Arc::new(Mutex::new(store)),
            wake: Arc::new(Notify::new()),
        }
    }

    /// Writes a mail for all its readers in one transaction; returns for how many it is
    /// new.
    ///
    /// `page` is asked for readers until it has no more, with the subscriber's number of
    /// the last one (0 at first). Who was written down before gets nothing twice.
    pub(crate) async fn put(
        &self,
        mail: Mail,
        page: impl FnMut(&Connection, i64) -> rusqlite::Result<Vec<MailReader>> + Send + 'static,
        now: Timestamp,
    ) -> rusqlite::Result<usize> {
        let added = self
            .with(move |store| written(store, &mail, page, now))
            .await;
        self.wake.notify_one();
        added
    }

    /// Writes a mail for one reader.
    pub(crate) async fn put_one(
        &self,
        mail: Mail,
        reader: MailReader,
        now: Timestamp,
    ) -> rusqlite::Result<usize> {
        let mut readers = Some(vec![reader]);
        let page = move |_: &Connection, _| Ok(readers.take().unwrap_or_default());
        self.put(mail, page, now).await
    }

    /// Waits until something was written.
    pub(crate) async fn changed(&self) {
        self.wake.notified().await;
    }

    /// Does something with the database, where it may take its time.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Store) -> rusqlite::Result<T> + Send + 'static,
    ) -> rusqlite::Result<T> {
        let store = Arc::clone(&self.store);
        let act = move || {
            let mut store = store.blocking_lock();
            store.renew()?;
            act(&mut store)
        };
        let done = tokio::task::spawn_blocking(act).await;
        done.unwrap_or_else(|error| Err(rusqlite::Error::ToSqlConversionFailure(error.into())))
    }
}

fn written(
    store: &Store,
    mail: &Mail,
    mut page: impl FnMut(&Connection, i64) -> rusqlite::Result<Vec<MailReader>>,
    now: Timestamp,
) -> rusqlite::Result<usize> {
    let transaction = store.unchecked_transaction()?;
    let id = table::add_mail(&transaction, mail, now)?;
    let (mut added, mut after) = (0, 0);
    loop {
        let readers = page(&transaction, after)?;
        added += table::add_readers(&transaction, id, &readers, now)?;
        // Fixed recipients have no number; they are one page.
        match readers.last().map(MailReader::subscriber) {
            Some(Some(last)) if last > after => after = last,
            Some(_) | None => break,
        }
    }
    transaction.commit()?;
    Ok(added)
}
