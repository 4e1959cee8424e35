//! What must be read again at the next step.

use std::collections::BTreeSet;

use crate::incident::folder::Folder;
use crate::incident::folder::watch::Changed;

/// Files that may have changed since they were read.
#[derive(Debug)]
pub(crate) struct Unread {
    /// What the system reported; all of it at the start.
    pub(crate) changed: Option<Changed>,
    /// Files that could not be written. They do not hurry the next step, as a disk
    /// that is full stays full for a while.
    pub(crate) retry: BTreeSet<String>,
    /// The folder has not answered; all of it is read again when it does.
    is_unsure: bool,
}

impl Default for Unread {
    fn default() -> Self {
        Self {
            changed: Some(Changed::All),
            retry: BTreeSet::new(),
            is_unsure: false,
        }
    }
}

impl Unread {
    /// Reads what may have changed; returns whether anything did.
    pub(crate) async fn read(&mut self, folder: &mut Folder) -> bool {
        let changed = self.changed.take();
        let all = std::mem::take(&mut self.is_unsure).then_some(Changed::All);
        let mut is_changed = match all.or(changed) {
            Some(Changed::All) => folder.refresh().await,
            Some(Changed::Files(files)) => folder.refresh_files(&files).await,
            None => false,
        };
        let retry = std::mem::take(&mut self.retry);
        if !retry.is_empty() {
            is_changed |= folder.refresh_files(&retry).await;
        }
        self.is_unsure = folder.disk().is_late();
        is_changed
    }
}
