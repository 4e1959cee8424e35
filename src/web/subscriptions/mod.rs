//! Subscriptions by e-mail: asked for, confirmed, managed and ended by visitors.

pub mod form;
pub(crate) mod limit;
pub mod submit;
