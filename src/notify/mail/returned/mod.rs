//! Mails that come back later, by a report to the sender.

pub(crate) mod collect;
pub(crate) mod maildir;
pub(crate) mod report;
