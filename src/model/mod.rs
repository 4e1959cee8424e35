//! What the stages hand to each other, and nothing else: plain data.

pub mod ask;
pub mod board;
pub mod component;
pub mod date;
pub mod duration;
pub mod event;
pub mod finding;
pub mod incident;
pub mod language;
pub mod minute;
pub mod planned;
pub mod push;
pub mod related;
pub mod run;
pub mod sample;
pub mod selector;
pub mod slug;
pub mod uptime;
pub mod verdict;
pub mod when;
