//! Silences in the database, and the thread that follows them.

pub mod follow;
pub mod table;
