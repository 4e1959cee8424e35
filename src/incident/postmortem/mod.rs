//! What is written into a file after its incident: the facts, the timeline and the picture.

pub mod facts;
pub mod picture;
pub mod record;
pub mod request;
pub mod write;
