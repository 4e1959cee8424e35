//! The desk: finds the file that is meant, decides, and writes what was decided.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::change::NewFile;
use crate::incident::file::document::Document;
use crate::incident::folder::Folder;
use crate::incident::folder::error::FolderError;
use crate::incident::manual::decide::{self, Circumstances};
use crate::incident::manual::edited::{self, PresentFile};
use crate::incident::manual::outcome::{
    DeskRefusal, applied, as_it_is, changed_file, nothing, stale, unwritten, version,
};
use crate::incident::manual::state;
use crate::incident::reconcile::wording::Wording;
use crate::model::access::Actor;
use crate::model::component::Component;
use crate::model::incident::Incident;
use crate::model::request::incidents::authorship::Authors;
use crate::model::request::incidents::incident_change::{
    ChangeRefusal, ChangeRequest, ChangeTarget, ChangedFile, IncidentChange, IncidentEdit,
    StateByHand,
};

/// How often a file that somebody else is saving is read again.
const TRIES: usize = 5;

/// What the settings say about the files.
#[derive(Clone, Debug)]
pub struct ManualSettings {
    /// The incidents folder.
    pub folder: PathBuf,
    /// The zone of dates in the files that name none.
    pub dates: TimeZone,
    /// Languages of the site, the first one first; none if it has one alone.
    pub languages: Vec<String>,
    /// The language and the zone in which files are written.
    pub wording: Wording,
    /// The components; names are taken as they are if there are none.
    pub components: Vec<Component>,
}

/// The folder, in the hands of a person.
#[derive(Debug)]
pub struct IncidentDesk {
    settings: ManualSettings,
    folder: Folder,
    /// Learns who writes what.
    authors: Authors,
}

impl IncidentDesk {
    /// A desk that has read nothing; files are read when they are asked for.
    pub fn new(settings: ManualSettings) -> Self {
        let folder = Folder::new(&settings.folder, &settings.dates)
            .with_days_in(settings.wording.zone())
            .in_languages(&settings.languages);
        Self {
            settings,
            folder,
            authors: Authors::default(),
        }
    }

    /// The same, which tells a history who writes what.
    #[must_use]
    pub fn with_authors(self, authors: &Authors) -> Self {
        let authors = authors.clone();
        Self { authors, ..self }
    }

    /// Reads the whole folder.
    pub async fn refresh(&mut self) {
        self.folder.refresh().await;
    }

    /// Reads one file, of which it is known that it will be asked for.
    pub async fn refresh_file(&mut self, file: &str) {
        self.folder.refresh_files(&[file.to_owned()].into()).await;
    }

    /// The folder as it was read.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What the settings say.
    pub fn settings(&self) -> &ManualSettings {
        &self.settings
    }

    /// What a request must be measured by.
    fn scene<'s>(&'s self, actor: &'s Actor, now: Timestamp) -> Circumstances<'s> {
        Circumstances {
            components: &self.settings.components,
            wording: &self.settings.wording,
            actor,
            now,
            awaits_text: false,
        }
    }

    /// Refuses a change before anybody types a text for it.
    pub async fn allows(
        &mut self,
        change: &IncidentChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), DeskRefusal> {
        let (file, edit) = match change {
            IncidentChange::Edit(target, edit) => (self.file_of(target).await?, edit),
            IncidentChange::Open(_) | IncidentChange::Plan(_) => {
                let scene = Circumstances {
                    awaits_text: true,
                    ..self.scene(actor, now)
                };
                return new_file(change, &scene).map(drop);
            }
            IncidentChange::State { .. } => return Ok(()),
        };
        let (incident, document) = self.read(&file).await?;
        let scene = Circumstances {
            awaits_text: true,
            ..self.scene(actor, now)
        };
        let present = PresentFile {
            document: &document,
            incident: &incident,
        };
        Ok(edited::decide(edit, present, &scene).map(drop)?)
    }

    /// Does what is asked, by what the file says at that very moment.
    pub async fn change(
        &mut self,
        request: &ChangeRequest,
        now: Timestamp,
    ) -> Result<ChangedFile, DeskRefusal> {
        match &request.change {
            IncidentChange::Open(_) | IncidentChange::Plan(_) => self.create(request, now).await,
            IncidentChange::Edit(target, edit) => {
                let file = self.file_of(target).await?;
                self.edit(&file, edit, request, now).await
            }
            IncidentChange::State {
                component,
                state,
                text,
            } => {
                let component = &component.0;
                self.hold(component, *state, text.as_deref(), request, now)
                    .await
            }
        }
    }

    /// A file as it is now.
    pub async fn look(
        &mut self,
        target: &ChangeTarget,
        now: Timestamp,
    ) -> Result<ChangedFile, ChangeRefusal> {
        let file = self.file_of(target).await?;
        let (incident, document) = self.read(&file).await?;
        Ok(as_it_is(incident, &document, now))
    }

    /// The file that is meant; of one that was not read yet the folder is read.
    async fn file_of(&mut self, target: &ChangeTarget) -> Result<String, ChangeRefusal> {
        let id = match target {
            ChangeTarget::File(file) => return Ok(file.clone()),
            ChangeTarget::Id(id) => id,
        };
        for is_read in [false, true] {
            if is_read {
                self.refresh().await;
            }
            let mut incidents = self.folder.contents().incidents();
            if let Some(found) = incidents.find(|incident| incident.id == *id) {
                return Ok(found.name.clone());
            }
        }
        Err(ChangeRefusal::Unknown(id.0.clone()))
    }

    /// Reads a file, once more if somebody is saving it.
    async fn read(&mut self, file: &str) -> Result<(Arc<Incident>, Document), ChangeRefusal> {
        for _ in 0..TRIES {
            self.folder.refresh_files(&[file.to_owned()].into()).await;
            let found = self.folder.contents().file(file).cloned();
            let incident = found.ok_or_else(|| ChangeRefusal::Unknown(file.to_owned()))?;
            match self.folder.open(file).await {
                Ok(document) => return Ok((incident, document)),
                Err(_)
                    if self
                        .folder
                        .contents()
                        .faults()
                        .any(|fault| fault.file == file) =>
                {
                    let why = format!("{file} cannot be read any more");
                    return Err(ChangeRefusal::Unwritten(why));
                }
                Err(_) => self.folder.doubt(file),
            }
        }
        Err(ChangeRefusal::Busy(file.to_owned()))
    }

    /// Writes a new file, whole or not at all.
    async fn create(
        &mut self,
        request: &ChangeRequest,
        now: Timestamp,
    ) -> Result<ChangedFile, DeskRefusal> {
        let opening = new_file(&request.change, &self.scene(&request.actor, now))?;
        let document = opening.document(&self.settings.dates);
        let document = document.map_err(|error| ChangeRefusal::Unwritten(error.to_string()))?;
        for _ in 0..TRIES {
            let (title, date) = (&opening.title, opening.date);
            let zone = self.settings.wording.zone();
            let named = self.folder.name_for(title, date, zone, false).await;
            let file = named.map_err(|error| unwritten(&error))?;
            if !request.preview {
                self.authors.note(document.bytes(), &request.actor);
                match self.folder.write(&file, None, document.clone()).await {
                    Err(FolderError::Changed(_)) => continue,
                    written => written.map_err(|error| unwritten(&error))?,
                }
            }
            let incident = Arc::new(self.folder.contents().meaning(&document, &file));
            let files = (None, Some(&document));
            return Ok(changed_file(incident, vec!["new"], files, now));
        }
        let why = "cannot write a new file: its name is taken by something that is not an incident";
        Err(ChangeRefusal::Unwritten(why.to_owned()).into())
    }

    async fn edit(
        &mut self,
        file: &str,
        edit: &IncidentEdit,
        request: &ChangeRequest,
        now: Timestamp,
    ) -> Result<ChangedFile, DeskRefusal> {
        for _ in 0..TRIES {
            let (incident, before) = self.read(file).await?;
            let found = version(before.bytes());
            if request.seen.as_ref().is_some_and(|seen| *seen != found) {
                return Err(stale(file, found).into());
            }
            let present = PresentFile {
                document: &before,
                incident: &incident,
            };
            let outcome = edited::decide(edit, present, &self.scene(&request.actor, now))?;
            let (document, changed) = applied(edit, outcome, &before)?;
            if !request.preview && !changed.is_empty() {
                let done = if let Some(document) = document.clone() {
                    self.authors.note(document.bytes(), &request.actor);
                    self.folder.write(file, Some(&before), document).await
                } else {
                    self.authors.note_deletion(before.bytes(), &request.actor);
                    self.folder.remove(file, &before).await
                };
                match done {
                    Err(FolderError::Changed(_)) => {
                        self.folder.doubt(file);
                        continue;
                    }
                    done => done.map_err(|error| unwritten(&error))?,
                }
            }
            let incident = document.as_ref().map_or(incident, |document| {
                Arc::new(self.folder.contents().meaning(document, file))
            });
            let files = (Some(&before), document.as_ref());
            return Ok(changed_file(incident, changed, files, now));
        }
        Err(ChangeRefusal::Busy(file.to_owned()).into())
    }

    /// Holds a component in a state, or lets go of it.
    async fn hold(
        &mut self,
        id: &str,
        state: StateByHand,
        text: Option<&str>,
        request: &ChangeRequest,
        now: Timestamp,
    ) -> Result<ChangedFile, DeskRefusal> {
        let mut components = self.settings.components.iter();
        let component = components.find(|component| component.id.0 == id);
        let component = component.ok_or_else(|| ChangeRefusal::Unknown(id.to_owned()))?;
        let component = component.clone();
        self.refresh().await;
        let mut incidents = self.folder.contents().incidents();
        let holder = incidents.find(|incident| state::holds(incident, &component));
        let holder = holder.cloned();
        drop(incidents);
        let wording = &self.settings.wording;
        let planned = state::plan(&component, state, text, holder.as_deref(), wording);
        let Some(change) = planned else {
            let Some(holder) = holder else {
                return Ok(nothing());
            };
            let (incident, document) = self.read(&holder.name).await?;
            return Ok(as_it_is(incident, &document, now));
        };
        let request = ChangeRequest {
            change,
            ..request.clone()
        };
        match &request.change {
            IncidentChange::Edit(ChangeTarget::File(file), edit) => {
                self.edit(file, edit, &request, now).await
            }
            _ => self.create(&request, now).await,
        }
    }
}

fn new_file(change: &IncidentChange, scene: &Circumstances<'_>) -> Result<NewFile, DeskRefusal> {
    match change {
        IncidentChange::Plan(work) => Ok(decide::plan(work, scene)?),
        IncidentChange::Open(new) => Ok(decide::open(new, scene)?),
        IncidentChange::Edit(target, _) => {
            Err(ChangeRefusal::Unknown(format!("{target:?}")).into())
        }
        IncidentChange::State { component, .. } => {
            Err(ChangeRefusal::Unknown(component.0.clone()).into())
        }
    }
}
