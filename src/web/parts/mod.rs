//! The parts of which pages are made, and how they look.

pub(crate) mod charts;
pub(crate) mod context;
pub(crate) mod days;
pub(crate) mod firsthand;
pub(crate) mod incident;
pub(crate) mod look;
pub(crate) mod providers;
pub(crate) mod self_report;
pub(crate) mod times;
