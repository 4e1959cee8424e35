//! Who may ask the operators' listener, and what a refusal says.

pub mod csrf;
pub mod error;
pub mod hosts;
pub mod operators;
pub mod token;
