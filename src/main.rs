//! Arguments, then the command, then the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use critwatch::command::CommandLine;
use tikv_jemallocator::Jemalloc;

/// It gives what is free back to the system within seconds; glibc keeps it where a
/// siege has scattered it.
#[global_allocator]
static MEMORY: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    critwatch::command::run(CommandLine::parse())
}
