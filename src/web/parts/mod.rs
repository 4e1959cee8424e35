//! The parts of which pages are made, and how they look.

pub(crate) mod banner;
pub(crate) mod colour;
pub(crate) mod context;
pub(crate) mod day_bars;
pub(crate) mod day_times;
pub(crate) mod days;
pub(crate) mod firsthand;
pub(crate) mod frame;
pub(crate) mod incident_days;
pub(crate) mod measured;
pub(crate) mod newest_words;
pub(crate) mod outlook;
pub(crate) mod providers;
pub(crate) mod recent_days;
pub(crate) mod recent_ends;
pub(crate) mod self_report;
pub(crate) mod sign;
pub(crate) mod story;
pub(crate) mod style;
pub(crate) mod times;
