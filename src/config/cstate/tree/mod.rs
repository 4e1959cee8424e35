//! Settings in YAML, TOML and JSON as one tree with the places of its keys.

pub mod file;
pub mod node;
pub mod notes;
pub mod parse;
pub mod value;
pub mod yaml;
