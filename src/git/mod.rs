//! Incidents in a git repository: each change is a commit, and what others push comes
//! into the folder. All of it is done by the program `git`.

pub(crate) mod checkout;
pub(crate) mod exchange;
pub(crate) mod failure;
pub(crate) mod metrics;
pub(crate) mod plumbing;
pub(crate) mod progress;
pub(crate) mod settings;
pub(crate) mod task;
