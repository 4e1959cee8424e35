//! What rules ask of an expression besides its value.

pub mod companions;
pub mod decisive;
pub mod jobs;
pub mod reach;
pub mod selectors;
pub(crate) mod visibility;
pub(crate) mod visit;
pub mod worst;
