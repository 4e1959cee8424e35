//! Keeps an exported site current while the service runs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::model::incident::Incident;
use crate::model::text::causes::with_causes;
use crate::model::time::duration::elapsed;
use crate::web::export::error::ExportError;
use crate::web::export::folder::{Export, ExportCounts};
use crate::web::serving::cache::RenderCache;
use crate::web::serving::cache::rendered_board::Rendered;
use crate::web::site::Revision;
use crate::web::table::Address;
use crate::web::table::pages::Page;

/// The shortest time between the end of one export and the begin of the next.
const MIN_PAUSE: Duration = Duration::from_secs(2);

/// How old the running numbers of exported pages may become.
const MAX_AGE: Duration = Duration::from_mins(1);

/// How old pages of what is over may become, whose texts do not change.
const MAX_AGE_RESOLVED: Duration = Duration::from_hours(1);

/// Exports every new state of the board.
#[derive(Debug)]
pub(crate) struct ExportUpdater {
    renders: watch::Receiver<Arc<Rendered>>,
    work: Option<ExportState>,
}

/// State from one export to the next.
#[derive(Debug)]
struct ExportState {
    folder: PathBuf,
    export: Option<Export>,
    /// The incidents whose pages were written, with those beside them, which their
    /// pages name; and when.
    written: HashMap<Box<str>, (Vec<Arc<Incident>>, Timestamp)>,
    failing: bool,
}

impl ExportUpdater {
    /// Keeps that folder current.
    ///
    /// Fails at once if the folder cannot be used.
    pub(crate) fn new(cache: &RenderCache, folder: PathBuf) -> Result<Self, ExportError> {
        let export = Export::open(&folder)?;
        Ok(Self {
            renders: cache.renders(),
            work: Some(ExportState {
                folder,
                export: Some(export),
                written: HashMap::new(),
                failing: false,
            }),
        })
    }

    /// Exports until it is stopped.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut exported: Option<(Revision, Timestamp)> = None;
        loop {
            let rendered = Arc::clone(&self.renders.borrow_and_update());
            let due = exported.is_none_or(|(revision, at)| {
                revision != rendered.revision || older(at, rendered.now, MAX_AGE)
            });
            if due {
                exported = Some((rendered.revision, rendered.now));
                self.export(rendered).await;
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(MIN_PAUSE) => {}
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                changed = self.renders.changed() => {
                    if changed.is_err() {
                        stop.cancelled().await;
                        return;
                    }
                }
            }
        }
    }

    async fn export(&mut self, rendered: Arc<Rendered>) {
        let Some(mut work) = self.work.take() else {
            return;
        };
        let folder = work.folder.clone();
        let done = tokio::task::spawn_blocking(move || {
            work.run(&rendered);
            work
        });
        self.work = Some(done.await.unwrap_or_else(|_| ExportState {
            folder,
            export: None,
            written: HashMap::new(),
            failing: true,
        }));
    }
}

impl ExportState {
    /// Exports the rendered board; logs when that begins to fail, and when it recovers.
    fn run(&mut self, rendered: &Rendered) {
        match self.attempt(rendered) {
            Ok(counts) => {
                if self.failing {
                    tracing::info!(folder = %self.folder.display(), "exporting the site recovered");
                }
                self.failing = false;
                tracing::debug!(
                    folder = %self.folder.display(),
                    written = counts.written,
                    removed = counts.removed,
                    "exported the site"
                );
            }
            Err(error) => {
                // The state of the disk is unknown now.
                self.export = None;
                self.written.clear();
                if !self.failing {
                    self.failing = true;
                    tracing::error!(
                        folder = %self.folder.display(),
                        error = %with_causes(&error),
                        "cannot export the site; trying again at the next change"
                    );
                }
            }
        }
    }

    fn attempt(&mut self, rendered: &Rendered) -> Result<ExportCounts, ExportError> {
        let export = match &mut self.export {
            Some(export) => export,
            none => none.insert(Export::open(&self.folder)?),
        };
        let now = rendered.now;
        let public = rendered.board.facts.incidents.iter();
        let public: Vec<_> = public.filter(|one| one.is_public()).cloned().collect();
        let incidents: HashMap<_, _> = public
            .iter()
            .enumerate()
            .map(|(at, incident)| {
                let beside = at.saturating_sub(1)..(at + 2).min(public.len());
                (incident.id.0.as_str(), (incident, &public[beside]))
            })
            .collect();
        let written = &self.written;
        let is_due = |address: &Address| {
            let id = address.incident();
            let incident = id.and_then(|id| Some((id, incidents.get(id)?)));
            incident.is_none_or(|(id, (incident, beside))| {
                written.get(id).is_none_or(|(exported, at)| {
                    !same(exported, beside)
                        || incident.is_active()
                        || older(*at, now, MAX_AGE_RESOLVED)
                })
            })
        };
        let view = rendered.view(rendered.language(None));
        let counts = export.run(&view, is_due, &AtomicUsize::new(0))?;
        let next = incidents.iter().map(|(id, (_, beside))| {
            let at = if is_due(&Address::of(Page::Incident, id)) {
                now
            } else {
                written.get(*id).map_or(now, |(_, at)| *at)
            };
            (Box::from(*id), (beside.to_vec(), at))
        });
        self.written = next.collect();
        Ok(counts)
    }
}

/// Whether both are the very same incidents in memory.
fn same(one: &[Arc<Incident>], other: &[Arc<Incident>]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| Arc::ptr_eq(one, other))
}

fn older(at: Timestamp, now: Timestamp, than: Duration) -> bool {
    let age: Duration = elapsed(at, now);
    age >= than
}
