//! An answer on its way to one visitor: its headers, coding and conditions.

pub mod base_path;
pub mod coding;
pub mod condition;
pub mod empty;
pub mod give;
pub mod host;
pub mod rendered;
pub mod security_headers;
