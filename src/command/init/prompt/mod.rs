//! What is asked on a terminal, and how its answers are read.

pub mod address;
pub mod answers;
pub mod questions;
