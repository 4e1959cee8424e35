//! What a receiver was told, and what it knows by that.

pub(crate) mod after;
pub(crate) mod followed;
pub(crate) mod place;
pub(crate) mod receipt;
pub(crate) mod traits;
