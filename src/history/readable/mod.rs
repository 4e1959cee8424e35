//! What open incidents said when their files could be read last.

pub mod log;
pub mod table;
