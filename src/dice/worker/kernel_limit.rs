//! A memory limit that the kernel enforces, where one is asked for.
//!
//! The ceilings of the worker are looked at after each job, so one large job goes beyond them.
//! The kernel does not wait for the end of the job.

use std::io;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, Rlimit, setrlimit};

const ROOT: &str = "/sys/fs/cgroup";
const PREFIX: &str = "critwatch-dice-";

/// What limits the memory of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KernelLimit {
    /// A control group of its own: what goes beyond is killed.
    Cgroup,
    /// A resource limit: what goes beyond gets no memory, and aborts.
    Rlimit,
}

/// Limits this process, by a control group if one can be made.
pub(crate) fn limit(bytes: u64) -> io::Result<KernelLimit> {
    // All of these are files that the kernel makes, so nothing can block here.
    match enter_cgroup(bytes) {
        Ok(()) => Ok(KernelLimit::Cgroup),
        Err(error) => {
            tracing::debug!(%error, "no control group can be made");
            // The data segment and all private memory, but not the program's own file.
            let limit = Rlimit {
                current: Some(bytes),
                maximum: Some(bytes),
            };
            setrlimit(Resource::Data, limit)?;
            Ok(KernelLimit::Rlimit)
        }
    }
}

/// Says to the kernel that this process is to die before those that watch over it.
pub(crate) fn die_first() {
    // Where there is no such file, the kernel chooses by size.
    std::fs::write("/proc/self/oom_score_adj", "500").ok();
}

fn enter_cgroup(bytes: u64) -> io::Result<()> {
    let own = std::fs::read_to_string("/proc/self/cgroup")?;
    let base = base(&own).ok_or_else(|| io::Error::other("no unified hierarchy"))?;
    let controllers = std::fs::read_to_string(base.join("cgroup.subtree_control"))?;
    if !controllers.split_whitespace().any(|name| name == "memory") {
        return Err(io::Error::other("memory is not delegated"));
    }
    remove_empty(&base);
    let group = base.join(format!("{PREFIX}{}", std::process::id()));
    std::fs::create_dir(&group)?;
    let entered = std::fs::write(group.join("memory.max"), bytes.to_string())
        .and_then(|()| std::fs::write(group.join("cgroup.procs"), "0"));
    if entered.is_err() {
        std::fs::remove_dir(&group).ok();
    }
    entered?;
    // Swap would only hide that the limit is reached; not every kernel counts it.
    std::fs::write(group.join("memory.swap.max"), "0").ok();
    Ok(())
}

/// Names the group beside that of this process: a group with processes can have no limited
/// groups within.
fn base(own: &str) -> Option<PathBuf> {
    let path = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let parent = Path::new(path).parent().unwrap_or(Path::new(""));
    Some(Path::new(ROOT).join(parent))
}

/// Removes the groups of children that have ended; the kernel keeps those with processes.
fn remove_empty(base: &Path) {
    let Ok(entries) = std::fs::read_dir(base) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            std::fs::remove_dir(entry.path()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_made_beside_the_own_one_and_only_in_the_unified_hierarchy() {
        for (own, expected) in [
            ("0::/\n", Some("/sys/fs/cgroup")),
            ("0::/app\n", Some("/sys/fs/cgroup")),
            ("0::/user/app\n", Some("/sys/fs/cgroup/user")),
            ("0::/../other\n", None),
            ("4:memory:/x\n", None),
        ] {
            assert_eq!(base(own), expected.map(PathBuf::from), "{own}");
        }
    }
}
