//! Looks at what is there: asks briefly, reads only, and remembers nothing.

pub mod page_look;
pub mod ports;
pub mod redis_look;
pub mod targets;
