//! What one part asks of another while we run.

pub mod access;
pub mod ask;
pub mod authorship;
pub mod event_feed;
pub mod file_findings;
pub mod incident_change;
pub mod leadership;
pub mod push;
pub mod question;
pub mod receiver_preview;
pub mod reload;
pub mod replay;
pub mod report_count;
pub mod resend;
pub mod silence_request;
pub mod subscriber_care;
pub mod subscription;
pub mod sync;
pub mod trial;
