//! The tables of collectors, queues and pushes, read and checked.

pub mod push;
pub mod queues;
pub mod table;
