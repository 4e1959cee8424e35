//! What cannot be read, logged once when it begins and once when it ends.

use std::collections::BTreeMap;

/// What could not be read, and what was logged of it.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Whose samples they are: `the cgroup redis`.
    of: String,
    logged: BTreeMap<String, String>,
    found: BTreeMap<String, String>,
}

impl Unreadable {
    /// Starts with nothing missing.
    pub(crate) fn new(of: impl Into<String>) -> Self {
        Self {
            of: of.into(),
            logged: BTreeMap::new(),
            found: BTreeMap::new(),
        }
    }

    /// Notes that something cannot be read this time.
    pub(crate) fn note(&mut self, what: impl Into<String>, why: &impl ToString) {
        self.found.insert(what.into(), why.to_string());
    }

    /// Takes what was read; what was not is noted.
    pub(crate) fn take<T, E: ToString>(&mut self, what: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.note(what, &error)).ok()
    }

    /// Logs what is different from the last time; the count of what is missing.
    pub(crate) fn log_changes(&mut self) -> usize {
        let of = &self.of;
        for (what, why) in &self.found {
            if !self.logged.contains_key(what) {
                tracing::warn!(
                    of,
                    file = what,
                    error = why,
                    "cannot read {what} of {of}; its samples are missing"
                );
            }
        }
        for what in self.logged.keys() {
            if !self.found.contains_key(what) {
                tracing::info!(of, file = what, "reading {what} of {of} recovered");
            }
        }
        self.logged = std::mem::take(&mut self.found);
        self.logged.len()
    }
}
