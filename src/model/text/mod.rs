//! Texts for people and addresses: languages, units and slugs.

pub mod language;
pub mod slug;
pub mod unit;
