//! `critwatch schema`: what editors need to know of `alerts.toml`.

use clap::{Args, ValueEnum};

use crate::command::terminal::output::{print, print_json};
use crate::config::schema::{self, reference};

/// How the settings are described.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemaFormat {
    /// JSON Schema for editors.
    Json,
    /// Markdown for people.
    Markdown,
}

/// Prints the JSON Schema of the settings.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  critwatch schema > alerts.schema.json\n  \
        taplo lint --schema \"file://$PWD/alerts.schema.json\" alerts.toml")]
pub struct PrintSchema {
    /// Output format
    #[arg(long, value_enum, default_value = "json")]
    format: SchemaFormat,
}

impl PrintSchema {
    /// Prints it.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let schema = schema::settings();
        match self.format {
            SchemaFormat::Json => print_json(&schema),
            SchemaFormat::Markdown => print(&reference::markdown(&schema)),
        }
    }
}
