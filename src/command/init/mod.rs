//! `critwatch init`: looks at what is there and writes first settings for it.

pub mod command;
pub mod component_names;
pub mod found;
pub mod http_tables;
pub mod look;
pub mod measured;
pub mod prompt;
pub mod proposal;
pub mod queues;
pub mod reference;
pub mod trial;
