//! What the settings make, and how other settings replace it.

pub(crate) mod generation;
pub(crate) mod prepared;
pub(crate) mod read_settings;
pub(crate) mod restored;
pub(crate) mod supervisor;
