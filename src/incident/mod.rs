//! Incidents: what is written, compared with what is true, and written on.

pub mod body;
pub mod document;
pub mod folder;
pub mod gate;
pub mod reconcile;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::document::{Document, DocumentError, Set};
use crate::incident::folder::{Folder, FolderError};
use crate::incident::reconcile::{Change, Opening, Scene};
use crate::model::board::Watch;
use crate::model::component::Component;
use crate::model::incident::{FileFault, Incident, IncidentId, Update};
use crate::model::verdict::Verdict;

/// How often the folder is looked at when nothing else happens.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What the journal is told once.
#[derive(Clone, Debug)]
pub struct JournalSettings {
    /// The incidents folder.
    pub folder: PathBuf,
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// The site's time zone.
    pub zone: TimeZone,
}

/// What is written, as the board shows it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Every incident that could be read, newest first.
    pub incidents: Arc<Vec<Incident>>,
    /// What could not be read.
    pub faults: Arc<Vec<FileFault>>,
    /// Open incidents that wait to be called over.
    pub watches: BTreeMap<IncidentId, Watch>,
}

/// The only writer of the incidents folder, beside people (law 4).
#[derive(Debug)]
pub struct Journal {
    settings: JournalSettings,
    folder: Folder,
    looked: Option<Timestamp>,
    written: Written,
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
        let folder = Folder::new(&settings.folder);
        Self {
            settings,
            folder,
            looked: None,
            written: Written::default(),
            stuck: BTreeSet::new(),
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
        let due = self.looked.is_none_or(|looked| {
            now < looked || now.duration_since(looked) >= LOOK_EVERY.try_into().unwrap_or_default()
        });
        if due {
            self.looked = Some(now);
            if self.folder.refresh().await {
                self.show();
            }
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
            let Some(file) = file.map(|incident| incident.filename.clone()) else {
                continue;
            };
            let result = self.change(&file, change).await;
            self.report(&file, result);
        }
        if busy {
            self.show();
        }
        self.written.watches = outcome.watches;
        self.written.clone()
    }

    async fn open(&mut self, file: &str, opening: &Opening) -> Result<(), WriteError> {
        let update = opening.change.update.clone().unwrap_or(Update {
            at: Some(opening.date),
            phase: crate::model::incident::Phase::Investigating,
            text: String::new(),
        });
        let mut document = Document::new(&opening.title, opening.date, opening.draft, &update)?;
        let change = Change {
            update: None,
            ..opening.change.clone()
        };
        apply(&mut document, &change)?;
        self.folder.write(file, document).await?;
        tracing::info!(
            kind = "incident",
            incident.file = file,
            severity = opening
                .change
                .severity
                .map(super::model::component::Severity::word),
            "opened {file}: {}",
            opening.title,
        );
        Ok(())
    }

    async fn change(&mut self, file: &str, change: &Change) -> Result<(), WriteError> {
        let Some(mut document) = self.folder.document(file).cloned() else {
            return Ok(());
        };
        apply(&mut document, change)?;
        self.folder.write(file, document).await?;
        if change.resolved.is_some() {
            tracing::info!(kind = "incident", incident.file = file, "resolved {file}");
        } else if let Some(update) = &change.update {
            tracing::info!(
                kind = "incident",
                incident.file = file,
                "updated {file}: {} - {}",
                update.phase.word(),
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
                self.looked = None;
            }
            Err(error) => {
                if self.stuck.insert(file.to_owned()) {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(
                        incident.file = file,
                        error,
                        "cannot write {file}; trying on"
                    );
                }
                self.looked = None;
            }
        }
    }

    /// The day of the first bad sample and the title's words; `-2` for a second one.
    fn file_for(&self, opening: &Opening) -> String {
        let day = opening
            .date
            .to_zoned(self.settings.zone.clone())
            .strftime("%Y-%m-%d");
        let stem = format!("{day}-{}", slug(&opening.title));
        let names = std::iter::once(format!("{stem}.md"))
            .chain((2..).map(|number: u32| format!("{stem}-{number}.md")));
        names
            .into_iter()
            .find(|name| !self.folder.contains(name))
            .unwrap_or(stem)
    }

    fn show(&mut self) {
        let mut incidents: Vec<_> = self.folder.incidents().cloned().collect();
        incidents.sort_by(|one, other| (other.date, &one.title).cmp(&(one.date, &other.title)));
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
        document.set("severity", &Set::Word(severity.word()))?;
    }
    if let Some(affected) = &change.affected {
        document.set("affected", &Set::List(affected))?;
    }
    if let Some(rules) = &change.rules {
        document.set("critwatch", &Set::Rules(rules))?;
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

/// The words of a title as they stand in a file name: small letters and dashes.
fn slug(title: &str) -> String {
    let words = title.to_lowercase();
    let words = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-");
    slug.truncate(60);
    if slug.is_empty() {
        "incident".to_owned()
    } else {
        slug.trim_end_matches('-').to_owned()
    }
}
