//! The service's own database: one `SQLite` file that the API and the worker's children share.
//!
//! Its tables are in [`schema`]; each has a file of its own. What only lives for a while,
//! sessions, the queue and limits, is in Redis.

pub mod connection;
pub(crate) mod plan;
pub mod rolls;
pub mod schema;
