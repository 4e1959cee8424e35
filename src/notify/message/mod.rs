//! What there is to say at a moment, and what is due to a receiver.

pub(crate) mod announcement;
pub(crate) mod due;
pub(crate) mod known;
pub(crate) mod news;
pub(crate) mod occasion;
pub(crate) mod operations;
pub(crate) mod quiet;
pub(crate) mod rules;
pub(crate) mod stage;
pub(crate) mod topic;
pub(crate) mod words;
