//! Keys of requests that are done once, with their answers.

pub mod table;
