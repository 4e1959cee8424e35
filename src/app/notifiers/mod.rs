//! The notifiers, replaced when the settings are: never two of one at a time.

pub(crate) mod prepared;
pub(crate) mod running;
pub(crate) mod settings;
