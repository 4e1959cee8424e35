//! Who may ask the operators' listener, and what a refusal says.

pub(crate) mod acting;
pub(crate) mod csrf;
pub(crate) mod error;
pub(crate) mod hosts;
pub(crate) mod operators;
pub(crate) mod token;
