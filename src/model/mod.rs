//! What the stages hand to each other, and nothing else: plain data.

pub mod board;
pub mod component;
pub mod date;
pub mod duration;
pub mod event;
pub mod finding;
pub mod incident;
pub mod sample;
pub mod uptime;
pub mod verdict;
pub mod when;
