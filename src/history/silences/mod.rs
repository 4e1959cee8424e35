//! Silences that people asked for, kept in the database.

pub mod follow;
pub mod table;
