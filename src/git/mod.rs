//! Incidents in a git repository: each change is a commit, and what others push comes
//! into the folder. All of it is done by the program `git`.

pub(crate) mod arrival;
pub(crate) mod checkout;
pub(crate) mod commit;
pub(crate) mod failure;
pub(crate) mod history;
pub(crate) mod metrics;
pub(crate) mod objects;
pub(crate) mod program;
pub(crate) mod progress;
pub(crate) mod recording;
pub(crate) mod refs;
pub(crate) mod replay;
pub(crate) mod repository;
pub(crate) mod scope;
pub(crate) mod settings;
pub(crate) mod sync;
pub(crate) mod task;
pub(crate) mod tips;
pub(crate) mod worktree;
