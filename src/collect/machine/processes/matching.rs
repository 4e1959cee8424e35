//! Which process belongs to which group, without asking all of them each time.
//!
//! A look at 10,000 processes must be cheap, so a command line is read when a
//! process is new and while it is young: it may still become another program.
//! Those of no group are looked at again in turns, as a pid may be used anew
//! and a program may change its title; members are looked at each time.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::collect::failure::cause::Failure;
use crate::collect::machine::kernel::file;
use crate::collect::machine::kernel::stat::{self, Stat};

/// More processes than this are more than we read about.
const PROCESSES: usize = 100_000;

/// More members than this in all are more than we measure.
const MEMBERS: usize = 4096;

/// For so many looks a process may still turn into another program.
const YOUNG: u32 = 3;

/// So many processes of no group are looked at again each time.
const TURN: usize = 512;

/// How the processes of a group are known.
#[derive(Debug)]
pub(crate) enum GroupMatcher {
    /// By their command line.
    Command(Regex),
    /// By a file with the pid in it.
    PidFile(PathBuf),
}

/// A process that belongs to a group.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its number.
    pub(crate) pid: u32,
    /// What the kernel says of it.
    pub(crate) stat: Stat,
}

/// The members of a group; a text if they cannot be known.
pub(crate) type Members = Result<Vec<Member>, String>;

/// What is remembered of every process.
#[derive(Debug, Default)]
pub(crate) struct Sighting {
    seen: HashMap<u32, SeenProcess>,
    looks: usize,
}

#[derive(Clone, Copy, Debug)]
struct SeenProcess {
    start: u64,
    looks: u32,
    group: Option<usize>,
}

impl Sighting {
    /// Finds the members of each group in a `/proc`.
    pub(crate) fn look(
        &mut self,
        proc: &Path,
        marks: &[GroupMatcher],
    ) -> Result<Vec<Members>, Failure> {
        let pids = list(proc)?;
        let mut groups: Vec<Members> = marks.iter().map(|_| Ok(Vec::new())).collect();
        let turns = pids.len() / TURN + 1;
        self.looks = self.looks.wrapping_add(1);
        let mut before = std::mem::take(&mut self.seen);
        let mut found = 0;
        for (at, pid) in pids.iter().copied().enumerate() {
            let known = before.remove(&pid);
            if let Some(seen) = known
                && seen.group.is_none()
                && seen.looks >= YOUNG
                && at % turns != self.looks % turns
            {
                self.seen.insert(pid, seen);
                continue;
            }
            let Some((seen, stat)) = look_at(proc, pid, known, marks)? else {
                continue;
            };
            self.seen.insert(pid, seen);
            if let Some(group) = seen.group
                && let Some(Ok(members)) = groups.get_mut(group)
            {
                members.push(Member { pid, stat });
                found += 1;
            }
        }
        for (mark, group) in marks.iter().zip(&mut groups) {
            if let GroupMatcher::PidFile(path) = mark {
                *group = by_file(proc, path);
            }
        }
        if found > MEMBERS {
            return Err(Failure::Answer(format!(
                "{found} processes match, at most {MEMBERS} are measured; name fewer"
            )));
        }
        Ok(groups)
    }
}

/// The pids of a `/proc`, in order.
fn list(proc: &Path) -> Result<Vec<u32>, Failure> {
    let unreadable = |error: io::Error| {
        Failure::Answer(format!(
            "the processes in {} cannot be listed: {error}",
            proc.display()
        ))
    };
    let mut pids = Vec::new();
    for found in std::fs::read_dir(proc).map_err(unreadable)? {
        let name = found.map_err(unreadable)?.file_name();
        pids.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
        if pids.len() > PROCESSES {
            return Err(Failure::Answer(format!(
                "there are more than {PROCESSES} processes, too many to look at"
            )));
        }
    }
    pids.sort_unstable();
    // The first process is always there: where we do not see it, we do not see
    // others either, and that they are gone would be a lie.
    if pids.first() == Some(&1) {
        Ok(pids)
    } else {
        Err(Failure::Answer(format!(
            "{} does not show the processes of others (hidepid); run as root or in the group \
            that may see them",
            proc.display()
        )))
    }
}

/// Looks at one process; `None` if it has gone meanwhile.
fn look_at(
    proc: &Path,
    pid: u32,
    known: Option<SeenProcess>,
    marks: &[GroupMatcher],
) -> Result<Option<(SeenProcess, Stat)>, Failure> {
    let folder = proc.join(pid.to_string());
    let read = |name: &str| match file::beginning(&folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if file::is_gone(&error) => Ok(None),
        Err(error) => Err(Failure::Answer(format!(
            "{name} of process {pid} cannot be read: {error}"
        ))),
    };
    let Some(line) = read("stat")? else {
        return Ok(None);
    };
    let Some(command) = read("cmdline")? else {
        return Ok(None);
    };
    let stat = stat::parse(&line)
        .ok_or_else(|| Failure::Answer(format!("stat of process {pid} cannot be understood")))?;
    let known = known.filter(|seen| seen.start == stat.start);
    let group = if command.is_empty() {
        // Who has died has no command line any more, but is still who it was.
        known.and_then(|seen| seen.group)
    } else {
        let words = command.trim_end_matches('\0').replace('\0', " ");
        marks.iter().position(|mark| match mark {
            GroupMatcher::Command(command) => command.is_match(&words),
            GroupMatcher::PidFile(_) => false,
        })
    };
    let seen = SeenProcess {
        start: stat.start,
        looks: known.map_or(1, |seen| seen.looks.saturating_add(1)),
        group,
    };
    Ok(Some((seen, stat)))
}

/// The process that a pid file names, if it lives.
fn by_file(proc: &Path, path: &Path) -> Members {
    let text = match file::beginning(path) {
        Ok(text) => text,
        // Nobody has started, or it has cleaned up behind itself.
        Err(error) if file::is_gone(&error) => return Ok(Vec::new()),
        Err(error) => return Err(format!("its pid file cannot be read: {error}")),
    };
    let pid: u32 = text
        .trim()
        .parse()
        .map_err(|_| "its pid file holds no pid".to_owned())?;
    match file::beginning(&proc.join(pid.to_string()).join("stat")) {
        Ok(line) => stat::parse(&line)
            .map(|stat| vec![Member { pid, stat }])
            .ok_or_else(|| format!("stat of process {pid} cannot be understood")),
        Err(error) if file::is_gone(&error) => Ok(Vec::new()),
        Err(error) => Err(format!("stat of process {pid} cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A `/proc` of our own.
    fn write(proc: &Path, pid: u32, start: u64, command: &str) {
        let folder = proc.join(pid.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let line =
            format!("{pid} (x) S 1 7 7 0 -1 64 9 0 3 0 50 25 0 0 20 0 4 0 {start} 8192 2 0 0");
        std::fs::write(folder.join("stat"), line).unwrap();
        std::fs::write(folder.join("cmdline"), command).unwrap();
    }

    fn marks(pattern: &str) -> Vec<GroupMatcher> {
        vec![GroupMatcher::Command(Regex::new(pattern).unwrap())]
    }

    fn pids(found: &[Members]) -> Vec<u32> {
        let members = found[0].as_ref().unwrap();
        members.iter().map(|member| member.pid).collect()
    }

    #[test]
    fn command_lines_of_strangers_are_read_in_turns_and_all_in_the_end() {
        let proc = tempfile::tempdir().unwrap();
        let others = u32::try_from(TURN).unwrap() * 3;
        for pid in 1..=others {
            write(proc.path(), pid, 10, "stranger\0--secret\0");
        }
        let marks = marks("^worker --queue$");
        let mut sighting = Sighting::default();
        for _ in 0..YOUNG {
            assert!(pids(&sighting.look(proc.path(), &marks).unwrap()).is_empty());
        }
        // A pid that is used anew by a worker is found, if not at the first look.
        write(proc.path(), 700, 99, "worker\0--queue\0");
        let turns = pids_listed(proc.path()) / TURN + 1;
        let mut looks = 0;
        while pids(&sighting.look(proc.path(), &marks).unwrap()) != [700] {
            looks += 1;
            assert!(looks <= turns, "not found in {looks} looks");
        }
        // And from then on it is a member at every look.
        for _ in 0..turns {
            assert_eq!(pids(&sighting.look(proc.path(), &marks).unwrap()), [700]);
        }
    }

    fn pids_listed(proc: &Path) -> usize {
        list(proc).unwrap().len()
    }

    #[test]
    fn a_process_may_become_another_program_after_it_was_seen() {
        let proc = tempfile::tempdir().unwrap();
        write(proc.path(), 1, 1, "init\0");
        write(proc.path(), 8, 5, "sh\0start\0");
        let marks = marks("^worker");
        let mut sighting = Sighting::default();
        assert!(pids(&sighting.look(proc.path(), &marks).unwrap()).is_empty());
        write(proc.path(), 8, 5, "worker\0");
        assert_eq!(pids(&sighting.look(proc.path(), &marks).unwrap()), [8]);
        // What has died keeps its place until its parent takes notice.
        write(proc.path(), 8, 5, "");
        assert_eq!(pids(&sighting.look(proc.path(), &marks).unwrap()), [8]);
        write(proc.path(), 8, 77, "");
        assert!(pids(&sighting.look(proc.path(), &marks).unwrap()).is_empty());
    }

    #[test]
    fn where_processes_are_hidden_nobody_is_said_to_be_gone() {
        let proc = tempfile::tempdir().unwrap();
        write(proc.path(), 8, 5, "worker\0");
        let failure = Sighting::default().look(proc.path(), &marks("^worker"));
        assert!(failure.unwrap_err().to_string().contains("hidepid"));
    }
}
