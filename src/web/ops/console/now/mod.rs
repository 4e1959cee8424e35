//! *Now*: what is the matter at present, why, and how the monitor itself fares.

pub(crate) mod collectors;
pub(crate) mod components;
pub(crate) mod incidents;
pub(crate) mod monitor;
pub(crate) mod notifiers;
pub(crate) mod page;
pub(crate) mod standing;
