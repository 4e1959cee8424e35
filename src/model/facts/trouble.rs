//! What parts of the monitor cannot do at present; for operators.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

/// Something that lasts and that operators must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Since when.
    pub since: Timestamp,
    /// One line.
    pub title: String,
    /// What is wrong and what to do, as plain text.
    pub text: String,
}

/// The troubles of all parts, which each of them writes and others read.
#[derive(Clone, Debug, Default)]
pub struct Troubles(Arc<watch::Sender<BTreeMap<&'static str, Trouble>>>);

impl Troubles {
    /// The present troubles, by name.
    pub fn newest(&self) -> BTreeMap<&'static str, Trouble> {
        self.0.borrow().clone()
    }

    /// Says what the trouble of that name is, or that there is none.
    pub fn put(&self, name: &'static str, trouble: Option<Trouble>) {
        self.0.send_if_modified(|troubles| {
            let before = troubles.get(name).cloned();
            match trouble {
                Some(trouble) => troubles.insert(name, trouble),
                None => troubles.remove(name),
            };
            troubles.get(name) != before.as_ref()
        });
    }
}
