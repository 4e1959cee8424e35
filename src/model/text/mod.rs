//! Texts for people and addresses: languages, units and slugs.

pub mod causes;
pub mod language;
pub mod plain;
pub mod shorten;
pub mod slug;
pub mod unit;
pub mod xml;
