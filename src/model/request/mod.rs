//! What one part asks of another while we run.

pub mod ask;
pub mod authorship;
pub mod event_feed;
pub mod leadership;
pub mod push;
pub mod reload;
pub mod report_count;
pub mod silence_request;
pub mod subscription;
pub mod sync;
