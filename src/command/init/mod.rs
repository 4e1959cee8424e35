//! `critwatch init`: looks at what is there and writes first settings for it.

pub mod answers;
pub mod command;
pub mod found;
pub mod look;
pub mod measured;
pub mod proposal;
pub mod queue_keys;
pub mod queue_tables;
pub mod reference;
pub mod telling_keys;
pub mod trial;
