//! `critwatch man`: the manual pages.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Command};

/// Writes a manual page for each command.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  critwatch man /usr/local/share/man/man1")]
pub struct Man {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Man {
    /// Writes them for a command line.
    pub(crate) fn run(&self, line: Command) -> anyhow::Result<()> {
        let folder = self.folder.display();
        std::fs::create_dir_all(&self.folder)
            .and_then(|()| clap_mangen::generate_to(line, &self.folder))
            .with_context(|| format!("cannot write manual pages to {folder}"))
    }
}
