//! *Rules*: what is judged, by which values, and how it went lately.

pub(crate) mod attempt;
pub(crate) mod course;
pub(crate) mod list;
pub(crate) mod page;
