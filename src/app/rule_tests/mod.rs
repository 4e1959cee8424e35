//! Unit tests of rules: their file, and what comes of them.

pub(crate) mod expected;
pub(crate) mod report;
pub(crate) mod suite;
pub(crate) mod trial;
pub(crate) mod trial_scrapes;
