//! Texts for people and addresses: languages, units and slugs.

pub mod causes;
pub mod difference;
pub mod hex;
pub mod language;
pub mod nearest;
pub mod plain;
pub(crate) mod shape;
pub mod slug;
pub mod truncate;
pub mod unit;
pub mod xml;
pub mod yaml_fault;
