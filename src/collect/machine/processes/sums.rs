//! What only each process's own files tell: swap, shared memory, open files.

use std::io;
use std::path::Path;

use crate::collect::machine::kernel::file::{self, float, size};
use crate::collect::machine::kernel::lines;
use crate::collect::machine::kernel::unreadable::Unreadable;
use crate::collect::machine::processes::matching::Member;

/// A figure of a group: the metric, its further label, the value.
pub(crate) type GroupSample = (&'static str, Option<(&'static str, &'static str)>, f64);

/// Sums over the processes of a group; `None` where one of them may not be
/// asked, as a part of a sum is a wrong one.
#[derive(Debug)]
pub(crate) struct ProcessSums {
    swapped: Option<u64>,
    /// Memory and swap, shared ones parted among those who share them.
    shares: Option<(u64, u64)>,
    files: Option<u64>,
    /// The part that is used of the open files allowed, where that is largest.
    worst: Option<f64>,
}

impl ProcessSums {
    /// Asks each process; without `pss` not for its shares, as the kernel
    /// walks through all memory of a process for them.
    pub(crate) fn over(
        group: &str,
        living: &[&Member],
        (proc, pss): (&Path, bool),
        missing: &mut Unreadable,
    ) -> Self {
        let mut sums = Self {
            swapped: Some(0),
            shares: pss.then_some((0, 0)),
            files: Some(0),
            worst: Some(0.0),
        };
        for member in living {
            let folder = proc.join(member.pid.to_string());
            let refused = sums.add(&folder);
            for (what, error) in refused {
                missing.note(format!("{what} of the processes {group}"), &error);
            }
        }
        sums
    }

    /// The sums that are known.
    pub(crate) fn samples(&self) -> Vec<GroupSample> {
        let memory = |kind, bytes| ("memory_bytes", Some(("memtype", kind)), float(bytes));
        let mut samples = Vec::new();
        samples.extend(self.swapped.map(|bytes| memory("swapped", bytes)));
        if let Some((resident, swapped)) = self.shares {
            samples.push(memory("proportionalResident", resident));
            samples.push(memory("proportionalSwapped", swapped));
        }
        samples.extend(
            self.files
                .map(|files| ("open_filedesc", None, float(files))),
        );
        samples.extend(self.worst.map(|worst| ("worst_fd_ratio", None, worst)));
        samples
    }

    /// Adds a process, and says what it does not tell.
    fn add(&mut self, folder: &Path) -> Vec<(&'static str, io::Error)> {
        let mut refused = Vec::new();
        if let Some(swapped) = &mut self.swapped {
            match read(&folder.join("status")) {
                Ok(text) => *swapped = swapped.saturating_add(bytes(&text, "VmSwap")),
                Err(error) => {
                    refused.push(("status", error));
                    self.swapped = None;
                }
            }
        }
        if let Some((resident, swapped)) = &mut self.shares {
            match read(&folder.join("smaps_rollup")) {
                Ok(text) => {
                    *resident = resident.saturating_add(bytes(&text, "Pss"));
                    *swapped = swapped.saturating_add(bytes(&text, "SwapPss"));
                }
                Err(error) => {
                    refused.push(("smaps_rollup", error));
                    self.shares = None;
                }
            }
        }
        if let (Some(files), Some(worst)) = (&mut self.files, &mut self.worst) {
            match open_files(folder) {
                Ok((open, limit)) => {
                    *files += open;
                    let used = limit.map_or(0.0, |limit| float(open) / float(limit));
                    *worst = worst.max(used);
                }
                Err(error) => {
                    refused.push(("fd", error));
                    (self.files, self.worst) = (None, None);
                }
            }
        }
        refused
    }
}

/// Who has gone meanwhile has nothing any more.
fn read(path: &Path) -> io::Result<String> {
    match file::beginning(path) {
        Err(error) if file::is_gone(&error) => Ok(String::new()),
        other => other,
    }
}

fn bytes(text: &str, name: &str) -> u64 {
    lines::number(text, name).unwrap_or(0).saturating_mul(1024)
}

/// Open files of a process, and how many it may have.
fn open_files(folder: &Path) -> io::Result<(u64, Option<u64>)> {
    let open = match std::fs::read_dir(folder.join("fd")) {
        Ok(files) => size(files.count()),
        Err(error) if file::is_gone(&error) => return Ok((0, None)),
        Err(error) => return Err(error),
    };
    let limits = read(&folder.join("limits"))?;
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok())
        .filter(|limit| *limit > 0);
    Ok((open, limit))
}
