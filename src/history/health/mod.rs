//! The health of each component: measured, confirmed by files, and summed up.

pub mod confirmed;
pub mod join;
pub mod log;
pub mod parts;
pub mod sums;
pub mod table;
pub mod uptime;
