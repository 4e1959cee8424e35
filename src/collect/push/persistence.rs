//! Whether what was pushed could be written, logged when that changes.

/// A full disk does not stop us: what cannot be written still counts, and only a
/// restart forgets it.
#[derive(Debug)]
pub(crate) struct Persistence {
    what: &'static str,
    fails: bool,
}

impl Persistence {
    /// Starts as one that works.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, fails: false }
    }

    /// Takes the outcome of a write.
    pub(crate) fn log_changes<T>(&mut self, outcome: &rusqlite::Result<T>) {
        let what = self.what;
        match outcome {
            Err(error) if !self.fails => tracing::error!(
                %error, "cannot write {what} to the database; a restart would forget them",
            ),
            Ok(_) if self.fails => tracing::info!("writing {what} recovered"),
            _ => {}
        }
        self.fails = outcome.is_err();
    }
}
