//! Arguments, then the command, then the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use critwatch::command::Command;

fn main() -> ExitCode {
    critwatch::command::run(Command::parse())
}
