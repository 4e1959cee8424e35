//! Queue systems in a Redis: recognized by their keys, and proposed as tables.

pub mod php_keys;
pub mod python_keys;
pub mod queue_keys;
pub mod queue_tables;
pub mod telling_keys;
