//! What one part asks of another while we run.

pub mod access;
pub mod ask;
pub mod incidents;
pub mod leadership;
pub mod receivers;
pub mod reload;
pub mod replay;
pub mod samples;
pub mod sync;
