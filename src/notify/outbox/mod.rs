//! Messages that are due, written down before they are sent.

pub(crate) mod disk;
pub(crate) mod entry;
pub(crate) mod memory;
pub(crate) mod table;
