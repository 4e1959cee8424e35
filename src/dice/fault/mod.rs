//! Faults on purpose, and the service as real processes on this machine.

pub mod control;
pub mod error;
pub mod harness;
pub mod operate;
pub mod parent_death;
pub mod place;
pub mod process;
pub mod settings;
pub mod switches;
pub mod vitals;
