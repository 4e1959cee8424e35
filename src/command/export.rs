//! Writes the whole site as plain files for any web server or CDN.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use serde_json::json;
use tokio::runtime::Handle;

use crate::app::snapshot;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{print, print_json};
use crate::command::workspace::export_place;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::pipeline::stages::Pipeline;
use crate::web::export::folder::{Export, ExportCounts};
use crate::web::export::place::ExportPlace;
use crate::web::export::store::upload::StoreExport;
use crate::web::site::View;

/// How often progress is shown on a terminal.
const PROGRESS: Duration = Duration::from_millis(200);

/// Every page, feed and picture as a file, with compressed twins.
#[derive(Debug, Args)]
#[command(
    after_help = "A later run writes only changed files and removes obsolete ones; it never touches other \
    files.\nTo update the files continuously, use critwatch serve --export-to PLACE.\n\n\
    Examples:\n  critwatch export --out public\n  \
    critwatch export --cstate ~/status --out public\n  \
    AWS_ENDPOINT_URL=https://s3.example.org critwatch export --out s3://status"
)]
pub struct ExportSite {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    database: StateFolder,
    /// Destination: a folder, or `s3://bucket/prefix` in the object store of `AWS_ENDPOINT_URL`
    #[arg(long, value_name = "PLACE")]
    out: String,
    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

impl ExportSite {
    /// Writes what is new or changed.
    pub async fn run(mut self, environment: Environment) -> anyhow::Result<()> {
        let out = export_place::named(&self.out, &environment)?;
        let place = tempfile::tempdir()?;
        self.files.fetch(place.path(), &environment).await?;
        let mut config = self.files.still(environment)?;
        let incidents = self.files.folder(config.incidents.as_ref());
        if !incidents.is_dir() {
            let folder = incidents.display();
            let message = format!(
                "there is no folder {folder}; name the one of the incidents with --incidents DIR"
            );
            return Err(BadInput::new(message).into());
        }
        let now = Pipeline::clock();
        let board = snapshot::board(&mut config, &incidents, &self.database.state, now).await?;
        let done = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&done);
        let names = config.names.for_files();
        let work = tokio::task::spawn_blocking(move || {
            let view = View {
                pictures: Some(&incidents),
                ..View::new(&names, &board, now)
            };
            match out {
                ExportPlace::Folder(out) => Export::open(&out)?.run(&view, |_| true, &counted),
                ExportPlace::Store(bucket) => Handle::current().block_on(async {
                    let mut export = StoreExport::open(bucket).await?;
                    let counts = export.run(&view, |_| true, &counted).await?;
                    export.settle().await.map(|()| counts)
                }),
            }
        });
        let tally = watch(work, &done).await?.map_err(export_place::failed)?;
        self.report(tally)
    }

    fn report(&self, tally: ExportCounts) -> anyhow::Result<()> {
        let ExportCounts {
            files,
            written,
            removed,
        } = tally;
        if self.format == OutputFormat::Json {
            return print_json(&json!({
                "out": self.out,
                "files": files,
                "written": written,
                "removed": removed,
            }));
        }
        let out = &self.out;
        print(&format!(
            "{out}: {files} files, {written} written, {removed} removed"
        ))
    }
}

/// Waits for the work, and shows how far it is if somebody looks.
async fn watch<T>(work: tokio::task::JoinHandle<T>, done: &AtomicUsize) -> anyhow::Result<T> {
    let mut work = work;
    let mut error = std::io::stderr();
    let mut beat = tokio::time::interval(PROGRESS);
    beat.reset();
    let mut shown = false;
    loop {
        tokio::select! {
            made = &mut work => {
                if shown {
                    write!(error, "\r\x1b[K")?;
                }
                return Ok(made?);
            }
            _ = beat.tick(), if error.is_terminal() => {
                shown = true;
                write!(error, "\rexporting: {} files", done.load(Ordering::Relaxed))?;
                error.flush()?;
            }
        }
    }
}
