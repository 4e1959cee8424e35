//! The charts of the page: which are due, and the reader that fetches their data.

pub mod due;
pub mod lookups;
