//! Answers visitors, with limits: connections, the render cache, live updates.

pub mod cache;
pub mod connections;
pub mod listening;
pub mod live;
pub mod metrics;
pub mod public;
pub mod rendered_pages;
pub mod response;
pub mod search;
pub mod workers;
