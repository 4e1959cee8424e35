//! Everything that machines ask for.

pub mod address;
pub(crate) mod openapi;
