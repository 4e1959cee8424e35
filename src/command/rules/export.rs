//! `critwatch rules export`: the rules for a Prometheus.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::command::rules::promfile;
use crate::command::rules::settings::RuleFile;
use crate::command::terminal::output::{note, print};
use crate::config::reading::reader::Environment;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportRules {
    #[command(flatten)]
    rules: RuleFile,
    /// Output file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ExportRules {
    /// Writes the rule file.
    pub fn run(self, environment: Environment) -> anyhow::Result<()> {
        let config = self.rules.read(environment)?;
        let name = self.rules.config.file_name().unwrap_or_default();
        let text = promfile::write(&config, &name.to_string_lossy());
        let Some(out) = self.out else {
            return print(text.trim_end());
        };
        std::fs::write(&out, text).with_context(|| format!("cannot write {}", out.display()))?;
        note(&format!("wrote {}", out.display()));
        Ok(())
    }
}
