//! Exports of other status pages and monitors: components, checks, history, readers.

pub mod betterstack;
pub mod betterstack_history;
pub mod command;
pub mod gatus;
pub mod gatus_conditions;
pub mod imported_page;
pub mod statuspage;
pub mod subscriber_table;
pub mod uptime_kuma;
pub mod words;
pub mod written_history;
pub mod written_page;
