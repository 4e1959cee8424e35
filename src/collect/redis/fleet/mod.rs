//! Which servers are asked: one, a cluster's masters, or the one that sentinels name.

pub mod cluster_info;
pub mod node;
pub mod part;
pub mod route;
pub mod sentinel;
pub mod sentinel_info;
pub mod server;
pub mod topology;
