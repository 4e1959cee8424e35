//! What people change by command: which incident is meant, and the new file.

pub mod affected;
pub mod amend;
pub mod find;
