//! Looks at what is there: asks briefly, reads only, and remembers nothing.

pub mod horizon_look;
pub mod page_look;
pub mod ports;
pub mod redis_answer;
pub mod redis_look;
pub mod site_look;
pub mod targets;
