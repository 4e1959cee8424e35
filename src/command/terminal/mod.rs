//! What commands read from a person and print for them.

pub mod editor;
pub mod findings;
pub mod input;
pub(crate) mod log_options;
pub mod output;
