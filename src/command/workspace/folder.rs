//! Where a person's hand works on the incident files, without a server.

use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::command::terminal::difference::difference;
use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::{note, plain, quoted};
use crate::command::workspace::report::WriteReport;
use crate::command::workspace::settings::{Files, SiteRead};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, NewFile};
use crate::incident::file::document::Document;
use crate::incident::file::sections::{is_unwritten, sections};
use crate::incident::folder::Folder;
use crate::incident::folder::error::FolderError;
use crate::incident::manual::affected;
use crate::incident::manual::amend;
use crate::incident::manual::find::{self, FoundIncident};
use crate::incident::reconcile::wording::Wording;
use crate::model::component::Component;
use crate::model::incident::{Incident, Update};
use crate::model::time::moment;
use crate::pipeline::stages::Pipeline;
use crate::web::site::Names;

/// How often a file that somebody else is saving is read again.
const TRIES: usize = 5;

/// The files, and what the settings say about them.
#[derive(Debug)]
pub struct Workspace {
    /// The site's time zone.
    pub zone: TimeZone,
    /// The language and the zone in which the service would write.
    pub wording: Wording,
    /// The environment that the settings were read with.
    pub environment: Environment,
    dates: TimeZone,
    /// `None` where there are no settings.
    components: Option<Vec<Component>>,
    files: Files,
    folder: Folder,
}

impl Workspace {
    /// Reads the settings, if there are any, and the folder.
    pub async fn open(files: &Files, environment: Environment) -> anyhow::Result<Self> {
        let (names, components, incidents) = match files.site(environment.clone())? {
            Some(SiteRead {
                names,
                components,
                incidents,
            }) => (names, Some(components), incidents),
            None => (Names::new("", TimeZone::UTC), None, None),
        };
        let wording = Wording::new(names.language(None), names.zone.clone());
        let (zone, dates) = (names.zone, names.dates);
        let incidents = files.folder(incidents.as_ref());
        if !incidents.is_dir() {
            let folder = incidents.display();
            return Err(BadInput::new(format!(
                "there is no folder {folder}; name the one of the incidents with --incidents DIR, \
                or make it"
            ))
            .into());
        }
        let mut folder = Folder::new(&incidents, &dates)
            .with_days_in(&zone)
            .in_languages(&names.cstate.languages);
        folder.refresh().await;
        Ok(Self {
            zone,
            wording,
            environment,
            dates,
            components,
            files: files.clone(),
            folder,
        })
    }

    /// This second: what is written in files is that exact.
    pub fn now() -> Timestamp {
        moment::whole(Pipeline::clock())
    }

    /// Every incident that can be read.
    pub fn incidents(&self) -> Vec<Arc<Incident>> {
        self.folder.incidents().cloned().collect()
    }

    /// Says which files cannot be read.
    pub fn tell_faults(&self) {
        for fault in self.folder.faults() {
            note(&fault.to_string());
        }
    }

    /// Where a file is, as the operator knows it.
    pub fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }

    /// Reads a moment in the site's zone.
    pub fn when(&self, text: &str) -> Result<Timestamp, BadInput> {
        moment::parse(text, &self.zone, Pipeline::clock()).map_err(BadInput::from)
    }

    /// The one incident that is meant by a part of its id.
    pub fn find(&self, word: &str) -> Result<Arc<Incident>, BadInput> {
        let incidents = self.incidents();
        let is_own = incidents.iter().any(|one| one.name == word);
        if let Some(translation) = self.folder.file(word).filter(|_| !is_own) {
            note(&format!(
                "`{word}` is a translation; whether the incident goes on is said by the file that \
                it translates"
            ));
            return Ok(Arc::clone(translation));
        }
        match find::find(word, &incidents) {
            FoundIncident::One(incident) => Ok(incident),
            FoundIncident::Several(all) => {
                let lines: Vec<_> = all
                    .iter()
                    .map(|one| format!("\n  {}  {}", quoted(&one.name), plain(&one.title)))
                    .collect();
                Err(BadInput::new(format!(
                    "`{word}` is a part of several ids; write more of it, or the file's name:{}",
                    lines.concat()
                )))
            }
            FoundIncident::None => {
                self.tell_faults();
                let ids = incidents.iter().map(|one| &*one.id.0);
                let near = find::nearest(word, ids);
                let way = near.map_or_else(
                    || "`critwatch incident list --all` shows them".to_owned(),
                    |id| format!("did you mean `{id}`?"),
                );
                Err(BadInput::new(format!(
                    "no incident has `{word}` in its id or as its file's name; {way}"
                )))
            }
        }
    }

    /// Names as the settings have them; says what it corrected.
    ///
    /// Without settings names are taken as they are, which is said: in an outage
    /// an unchecked word is better than none.
    pub fn affected(&self, typed: &[String], present: &[String]) -> Result<Vec<String>, BadInput> {
        if let Some(empty) = typed.iter().find(|name| name.trim().is_empty()) {
            return Err(BadInput::new(format!("`{empty}` is no component")));
        }
        let known = self.components.as_deref().unwrap_or_default();
        if known.is_empty() {
            let config = self.files.config.display();
            note(&format!(
                "no component stands in {config}; the names are not checked"
            ));
            return Ok(typed.to_vec());
        }
        let affected = affected::check(typed, known, present).map_err(BadInput::from)?;
        for (typed, meant) in &affected.corrected {
            note(&format!("`{typed}` is written as `{meant}`"));
        }
        Ok(affected.names)
    }

    /// Refuses a change before anybody types a text for it.
    pub fn refuse(
        zone: &TimeZone,
        change: &FileChange,
        present: &Incident,
    ) -> Result<(), BadInput> {
        amend::check(change, present, Self::now())
            .map_err(|refusal| BadInput::new(format!("{}: {}", present.id, refusal.words(zone))))
    }

    /// Refuses a new file before anybody types a text for it.
    pub fn refuse_new(&self, file: &NewFile) -> Result<(), BadInput> {
        amend::check_new(file, Self::now())
            .map_err(|refusal| BadInput::new(refusal.words(&self.zone)))
    }

    /// The sections of a file that nobody has written yet, by their headings.
    pub async fn unwritten(&self, file: &str) -> anyhow::Result<Vec<String>> {
        let document = self.folder.open(file).await?;
        let body = document.body();
        let unwritten = sections(&body).into_iter();
        let unwritten = unwritten.filter(|section| is_unwritten(&body[section.range.clone()]));
        Ok(unwritten.map(|section| section.heading).collect())
    }

    /// The update that stands first in a file, with all of its paragraphs.
    pub async fn first_update(&self, file: &str) -> anyhow::Result<Option<Update>> {
        Ok(self.folder.open(file).await?.first_update())
    }

    /// A file as it is.
    pub async fn open_file(&self, file: &str) -> anyhow::Result<Document> {
        Ok(self.folder.open(file).await?)
    }

    /// Puts a document in the place of a file that nobody has changed meanwhile.
    pub async fn replace(
        &mut self,
        file: &str,
        before: &Document,
        after: Document,
    ) -> anyhow::Result<()> {
        Ok(self.folder.write(file, Some(before), after).await?)
    }

    /// Writes a new file, whole or not at all.
    pub async fn create(
        &mut self,
        opening: &NewFile,
        preview: bool,
    ) -> anyhow::Result<WriteReport> {
        self.refuse_new(opening)?;
        let document = opening.document(&self.dates)?;
        for _ in 0..TRIES {
            self.folder.refresh().await;
            let (title, date) = (&opening.title, opening.date);
            let file = self.folder.name_for(title, date, &self.zone, false).await?;
            let preview = preview.then(|| text(&document));
            if preview.is_none() {
                match self.folder.write(&file, None, document.clone()).await {
                    Err(FolderError::Changed(_)) => continue,
                    written => written?,
                }
            }
            return Ok(self.report(&document.incident(&file), vec!["new"], preview));
        }
        anyhow::bail!("cannot write a new file: its name is taken by something that is no incident")
    }

    /// Changes a file as decided by what it says at that very moment.
    pub async fn change(
        &mut self,
        file: &str,
        preview: bool,
        decide: impl Fn(&Incident) -> Result<FileChange, BadInput>,
    ) -> anyhow::Result<WriteReport> {
        for _ in 0..TRIES {
            self.folder.refresh_files(&[file.to_owned()].into()).await;
            let incident = self.folder.file(file);
            let incident = incident.cloned().context("the file is gone")?;
            let amendment = decide(&incident)?;
            let before = match self.folder.open(file).await {
                Err(FolderError::Changed(_)) if !self.is_faulty(file) => continue,
                opened => opened.context("the file cannot be read any more")?,
            };
            let mut document = before.clone();
            let changed = amendment.apply(&mut document)?;
            let path = self.path(file);
            let preview = preview.then(|| difference(&path, before.bytes(), document.bytes()));
            if preview.is_none() && !changed.is_empty() {
                match self.folder.write(file, Some(&before), document).await {
                    Err(FolderError::Changed(_)) => continue,
                    written => written?,
                }
            }
            return Ok(self.report(&incident, changed, preview));
        }
        anyhow::bail!("cannot write {file}: somebody else keeps changing it")
    }

    fn is_faulty(&self, file: &str) -> bool {
        self.folder.faults().any(|fault| fault.file == file)
    }

    fn report(
        &self,
        incident: &Incident,
        changed: Vec<&'static str>,
        preview: Option<String>,
    ) -> WriteReport {
        WriteReport {
            file: self.path(&incident.name),
            id: incident.id.0.clone(),
            changed,
            preview,
        }
    }
}

fn text(document: &Document) -> String {
    String::from_utf8_lossy(document.bytes()).into_owned()
}
