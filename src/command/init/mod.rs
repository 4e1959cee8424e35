//! `critwatch init`: looks at what is there and writes first settings for it.

pub mod address;
pub mod answers;
pub mod command;
pub mod component_names;
pub mod found;
pub mod http_tables;
pub mod look;
pub mod measured;
pub mod php_keys;
pub mod proposal;
pub mod python_keys;
pub mod questions;
pub mod queue_keys;
pub mod queue_tables;
pub mod reference;
pub mod telling_keys;
pub mod trial;
