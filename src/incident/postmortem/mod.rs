//! The post-mortem of an incident: the facts, the timeline and the picture.

pub mod facts;
pub mod picture;
pub mod record;
pub mod request;
pub mod worst;
pub mod write;
