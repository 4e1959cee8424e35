//! Two versions of a file made one: what others wrote wins in the keys and the text
//! that they changed, and ours is written again on top.
//!
//! It knows what an incident file means, so it is not a merge of lines: the map
//! `critwatch:` keeps saying what the service wrote last (law 6).

pub(crate) mod body;
pub(crate) mod document;
pub(crate) mod head;
pub(crate) mod message;
pub(crate) mod service;
