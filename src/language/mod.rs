//! The sentences that we say to people, in every language.

pub mod backlog;
pub mod moments;
pub mod phases;
pub mod spans;
pub mod speech;
pub mod waits;
