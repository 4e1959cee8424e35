//! What goes between the folder and the repository.

pub(crate) mod arrival;
pub(crate) mod history;
pub(crate) mod recording;
pub(crate) mod replay;
pub(crate) mod scope;
pub(crate) mod sync;
pub(crate) mod worktree;
