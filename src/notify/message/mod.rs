//! What there is to say at a moment, and what is due to a receiver.

pub(crate) mod after;
pub(crate) mod announcement;
pub(crate) mod due;
pub(crate) mod followed;
pub(crate) mod news;
pub(crate) mod occasion;
pub(crate) mod operations;
pub(crate) mod place;
pub(crate) mod quiet;
pub(crate) mod receipt;
pub(crate) mod rules;
pub(crate) mod samples;
pub(crate) mod stage;
pub(crate) mod template;
pub(crate) mod topic;
pub(crate) mod traits;
pub(crate) mod wording;
