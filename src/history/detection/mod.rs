//! How soon the monitor noticed incidents, and how often it was wrong.

#[cfg(test)]
mod tests;

pub mod log;
pub mod summary;
pub mod table;
pub(crate) mod written;
