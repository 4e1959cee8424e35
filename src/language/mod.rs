//! The sentences that we say to people, in every language.

pub mod speech;
