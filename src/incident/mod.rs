//! Incidents: what is written, compared with what is true, and written on.

pub mod file;
pub mod findings;
pub mod folder;
pub mod journal;
pub mod maintenance;
pub mod manual;
pub(crate) mod merge;
pub mod postmortem;
pub mod reconcile;
