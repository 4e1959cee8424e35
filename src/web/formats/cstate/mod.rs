//! cState's dialect: JSON, RSS and badges as its version 6 has them, but valid.
//!
//! cState's own words (*issue*, *system*, *affected*) stop in this folder.

pub(crate) mod badge;
pub(crate) mod declared;
pub mod index;
pub(crate) mod issue;
pub(crate) mod labels;
pub(crate) mod lists;
pub(crate) mod pages;
pub(crate) mod rss;
pub(crate) mod rss_item;
