//! Keeps an exported site current while the service runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::model::request::leadership::Leadership;
use crate::web::export::error::ExportError;
use crate::web::export::folder::Export;
use crate::web::export::place::ExportPlace;
use crate::web::export::state::{ExportState, ExportTools, OpenExport, older};
use crate::web::serving::cache::RenderCache;
use crate::web::serving::cache::rendered_board::Rendered;
use crate::web::site::Revision;

/// The shortest time between the end of one export and the begin of the next.
const MIN_PAUSE: Duration = Duration::from_secs(2);

/// How old the running numbers of exported pages may become.
const MAX_AGE: Duration = Duration::from_mins(1);

/// How long to wait after the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Exports every new state of the board.
#[derive(Debug)]
pub(crate) struct ExportUpdater {
    renders: watch::Receiver<Arc<Rendered>>,
    leadership: Leadership,
    work: Option<ExportState>,
}

impl ExportUpdater {
    /// Keeps that place current.
    ///
    /// Fails at once if it is a folder that cannot be used. A store may be away.
    pub(crate) fn new(
        cache: &RenderCache,
        place: ExportPlace,
        tools: ExportTools,
    ) -> Result<Self, ExportError> {
        let export = match &place {
            ExportPlace::Folder(folder) => Some(OpenExport::Folder(Export::open(folder)?)),
            ExportPlace::Store(_) => None,
        };
        // Every monitor has a folder of its own, and all have the store.
        let leadership = match &place {
            ExportPlace::Folder(_) => Leadership::default(),
            ExportPlace::Store(_) => tools.leadership.clone(),
        };
        Ok(Self {
            renders: cache.renders(),
            leadership,
            work: Some(ExportState::new(place, export, tools)),
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
            let is_ours = self.leadership.holds(Instant::now());
            if !is_ours {
                exported = None;
                self.close();
            } else if due {
                let state = (rendered.revision, rendered.now);
                let failures = self.export(rendered, &stop).await;
                exported = (failures == 0).then_some(state);
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(pause(failures)) => {}
                }
                if failures > 0 {
                    continue;
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

    /// Forgets what is there: another monitor writes it now.
    fn close(&mut self) {
        if let Some(work) = &mut self.work {
            work.close();
        }
    }

    /// Exports a state; says how often that has failed by now.
    async fn export(&mut self, rendered: Arc<Rendered>, stop: &CancellationToken) -> u32 {
        let Some(mut work) = self.work.take() else {
            return 1;
        };
        let lost = work.lost();
        let stop = stop.clone();
        let done = tokio::task::spawn_blocking(move || {
            work.run(&rendered, &stop);
            work
        });
        let work = done.await.unwrap_or(lost);
        self.work.insert(work).failures
    }
}

/// How long to wait after an export, or after so many that failed.
fn pause(failures: u32) -> Duration {
    match failures {
        0 => MIN_PAUSE,
        failures => FIRST_PAUSE
            .saturating_mul(1 << (failures - 1).min(10))
            .min(LONGEST_PAUSE),
    }
}
