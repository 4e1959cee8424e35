//! When the state of components and planned work changed last.

pub mod log;
pub mod table;
