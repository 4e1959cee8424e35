//! The tables of rules, backlogs, charts and planned work, read and checked.

pub mod backlogs;
pub mod charts;
pub mod levels;
pub mod maintenance;
pub mod named_alert;
pub mod names;
pub mod source;
pub mod table;
