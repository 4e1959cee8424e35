//! The words of a message.

pub(crate) mod samples;
pub(crate) mod template;
pub(crate) mod wording;
