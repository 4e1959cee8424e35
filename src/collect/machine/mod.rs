//! The machine beneath: its processes, a control group, memory and disks.

pub mod cgroup;
pub mod cgroup_v1;
pub mod file;
pub mod group;
pub mod host;
pub mod lines;
pub mod matching;
pub mod mount;
pub mod pressure;
pub mod processes;
pub mod reading;
pub mod stat;
pub mod sums;
pub mod unreadable;
