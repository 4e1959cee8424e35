//! The answer of `INFO`, section by section.

pub mod commands;
pub mod gauges;
pub mod keyspace;
pub mod replication;
pub mod sections;
