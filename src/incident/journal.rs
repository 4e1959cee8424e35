//! The only writer of the incidents folder, beside people.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::document::Document;
use crate::incident::edit::Set;
use crate::incident::folder::{Folder, FolderError};
use crate::incident::head::DocumentError;
use crate::incident::reconcile::{self, Change, Opening, Scene};
use crate::incident::slug;
use crate::incident::watch::{Changed, Watch};
use crate::model::board;
use crate::model::component::{Component, Severity};
use crate::model::finding::Finding;
use crate::model::incident::{Incident, IncidentId, Phase, Update};
use crate::model::verdict::Verdict;

/// What the journal is told once.
#[derive(Clone, Debug)]
pub struct JournalSettings {
    /// The incidents folder.
    pub folder: PathBuf,
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The zone of dates in the files that name none.
    pub dates: TimeZone,
    /// Whether pages dated in the future are shown, as cState sites want it.
    pub build_future: bool,
}

/// What is written, as the board shows it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Every incident that could be read, in the order of cState's lists.
    pub incidents: Arc<Vec<Arc<Incident>>>,
    /// What could not be read.
    pub faults: Arc<Vec<Finding>>,
    /// Open incidents that wait to be called over.
    pub watches: BTreeMap<IncidentId, board::Watch>,
}

/// The only writer of the incidents folder, beside people (law 4).
#[derive(Debug)]
pub struct Journal {
    settings: JournalSettings,
    folder: Folder,
    watch: Watch,
    /// What is to be read again at the next step.
    pending: Option<Changed>,
    written: Written,
    /// When a page appears or disappears by itself.
    turns: Option<Timestamp>,
    /// Files that cannot be written at present; each is logged once.
    stuck: BTreeSet<String>,
}

#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error("the file cannot be changed")]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl Journal {
    /// Starts without having read anything.
    pub fn new(settings: JournalSettings) -> Self {
        let folder = Folder::new(&settings.folder, &settings.dates);
        let watch = Watch::new(&settings.folder);
        Self {
            settings,
            folder,
            watch,
            pending: Some(Changed::All),
            written: Written::default(),
            turns: None,
            stuck: BTreeSet::new(),
        }
    }

    /// Whether changes are told by the system, or found by looking.
    pub fn is_watching(&self) -> bool {
        self.watch.is_watching()
    }

    /// Waits until the next step would read something; giving up loses nothing.
    pub async fn changed(&mut self) {
        if self.pending.is_none() {
            self.pending = Some(self.watch.changed().await);
        }
    }

    /// Reads what people wrote, writes what has become true, and shows the result.
    ///
    /// A write that fails is due again at the next step (law 5).
    pub async fn step(
        &mut self,
        verdicts: &[Verdict],
        components: &[Component],
        now: Timestamp,
    ) -> Written {
        let changed = match self.pending.take() {
            Some(Changed::All) => self.folder.refresh().await,
            Some(Changed::Files(files)) => self.folder.refresh_files(&files).await,
            None => false,
        };
        if changed || self.turns.is_some_and(|turns| turns <= now) {
            self.show(now);
        }
        let outcome = reconcile::reconcile(&Scene {
            incidents: &self.written.incidents,
            verdicts,
            components,
            hold: self.settings.hold,
            zone: &self.settings.zone,
            now,
        });
        let busy = !outcome.openings.is_empty() || !outcome.changes.is_empty();
        for opening in &outcome.openings {
            let file = self.file_for(opening);
            let result = self.open(&file, opening).await;
            self.report(&file, result);
        }
        for (id, change) in &outcome.changes {
            let file = self
                .written
                .incidents
                .iter()
                .find(|incident| &incident.id == id);
            let Some(file) = file.map(|incident| incident.name.clone()) else {
                continue;
            };
            let result = self.change(&file, change).await;
            self.report(&file, result);
        }
        if busy {
            self.show(now);
        }
        self.written.watches = outcome.watches;
        self.written.clone()
    }

    async fn open(&mut self, file: &str, opening: &Opening) -> Result<(), WriteError> {
        let opens = || Update::new(opening.date, Phase::Investigating, "");
        let update = opening.change.update.clone().unwrap_or_else(opens);
        let mut document = Document::new(
            &opening.title,
            opening.date,
            opening.draft,
            &update,
            &self.settings.dates,
        )?;
        let change = Change {
            update: None,
            ..opening.change.clone()
        };
        apply(&mut document, &change)?;
        self.folder.write(file, None, document).await?;
        tracing::info!(
            kind = "incident",
            incident.file = file,
            severity = opening.change.severity.map(Severity::word),
            "opened {file}: {}",
            opening.title,
        );
        Ok(())
    }

    async fn change(&mut self, file: &str, change: &Change) -> Result<(), WriteError> {
        let before = self.folder.open(file).await?;
        let mut document = before.clone();
        apply(&mut document, change)?;
        self.folder.write(file, Some(&before), document).await?;
        if change.resolved.is_some() {
            tracing::info!(kind = "incident", incident.file = file, "resolved {file}");
        } else if let Some(update) = &change.update {
            tracing::info!(
                kind = "incident",
                incident.file = file,
                "updated {file}: {} - {}",
                update.word,
                update.text,
            );
        }
        Ok(())
    }

    /// Logs a failed write when it begins and when it ends, not each time.
    fn report(&mut self, file: &str, result: Result<(), WriteError>) {
        match result {
            Ok(()) if self.stuck.remove(file) => {
                tracing::info!(incident.file = file, "{file} can be written again");
            }
            Ok(()) => {}
            Err(WriteError::Folder(FolderError::Changed(file))) => {
                tracing::debug!(
                    incident.file = file,
                    "changed by somebody else; reading it again"
                );
                self.read_again(file);
            }
            Err(error) => {
                if self.stuck.insert(file.to_owned()) {
                    let why = chain(&error);
                    tracing::error!(incident.file = file, "{why}; trying on");
                }
                self.read_again(file.to_owned());
            }
        }
    }

    fn read_again(&mut self, file: String) {
        self.folder.doubt(&file);
        match &mut self.pending {
            Some(Changed::All) => {}
            Some(Changed::Files(files)) => {
                files.insert(file);
            }
            None => self.pending = Some(Changed::Files([file].into())),
        }
    }

    /// The day of the first bad sample and the title's words; `-2` for a second one.
    fn file_for(&self, opening: &Opening) -> String {
        slug::file(&opening.title, opening.date, &self.settings.zone, |name| {
            self.folder.contains(name)
        })
    }

    fn show(&mut self, now: Timestamp) {
        let future = |incident: &Incident| {
            incident
                .date
                .filter(|date| !self.settings.build_future && *date > now)
        };
        let turns = self.folder.incidents().flat_map(|incident| {
            [
                future(incident),
                incident.expires.filter(|expires| *expires > now),
            ]
        });
        self.turns = turns.flatten().min();
        let mut incidents: Vec<_> = self
            .folder
            .incidents()
            .filter(|incident| future(incident).is_none())
            .filter(|incident| incident.expires.is_none_or(|expires| expires > now))
            .cloned()
            .collect();
        incidents.sort_by(|one, other| order(one).cmp(&order(other)));
        self.written.incidents = Arc::new(incidents);
        let faults: Vec<_> = self.folder.faults().cloned().collect();
        for fault in faults
            .iter()
            .filter(|fault| !self.written.faults.contains(fault))
        {
            tracing::warn!(
                incident.file = fault.file,
                line = fault.line,
                column = fault.column,
                "cannot read {}: {}",
                fault.file,
                fault.message,
            );
        }
        self.written.faults = Arc::new(faults);
    }
}

fn apply(document: &mut Document, change: &Change) -> Result<(), DocumentError> {
    if let Some(severity) = change.severity {
        document.set("severity", &Set::Text(severity.word()))?;
    }
    if let Some(affected) = &change.affected {
        document.set("affected", &Set::List(affected))?;
    }
    if let Some(machine) = &change.machine {
        document.set("critwatch", &Set::Map(&document.machine_map(machine)))?;
    }
    if let Some(end) = change.resolved {
        document.set("resolved", &Set::Bool(true))?;
        document.set("resolvedWhen", &Set::Moment(end))?;
    }
    if let Some(update) = &change.update {
        document.prepend(update);
    }
    Ok(())
}

/// Hugo's order of pages: weights first, then the newest, then by title and path.
fn order(incident: &Incident) -> impl Ord + '_ {
    let weight = if incident.weight == 0 {
        i64::MAX
    } else {
        incident.weight
    };
    (
        weight,
        std::cmp::Reverse(incident.date),
        &incident.title,
        &incident.name,
    )
}

/// An error with its causes, for a log that nobody can ask back.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
