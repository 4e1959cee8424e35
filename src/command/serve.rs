//! Runs the service until it is told to stop.

use std::net::SocketAddr;

use anyhow::anyhow;
use clap::Args;
use tokio::sync::{mpsc, oneshot};

use crate::app::App;
use crate::app::paths::Paths;
use crate::command::terminal::input::listen_address;
use crate::command::workspace::export_place;
use crate::command::workspace::settings::{Files, Recorded, StateFolder};
use crate::config::reading::reader::Environment;
use crate::model::finding::Weight;
use crate::model::request::reload::Reload;
use crate::runtime::{limits, service_manager, signal};

/// Watches, writes, shows and tells.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  critwatch serve --config alerts.toml --listen 0.0.0.0:8080\n  \
        critwatch serve --record record --record-limit 1GiB\n  \
        critwatch serve --cstate https://github.com/you/status.git\n\n\
        To reload the settings, send SIGHUP, or POST /-/reload with a token of scope `admin`:\n  \
        curl -X POST http://127.0.0.1:9180/-/reload"
)]
pub struct Serve {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    database: StateFolder,
    /// Address of the public page
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "CRITWATCH_LISTEN",
        value_parser = listen_address
    )]
    listen: SocketAddr,
    /// Address of the operators' listener; never expose it to the public
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:9180",
        env = "CRITWATCH_OPS_LISTEN",
        value_parser = listen_address
    )]
    ops_listen: SocketAddr,
    /// Also keep the site as static files in this folder or object store (`s3://bucket/prefix`,
    /// endpoint in `AWS_ENDPOINT_URL`), for another web server or a CDN
    #[arg(long, value_name = "PLACE", env = "CRITWATCH_EXPORT_TO")]
    export_to: Option<String>,
    #[command(flatten)]
    record: Recorded,
}

impl Serve {
    /// Runs until SIGTERM or Ctrl-C; SIGHUP has the settings read again.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        limits::raise();
        let mut files = self.files;
        let fetched = files.fetch(&self.database.state, &environment).await?;
        let export = self.export_to.as_deref();
        let export = export.map(|place| export_place::named(place, &environment));
        let used = files.clone();
        let read = move || {
            let config = files.read(environment.clone())?;
            for finding in &config.findings {
                match finding.weight {
                    Weight::Fault | Weight::Warning => tracing::warn!("{finding}"),
                    Weight::Hint => tracing::info!("{finding}"),
                }
            }
            anyhow::Ok(config)
        };
        let mut hangups = signal::hangups()?;
        let config = read()?;
        let places = Paths {
            settings: Some(used.settings()),
            incidents: used.folder(config.incidents.as_ref()),
            fetched,
            state: self.database.state,
            listen: self.listen,
            ops_listen: self.ops_listen,
            export: export.transpose()?,
            record: self.record.place(),
        };
        let app = Box::pin(App::build(config, &places)).await?;
        // Before anybody can know that we are there, and ask us to stop.
        let (mut first, mut second) = (signal::stops()?, signal::stops()?);
        announce(&app);
        let reloads = app.reloads.clone();
        let until = async {
            tokio::select! {
                name = first.next() => tracing::info!("stopping on {name}"),
                () = reload(&mut hangups, &reloads) => {}
            }
            service_manager::stopping();
        };
        let impatient = async {
            second.next().await;
            second.next().await
        };
        tokio::select! {
            ended = app.run(until, read) => ended,
            name = impatient => Err(anyhow!(
                "stopped at once by a second {name}; the message that was being sent may be sent again"
            )),
        }
    }
}

/// Has the settings read again at each SIGHUP, as other daemons do.
async fn reload(hangups: &mut signal::Hangups, reloads: &mpsc::Sender<Reload>) {
    loop {
        hangups.next().await;
        // How it went is told in the log and in the metrics.
        let (answer, _) = oneshot::channel();
        if reloads.send(Reload { answer }).await.is_err() {
            return;
        }
    }
}

/// Prints where the service answers, one line each, for people and programs.
#[expect(clippy::print_stdout, reason = "commands talk to the terminal")]
pub fn announce(app: &App) {
    let addresses = app.addresses;
    println!("page listening on http://{}", addresses.page);
    if let Some(push) = addresses.push {
        println!("pushes listening on http://{push}");
    }
    println!("operators listening on http://{}", addresses.ops);
}
