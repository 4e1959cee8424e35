//! What is expected of an answer, and texts with values of earlier steps.

pub mod expectation;
pub mod headers;
pub mod pattern;
pub mod status;
pub mod template;
