//! The way into the queue of mails.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{Mutex, Notify};

use crate::notify::mail::letters::content::Mail;
use crate::notify::mail::letters::reader::MailReader;
use crate::notify::mail::outgoing::mails;
use crate::store::file::Store;

/// Some of the readers of a mail.
#[derive(Debug)]
pub(crate) struct ReaderPage {
    /// Who they are; there may be none although there are more pages.
    pub readers: Vec<MailReader>,
    /// After which subscriber the next page begins; `None` after the last page.
    pub next: Option<i64>,
}

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

    /// Writes a mail for all its readers; returns for how many it is new.
    ///
    /// `page` is asked for readers page by page, with the number of the subscriber after
    /// whom it begins (0 at first). Each page is a transaction of its own, in which the
    /// place is noted: other writers wait for one page at most, and whoever is cut off
    /// goes on there with the same key.
    pub(crate) async fn put(
        &self,
        mail: Mail,
        page: impl Fn(&Connection, i64) -> rusqlite::Result<ReaderPage> + Send + Sync + 'static,
        now: Timestamp,
    ) -> rusqlite::Result<usize> {
        let (mail, page) = (Arc::new(mail), Arc::new(page));
        let mut added = 0;
        loop {
            let (mail, page) = (Arc::clone(&mail), Arc::clone(&page));
            let written = self.with(move |store| write_page(store, &mail, &*page, now));
            let (new, is_last) = written.await?;
            self.wake();
            added += new;
            if is_last {
                return Ok(added);
            }
        }
    }

    /// Says that something was written.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
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

/// Writes the next page of the readers of a mail; returns for how many it is new, and
/// whether it is the last.
fn write_page(
    store: &mut Store,
    mail: &Mail,
    page: &impl Fn(&Connection, i64) -> rusqlite::Result<ReaderPage>,
    now: Timestamp,
) -> rusqlite::Result<(usize, bool)> {
    let transaction = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (id, reached) = mails::add_mail(&transaction, mail, now)?;
    let Some(after) = reached else {
        return Ok((0, true));
    };
    let ReaderPage { readers, next } = page(&transaction, after)?;
    let added = mails::add_readers(&transaction, id, &readers, now)?;
    mails::note_reached(&transaction, id, next)?;
    transaction.commit()?;
    Ok((added, next.is_none()))
}
