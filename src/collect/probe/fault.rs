//! A fault of a probe's settings that only several keys together show.

/// What is wrong, and at which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingsFault {
    /// The key from the outside in, places in a list counted from 0: `step.1.path`.
    pub(crate) key: String,
    /// What is wrong and what to do about it.
    pub(crate) message: String,
}

impl SettingsFault {
    /// Notes a fault at a key.
    pub(crate) fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            message: message.into(),
        }
    }

    /// The same with the key seen from further outside.
    #[must_use]
    pub(crate) fn within(self, outer: &str) -> Self {
        Self::new(format!("{outer}.{}", self.key), self.message)
    }
}

/// Bytes of an answer that may be asked for.
const MOST: usize = 64 * 1024 * 1024;

/// What is wrong with a `limit`.
pub(crate) fn limit(limit: Option<usize>) -> Option<SettingsFault> {
    let unfit = limit.filter(|limit| !(1..=MOST).contains(limit));
    unfit.map(|_| SettingsFault::new("limit", format!("write 1 to {MOST} bytes")))
}
