//! How pages look: frame, style sheet, colours and signs.

pub(crate) mod colour;
pub(crate) mod frame;
pub(crate) mod sign;
pub(crate) mod style;
