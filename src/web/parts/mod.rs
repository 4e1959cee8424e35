//! The parts of which pages are made, and how they look.

pub mod banner;
pub mod colour;
pub mod context;
pub mod days;
pub mod frame;
pub mod incident_days;
pub mod providers;
pub mod recent_days;
pub mod self_report;
pub mod sign;
pub mod story;
pub mod style;
pub mod times;
