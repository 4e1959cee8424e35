//! What is asked of those who announce, and of the table of subscribers.

pub mod receiver_preview;
pub mod resend;
pub mod subscriber_care;
pub mod subscription;
