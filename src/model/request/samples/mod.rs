//! What is pushed to us, and what is asked of the recent samples.

pub mod event_feed;
pub mod push;
pub mod question;
pub mod report_count;
pub mod silence_request;
pub mod trial;
