//! Takes reports out of the Maildir, and notes which readers they concern.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::TransactionBehavior;

use crate::notify::mail::outgoing::exchange::note_returned;
use crate::notify::mail::returned::{maildir, report};
use crate::store::file::Store;

/// Why the mails that came back could not be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CollectError {
    /// The folder is out of reach.
    #[error("cannot read the Maildir of `bounces`")]
    Folder(#[from] io::Error),
    /// The database is.
    #[error("cannot note what came back")]
    Database(#[from] rusqlite::Error),
}

/// Takes what was delivered since the last turn. A mail stays where it is until the
/// database has what follows from it.
pub(crate) fn collect(
    store: &mut Store,
    folder: &Path,
    now: Timestamp,
) -> Result<(), CollectError> {
    for file in maildir::delivered(folder)? {
        let Some(returned) = report::read(&maildir::read(&file)?) else {
            maildir::leave(folder, &file)?;
            continue;
        };
        let noting = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for one in &returned {
            if !note_returned(&noting, one, now)? {
                tracing::debug!(returned = ?one, "a report is about no mail of ours");
            }
        }
        noting.commit()?;
        maildir::remove(&file)?;
    }
    Ok(())
}
