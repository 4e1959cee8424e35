//! Where messages go: one file for each remote side.

pub(crate) mod console;
pub(crate) mod discord;
pub(crate) mod email;
