//! What the stages hand to each other, and nothing else: plain data.

pub mod access;
pub mod board;
pub mod component;
pub mod event;
pub mod facts;
pub mod finding;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod incident;
pub mod incidents;
pub mod request;
pub mod sample;
pub mod series;
pub mod silence;
pub mod text;
pub mod time;
pub mod token_hash;
pub mod verdict;
