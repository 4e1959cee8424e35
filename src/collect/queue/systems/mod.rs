//! The systems whose queues can be watched, one file each.

pub mod data_types;
pub mod javascript;
pub mod php;
pub mod python;
pub mod ruby;
