//! Reports of visitors: taken, and counted.

pub mod counter;
pub mod submit;
