//! `critwatch completions`: what a shell proposes behind `critwatch`.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::command::terminal::output::print;

/// Prints the completions of a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  critwatch completions bash > /etc/bash_completion.d/critwatch\n  \
        critwatch completions zsh > ~/.zfunc/_critwatch\n  \
        critwatch completions fish > ~/.config/fish/completions/critwatch.fish"
)]
pub struct Completions {
    /// Shell
    shell: Shell,
}

impl Completions {
    /// Prints them for a command line.
    pub(crate) fn run(&self, mut line: Command) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut line, "critwatch", &mut script);
        print(String::from_utf8_lossy(&script).trim_end())
    }
}
