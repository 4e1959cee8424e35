//! Queues that applications build on Redis data types themselves.

pub mod keyed;
pub mod list;
pub mod sorted_set;
pub mod stream;
pub mod stream_consumers;
pub mod stream_group;
