//! Where a site is exported to, what is there by now, and how the last attempts went.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::model::facts::trouble::{Trouble, Troubles};
use crate::model::incident::Incident;
use crate::model::request::leadership::Leadership;
use crate::model::text::causes::with_causes;
use crate::model::time::duration::{elapsed, short};
use crate::web::export::error::ExportError;
use crate::web::export::folder::{Export, ExportCounts};
use crate::web::export::metrics::ExportMetrics;
use crate::web::export::place::ExportPlace;
use crate::web::export::store::upload::StoreExport;
use crate::web::serving::cache::rendered_board::Rendered;
use crate::web::site::View;
use crate::web::table::Address;
use crate::web::table::pages::Page;

/// How old pages of what is over may become, whose texts do not change.
const MAX_AGE_RESOLVED: Duration = Duration::from_hours(1);

/// After how long without success operators are told.
const TOLD_AFTER: Duration = Duration::from_mins(10);

/// What an export counts in and asks.
#[derive(Clone, Debug)]
pub(crate) struct ExportTools {
    /// What is counted.
    pub metrics: ExportMetrics,
    /// What operators must know.
    pub troubles: Troubles,
    /// Whether this monitor is the one that writes what several share.
    pub leadership: Leadership,
}

/// State from one export to the next.
#[derive(Debug)]
pub(super) struct ExportState {
    place: ExportPlace,
    export: Option<OpenExport>,
    /// The incidents whose pages were written, with those beside them, which their
    /// pages name; and when.
    written: HashMap<Box<str>, (Vec<Arc<Incident>>, Timestamp)>,
    /// Attempts without success, one after the other, and since when.
    pub(super) failures: u32,
    since: Option<Timestamp>,
    tools: ExportTools,
}

/// Where is exported to, once it could be reached.
#[derive(Debug)]
pub(super) enum OpenExport {
    Folder(Export),
    Store(StoreExport),
}

impl ExportState {
    /// Begins; a folder may be open already.
    pub(super) fn new(place: ExportPlace, export: Option<OpenExport>, tools: ExportTools) -> Self {
        Self {
            place,
            export,
            written: HashMap::new(),
            failures: 0,
            since: None,
            tools,
        }
    }

    /// The same after an attempt that nobody knows the end of.
    pub(super) fn lost(&self) -> Self {
        Self {
            failures: self.failures.saturating_add(1),
            since: self.since,
            ..Self::new(self.place.clone(), None, self.tools.clone())
        }
    }

    /// Exports the rendered board; logs when that begins to fail, and when it recovers.
    pub(super) fn run(&mut self, rendered: &Rendered, stop: &CancellationToken) {
        match self.attempt(rendered, stop) {
            Ok(counts) => {
                if self.failures > 0 {
                    tracing::info!(place = %self.place, "exporting the site recovered");
                }
                (self.failures, self.since) = (0, None);
                self.tools.metrics.succeeded(&counts, rendered.now);
                self.tools.troubles.put("export", None);
                tracing::debug!(
                    place = %self.place,
                    written = counts.written,
                    removed = counts.removed,
                    "exported the site"
                );
            }
            // Nobody needs to hear that we stop.
            Err(_) if stop.is_cancelled() => self.failures = self.failures.saturating_add(1),
            Err(error) => self.fail(&error, rendered.now),
        }
    }

    fn fail(&mut self, error: &ExportError, now: Timestamp) {
        // The state of the disk or the store is unknown now.
        self.close();
        self.tools.metrics.failed();
        if self.failures == 0 {
            tracing::error!(
                place = %self.place,
                error = %with_causes(error),
                "cannot export the site; trying again"
            );
        }
        self.failures = self.failures.saturating_add(1);
        let since = *self.since.get_or_insert(now);
        let lasts: Duration = elapsed(since, now);
        if error.needs_hands() || lasts >= TOLD_AFTER {
            let trouble = Trouble {
                since,
                title: "The exported site is out of date".to_owned(),
                text: format!(
                    "{}. It is tried again at least once a minute, and has been for {}.",
                    with_causes(error),
                    short(lasts),
                ),
            };
            self.tools.troubles.put("export", Some(trouble));
        }
    }

    /// Forgets what is there.
    pub(super) fn close(&mut self) {
        self.export = None;
        self.written.clear();
    }

    fn open(&mut self, stop: &CancellationToken) -> Result<&mut OpenExport, ExportError> {
        let opened = match (self.export.take(), &self.place) {
            (Some(open), _) => open,
            (None, ExportPlace::Folder(folder)) => OpenExport::Folder(Export::open(folder)?),
            (None, ExportPlace::Store(bucket)) => {
                let opening = StoreExport::open(bucket.clone());
                OpenExport::Store(unless(stop, opening)?)
            }
        };
        Ok(self.export.insert(opened))
    }

    fn attempt(
        &mut self,
        rendered: &Rendered,
        stop: &CancellationToken,
    ) -> Result<ExportCounts, ExportError> {
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
        let written = std::mem::take(&mut self.written);
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
        let counts = self.open(stop)?.run(&view, is_due, stop)?;
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

impl OpenExport {
    fn run(
        &mut self,
        view: &View<'_>,
        is_due: impl Fn(&Address) -> bool,
        stop: &CancellationToken,
    ) -> Result<ExportCounts, ExportError> {
        let done = AtomicUsize::new(0);
        match self {
            Self::Folder(export) => export.run(view, is_due, &done),
            Self::Store(export) => unless(stop, export.run(view, is_due, &done)),
        }
    }
}

/// Waits for what a store does, unless we are to stop.
fn unless<T>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, ExportError>>,
) -> Result<T, ExportError> {
    let work = async { stop.run_until_cancelled(work).await };
    let done = Handle::current().block_on(work);
    done.unwrap_or(Err(ExportError::Stopped))
}

/// Whether both are the very same incidents in memory.
fn same(one: &[Arc<Incident>], other: &[Arc<Incident>]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| Arc::ptr_eq(one, other))
}

/// Whether a moment is so long ago.
pub(super) fn older(at: Timestamp, now: Timestamp, than: Duration) -> bool {
    let age: Duration = elapsed(at, now);
    age >= than
}
