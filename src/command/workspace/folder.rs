//! Where a person's hand works on the incident files, without a server.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::{note, plain, quoted};
use crate::command::workspace::report::WriteReport;
use crate::command::workspace::settings::{Files, SiteRead};
use crate::config::reading::reader::Environment;
use crate::incident::manual::affected;
use crate::incident::manual::desk::{IncidentDesk, ManualSettings};
use crate::incident::manual::find::{self, FoundIncident};
use crate::incident::manual::outcome::DeskRefusal;
use crate::incident::manual::refusal::EditRefusal;
use crate::incident::reconcile::wording::Wording;
use crate::model::access::{Actor, Proof};
use crate::model::incident::{Incident, Update};
use crate::model::request::incidents::incident_change::{
    ChangeRefusal, ChangeRequest, ChangeTarget, ChangedFile, FileVersion, IncidentChange,
};
use crate::model::text::difference::difference;
use crate::model::time::moment;
use crate::pipeline::stages::Pipeline;
use crate::web::site::Names;

/// The files, and what the settings say about them.
#[derive(Debug)]
pub struct Workspace {
    /// The site's time zone.
    pub zone: TimeZone,
    /// The language and the zone in which the service would write.
    pub wording: Wording,
    /// The environment that the settings were read with.
    pub environment: Environment,
    files: Files,
    desk: IncidentDesk,
    /// Who types: whoever may run a command may edit the files.
    actor: Actor,
}

impl Workspace {
    /// Reads the settings, if there are any, and the folder.
    pub async fn open(files: &Files, environment: Environment) -> anyhow::Result<Self> {
        let (names, components, incidents) = match files.site(environment.clone())? {
            Some(SiteRead {
                names,
                components,
                incidents,
            }) => (names, components, incidents),
            None => (Names::new("", TimeZone::UTC), Vec::new(), None),
        };
        let wording = Wording::new(names.language(None), names.zone.clone());
        let incidents = files.folder(incidents.as_ref());
        if !incidents.is_dir() {
            let folder = incidents.display();
            return Err(BadInput::new(format!(
                "there is no folder {folder}; name the one of the incidents with --incidents DIR, \
                or make it"
            ))
            .into());
        }
        let mut desk = IncidentDesk::new(ManualSettings {
            folder: incidents,
            dates: names.dates,
            languages: names.cstate.languages,
            wording: wording.clone(),
            components,
        });
        desk.refresh().await;
        Ok(Self {
            zone: names.zone,
            wording,
            environment,
            files: files.clone(),
            desk,
            actor: Actor {
                name: String::new(),
                proof: Proof::Command,
            },
        })
    }

    /// This second: what is written in files is that exact.
    pub fn now() -> Timestamp {
        moment::whole(Pipeline::clock())
    }

    /// Every incident that can be read.
    pub fn incidents(&self) -> Vec<Arc<Incident>> {
        self.desk.folder().contents().incidents().cloned().collect()
    }

    /// Says which files cannot be read.
    pub fn tell_faults(&self) {
        for fault in self.desk.folder().contents().faults() {
            note(&fault.to_string());
        }
    }

    /// Where a file is, as the operator knows it.
    pub fn path(&self, file: &str) -> String {
        self.desk.folder().path().join(file).display().to_string()
    }

    /// Reads a moment in the site's zone.
    pub fn when(&self, text: &str) -> Result<Timestamp, BadInput> {
        moment::parse(text, &self.zone, Pipeline::clock()).map_err(BadInput::from)
    }

    /// The one incident that is meant by a part of its id.
    pub fn find(&self, word: &str) -> Result<Arc<Incident>, BadInput> {
        let incidents = self.incidents();
        let is_own = incidents.iter().any(|one| one.name == word);
        if let Some(translation) = self.desk.folder().contents().file(word).filter(|_| !is_own) {
            note(&format!(
                "`{word}` is a translation; the file that it translates says whether the \
                incident is open"
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
                    "`{word}` matches several incidents; write more of the id, or the name of the file:{}",
                    lines.concat()
                )))
            }
            FoundIncident::None => {
                self.tell_faults();
                let ids = incidents.iter().map(|one| &*one.id.0);
                let near = find::nearest(word, ids);
                let way = near.map_or_else(
                    || "see `critwatch incident list --all`".to_owned(),
                    |id| format!("did you mean `{id}`?"),
                );
                Err(BadInput::new(format!(
                    "no incident matches `{word}`; {way}"
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
            return Err(BadInput::new(format!("`{empty}` is not a component")));
        }
        let known = &*self.desk.settings().components;
        if known.is_empty() {
            let config = self.files.config.display();
            note(&format!(
                "{config} has no components; the names are not checked"
            ));
            return Ok(typed.to_vec());
        }
        let affected = affected::check(typed, known, present).map_err(BadInput::from)?;
        for (typed, meant) in &affected.corrected {
            note(&format!("using `{meant}` for `{typed}`"));
        }
        Ok(affected.names)
    }

    /// Refuses a change before anybody types a text for it.
    pub async fn allows(&mut self, change: &IncidentChange) -> anyhow::Result<()> {
        let allowed = self.desk.allows(change, &self.actor, Self::now()).await;
        allowed.map_err(|refusal| self.told(refusal, change))
    }

    /// Does what was asked, or shows what that would be.
    pub async fn change(
        &mut self,
        change: IncidentChange,
        preview: bool,
    ) -> anyhow::Result<WriteReport> {
        self.change_if(change, None, preview).await
    }

    /// The same if the file still reads as somebody saw it.
    pub async fn change_if(
        &mut self,
        change: IncidentChange,
        seen: Option<FileVersion>,
        preview: bool,
    ) -> anyhow::Result<WriteReport> {
        let request = ChangeRequest {
            actor: self.actor.clone(),
            preview,
            seen,
            change,
        };
        match self.desk.change(&request, Self::now()).await {
            Ok(changed) => Ok(self.report(&changed, preview)),
            Err(refusal) => Err(self.told(refusal, &request.change)),
        }
    }

    /// A file as it is.
    pub async fn open_file(&mut self, file: &str) -> anyhow::Result<ChangedFile> {
        let target = ChangeTarget::File(file.to_owned());
        let looked = self.desk.look(&target, Self::now()).await;
        looked.map_err(|refusal| anyhow::anyhow!("{refusal}"))
    }

    /// The update that stands first in a file, with all of its paragraphs.
    pub async fn first_update(&self, file: &str) -> anyhow::Result<Option<Update>> {
        Ok(self.desk.folder().open(file).await?.first_update())
    }

    /// What a person is told of a refusal.
    fn told(&self, refusal: DeskRefusal, change: &IncidentChange) -> anyhow::Error {
        let refusal = match refusal {
            DeskRefusal::Objections(all) => match all.into_iter().next() {
                Some(objection) => objection.refusal,
                None => return anyhow::anyhow!("this is not possible"),
            },
            DeskRefusal::Change(ChangeRefusal::Unknown(_)) => {
                return anyhow::anyhow!("the file is gone");
            }
            DeskRefusal::Change(refusal) => return anyhow::anyhow!("{refusal}"),
        };
        let incident = match change {
            IncidentChange::Edit(ChangeTarget::File(file), _) => {
                self.desk.folder().contents().file(file)
            }
            _ => None,
        };
        let words = match incident {
            Some(incident) if matches!(refusal, EditRefusal::Unreadable(_)) => {
                format!(
                    "{}: {refusal}; nothing was saved",
                    self.path(&incident.name)
                )
            }
            Some(incident) => refusal.words_about(&incident.id, &self.zone),
            None => refusal.words(&self.zone),
        };
        BadInput::new(words).into()
    }

    fn report(&self, changed: &ChangedFile, preview: bool) -> WriteReport {
        let path = self.path(&changed.incident.name);
        let shown = |bytes: &Option<Vec<u8>>| bytes.clone().unwrap_or_default();
        let (before, after) = (shown(&changed.before), shown(&changed.after));
        let preview = preview.then(|| match &changed.before {
            Some(_) => difference(&path, &before, &after),
            None => String::from_utf8_lossy(&after).into_owned(),
        });
        WriteReport {
            file: path,
            id: changed.incident.id.0.clone(),
            changed: changed.changed.clone(),
            preview,
        }
    }
}
