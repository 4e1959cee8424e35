//! An answer on its way to one visitor: its headers, coding and conditions.

pub(crate) mod base_path;
pub(crate) mod coding;
pub(crate) mod condition;
pub(crate) mod empty;
pub(crate) mod host;
pub(crate) mod rendered;
pub(crate) mod respond;
pub(crate) mod security_headers;
