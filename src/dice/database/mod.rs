//! The service's own database: one `SQLite` file that the API and the worker's children share.
//!
//! Its tables are in [`schema`]; each has a file of its own. What only lives for a while,
//! sessions, the queue and limits, is in Redis.

pub mod activations;
pub mod connection;
pub mod dice_boxes;
pub mod participants;
pub(crate) mod plan;
pub mod roll_changes;
pub mod rolls;
pub mod rooms;
pub mod schema;
pub mod sweeping;
pub mod users;
