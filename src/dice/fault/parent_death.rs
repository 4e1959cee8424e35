//! Ties a process to its parent, so that it ends when the parent does.
//!
//! Linux sends the signal when the *thread* that started the process ends. So whoever starts a
//! tied process does it from a thread that lives as long as the program: the one that blocks on
//! the runtime, never one of the pool for blocking work. The tie survives `exec`.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::{Signal, getppid, set_parent_process_death_signal};

/// Ties this process to its parent, which must still be the expected one.
pub(crate) fn tie(parent: u32) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // A parent that ended before the call above sends no signal any more.
    let found = getppid().and_then(|pid| u32::try_from(pid.as_raw_nonzero().get()).ok());
    if found == Some(parent) {
        Ok(())
    } else {
        Err(io::Error::other(
            "the process that started this one has ended",
        ))
    }
}

/// Ties this process to its parent and turns it into another program.
pub(crate) fn exec(parent: u32, program: &str, arguments: &[String]) -> io::Error {
    match tie(parent) {
        Ok(()) => Command::new(program).args(arguments).exec(),
        Err(error) => error,
    }
}
