//! The site in an object store: S3, and what speaks as it does.

pub mod address;
pub mod bucket;
pub(crate) mod connection;
pub mod error;
pub(crate) mod upload;
