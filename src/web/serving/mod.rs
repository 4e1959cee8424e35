//! Answers visitors, with limits: connections, the render cache, live updates.

pub mod cache;
pub mod connections;
pub mod live;
pub mod metrics;
pub mod public;
pub mod response;
pub mod workers;
