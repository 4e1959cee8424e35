//! What is asked of Redis about queues, and how its answers are read.

pub mod answers;
pub mod discovery;
pub mod first_job;
pub mod head;
pub mod lowest;
pub mod names;
pub mod oldest;
pub mod question;
pub mod samples;
pub mod timestamp;
pub mod tracked;
