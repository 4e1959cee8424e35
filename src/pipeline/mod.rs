//! From samples to the board: the stages in their order, and what makes them step.

pub(crate) mod heartbeat;
pub(crate) mod publication;
pub mod questions;
pub mod stages;
