//! Answers visitors, with limits: connections, the render cache, live updates.

pub mod cache;
pub mod connections;
pub mod live;
pub(crate) mod live_stream;
pub mod metrics;
pub(crate) mod origin;
pub mod public;
pub(crate) mod rendered_pages;
pub(crate) mod response;
pub(crate) mod search;
pub(crate) mod workers;
