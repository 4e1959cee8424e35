//! TOML tables read into values; faults with their place and the way out.

pub mod blank;
pub mod fault;
pub(crate) mod filling;
pub mod harmless;
pub mod kind;
pub mod places;
pub mod reader;
