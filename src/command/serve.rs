//! Runs the service until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::app::App;
use crate::app::places::Places;
use crate::command::settings::Files;
use crate::config::reader::Environment;
use crate::evaluate::size::Size;
use crate::runtime::{limits, signal};

/// Watches, writes, shows and tells.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  critwatch serve --config alerts.toml --listen 0.0.0.0:8080\n  \
        critwatch serve --record record --record-limit 1GiB"
)]
pub struct Serve {
    #[command(flatten)]
    files: Files,
    /// The folder of the database
    #[arg(
        long,
        value_name = "DIR",
        default_value = "state",
        env = "CRITWATCH_STATE"
    )]
    state: PathBuf,
    /// Where the public page answers
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "CRITWATCH_LISTEN"
    )]
    listen: SocketAddr,
    /// Where operators ask; never open this to the public
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:9180",
        env = "CRITWATCH_OPS_LISTEN"
    )]
    ops_listen: SocketAddr,
    /// Keep the site in this folder as plain files, for another server or a CDN
    #[arg(long, value_name = "DIR", env = "CRITWATCH_EXPORT_TO")]
    export_to: Option<PathBuf>,
    /// Record everything that is measured into this folder
    #[arg(long, value_name = "DIR", env = "CRITWATCH_RECORD")]
    record: Option<PathBuf>,
    /// How large the recording may grow; the oldest part is dropped
    #[arg(
        long,
        value_name = "SIZE",
        default_value = "256MiB",
        value_parser = |text: &str| Size::parse(text).map(|size| size.0),
        requires = "record"
    )]
    record_limit: u64,
}

impl Serve {
    /// Runs until SIGTERM or Ctrl-C.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        limits::raise();
        let config = self.files.read(environment)?;
        for finding in &config.findings {
            tracing::warn!("{finding}");
        }
        let places = Places {
            incidents: self.files.folder(config.incidents.as_ref()),
            state: self.state,
            listen: self.listen,
            ops_listen: self.ops_listen,
            export: self.export_to,
            record: self.record.map(|folder| (folder, self.record_limit)),
        };
        let app = App::build(config, &places).await?;
        announce(&app);
        app.run(async {
            match signal::stop().await {
                Ok(name) => tracing::info!("stopping on {name}"),
                Err(error) => tracing::error!(%error, "cannot wait for signals; stopping"),
            }
        })
        .await
    }
}

/// Prints where the service answers, one line each, for people and programs.
#[expect(clippy::print_stdout, reason = "commands talk to the terminal")]
pub fn announce(app: &App) {
    println!("page listening on http://{}", app.page);
    println!("operators listening on http://{}", app.ops);
}
