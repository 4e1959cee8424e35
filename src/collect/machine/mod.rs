//! The machine beneath: its processes, a control group, memory and disks.

pub mod cgroup;
pub mod cgroup_v1;
pub mod host;
pub mod kernel;
pub mod mount;
pub mod pressure;
pub mod processes;
