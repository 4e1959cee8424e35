//! What is to be found in the incident files: for `critwatch check`, and for the console
//! while the service runs.

pub(crate) mod answering;
pub(crate) mod checker;
