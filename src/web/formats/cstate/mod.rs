//! cState's dialect: JSON, RSS and badges as its version 6 has them, but valid.
//!
//! cState's own words (*issue*, *system*, *affected*) stop in this folder.

pub mod badge;
pub mod declared;
pub mod index;
pub mod issue;
pub mod labels;
pub mod lists;
pub mod pages;
pub mod rss;
