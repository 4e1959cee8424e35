//! `critwatch man`: the manual pages.

use std::path::{Path, PathBuf};

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
            .and_then(|()| name_examples(&self.folder))
            .with_context(|| format!("cannot write manual pages to {folder}"))
    }
}

/// Gives what stands below the options the heading that manual pages have for it.
fn name_examples(folder: &Path) -> std::io::Result<()> {
    for page in std::fs::read_dir(folder)? {
        let page = page?;
        let name = page.file_name();
        // The folder may hold the pages of others.
        let is_ours = name.to_str().is_some_and(|name| {
            name == "critwatch.1" || name.starts_with("critwatch-") && name.ends_with(".1")
        });
        if is_ours {
            let text = std::fs::read_to_string(page.path())?;
            let text = text.replace("\n.SH EXTRA\n", "\n.SH EXAMPLES\n");
            std::fs::write(page.path(), text)?;
        }
    }
    Ok(())
}
