//! What is collected from a Redis, from real servers of many kinds.

mod access;
mod canary;
mod figures;
mod many;
mod reasons;
mod sentinel;
mod wire;
pub(crate) mod world;
