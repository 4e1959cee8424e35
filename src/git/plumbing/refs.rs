//! How things stand: what we committed, what the remote has, and what both began with.

use crate::git::plumbing::objects::ObjectId;

/// What the folder was in accord with last, and our commits that wait.
pub(in crate::git) const TIP: &str = "refs/heads/critwatch";

/// The commit of the remote on which the tip is built.
pub(in crate::git) const BASE: &str = "refs/critwatch/base";

/// What the remote had when it was asked last.
pub(in crate::git) const REMOTE: &str = "refs/critwatch/remote";

/// What the folder is on its way to, and the commit of the remote below it.
pub(in crate::git) const COMING: [&str; 2] =
    ["refs/critwatch/coming", "refs/critwatch/coming-base"];

/// What gave way is kept below this.
pub(in crate::git) const KEPT: &str = "refs/critwatch/kept";

/// The commits that matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refs {
    /// What the folder was in accord with last.
    pub tip: Option<ObjectId>,
    /// The commit of the remote on which it is built.
    pub base: Option<ObjectId>,
    /// What the remote had when it was asked last.
    pub remote: Option<ObjectId>,
    /// What the folder was on its way to when a run was killed.
    pub coming: Option<Coming>,
}

/// What the folder is on its way to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Coming {
    /// The next tip.
    pub tip: ObjectId,
    /// The commit of the remote on which it is built.
    pub base: ObjectId,
}
