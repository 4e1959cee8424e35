//! What visitors and operators reach, and the tasks behind it.

pub(crate) mod incidents;
pub(crate) mod listeners;
pub(crate) mod operator_doors;
pub(crate) mod operators;
pub(crate) mod public;
pub(crate) mod subscribers;
