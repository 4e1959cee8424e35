//! Files of the kernel, read with care.

pub mod file;
pub mod lines;
pub mod reading;
pub mod stat;
pub mod unreadable;
