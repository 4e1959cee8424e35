//! Everything that machines ask for.

pub mod address;
pub mod openapi;
