//! `critwatch schema`: what editors need to know of `alerts.toml`.

use clap::Args;

use crate::command::terminal::output::print_json;
use crate::config::schema;

/// Prints the JSON Schema of the settings.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  critwatch schema > alerts.schema.json\n  \
        taplo lint --schema \"file://$PWD/alerts.schema.json\" alerts.toml")]
pub struct PrintSchema {}

impl PrintSchema {
    /// Prints it.
    pub(crate) fn run() -> anyhow::Result<()> {
        print_json(&schema::settings())
    }
}
