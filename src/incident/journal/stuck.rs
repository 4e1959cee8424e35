//! Files that cannot be written at present, each logged once.

use std::collections::BTreeSet;

use crate::incident::folder::error::{FolderError, WriteError};
use crate::model::text::causes::with_causes;

/// Files that cannot be written, and those of them that were tried in this step.
#[derive(Debug, Default)]
pub struct Stuck {
    files: BTreeSet<String>,
    tried: Vec<String>,
}

impl Stuck {
    /// Takes the result of a write, and logs a failure when it begins and when it
    /// ends, not each time; returns whether the file must be read again.
    pub fn note(&mut self, file: &str, result: Result<(), WriteError>) -> bool {
        match result {
            Ok(()) if self.files.remove(file) => {
                tracing::info!(incident.file = file, "writing incident file recovered");
                false
            }
            Ok(()) => false,
            Err(WriteError::Folder(FolderError::Changed(_))) => {
                tracing::debug!(
                    incident.file = file,
                    "incident file was changed meanwhile; reading it again"
                );
                true
            }
            Err(error) => {
                self.tried.push(file.to_owned());
                if self.files.insert(file.to_owned()) {
                    tracing::error!(
                        incident.file = file,
                        error = with_causes(&error),
                        "cannot write incident file; retrying, and its content is not lost"
                    );
                }
                true
            }
        }
    }

    /// Ends a step: a file that does not exist and that nobody tries to write any
    /// more is not stuck. Returns how many writes failed.
    pub fn settle(&mut self, is_there: impl Fn(&str) -> bool) -> u64 {
        let tried = std::mem::take(&mut self.tried);
        self.files
            .retain(|file| tried.contains(file) || is_there(file));
        u64::try_from(tried.len()).unwrap_or(u64::MAX)
    }

    /// Whether a file is among them.
    pub fn contains(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// Their paths within the folder.
    pub fn files(&self) -> impl Iterator<Item = &String> {
        self.files.iter()
    }
}
