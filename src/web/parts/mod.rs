//! The parts of which pages are made, and how they look.

pub(crate) mod banner;
pub(crate) mod chart_view;
pub(crate) mod colour;
pub(crate) mod context;
pub(crate) mod day_bars;
pub(crate) mod day_parts;
pub(crate) mod day_times;
pub(crate) mod days;
pub(crate) mod figure_value;
pub(crate) mod frame;
pub(crate) mod gap_note;
pub(crate) mod incident_days;
pub(crate) mod monitor_gaps;
pub(crate) mod outlook;
pub(crate) mod providers;
pub(crate) mod recent_days;
pub(crate) mod recorded;
pub(crate) mod self_report;
pub(crate) mod sign;
pub(crate) mod sparkline;
pub(crate) mod story;
pub(crate) mod style;
pub(crate) mod timeline;
pub(crate) mod times;
