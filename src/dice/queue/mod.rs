//! The queue: streams in Redis, the end that offers jobs and the end that takes them.
//!
//! A job is in its stream until it is acknowledged. A child that takes it has it *pending*; a
//! job that lies untouched for too long is claimed by another child.

pub mod bookkeeping;
pub mod consumer;
pub mod entry;
pub mod load;
pub mod name;
pub mod producer;
pub mod retry;
pub mod waiters;
