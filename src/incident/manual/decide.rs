//! From what a person asks to a new file or a change of one, or all that speaks
//! against it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::maintenance::progress;
use crate::incident::manual::affected;
use crate::incident::manual::amend;
use crate::incident::manual::refusal::EditRefusal;
use crate::incident::manual::signature;
use crate::incident::manual::suggest;
use crate::incident::reconcile::wording::Wording;
use crate::model::access::Actor;
use crate::model::component::{Component, Severity};
use crate::model::incident::{Author, Phase, Update};
use crate::model::incidents::managed::Managed;
use crate::model::request::incidents::incident_change::{AskedLevels, NewIncident, NewWork};

/// What is known when something is asked.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The components; names are taken as they are if there are none.
    pub components: &'a [Component],
    /// The language and the zone of files.
    pub wording: &'a Wording,
    /// Who asks.
    pub actor: &'a Actor,
    /// This second.
    pub now: Timestamp,
    /// Whether the text is still to be typed, and is not looked at.
    pub awaits_text: bool,
}

/// Something that speaks against what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The field that it is about, as JSON names it; `None` is all of it.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub refusal: EditRefusal,
}

/// All that speaks against it.
#[derive(Debug, Default)]
pub(super) struct Objections(pub(super) Vec<Objection>);

impl Objections {
    /// The value, unless it was refused.
    pub(super) fn check<T>(
        &mut self,
        field: impl Into<Option<&'static str>>,
        read: Result<T, EditRefusal>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(refusal) => {
                let field = field.into();
                self.0.push(Objection { field, refusal });
                None
            }
        }
    }

    /// Nothing, if nothing was refused.
    pub(super) fn none(self) -> Result<(), Vec<Objection>> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.0)
        }
    }
}

impl Circumstances<'_> {
    /// An update of this moment.
    pub(super) fn update(&self, word: &str, text: &str) -> Update {
        Update {
            at: Some(self.now),
            word: word.to_owned(),
            phase: Phase::from_word(word),
            text: text.to_owned(),
            author: Author::Person,
            ..Update::default()
        }
    }

    /// The text of an update that must say something.
    pub(super) fn text(&self, typed: &str) -> Result<String, EditRefusal> {
        if self.awaits_text {
            return Ok(typed.to_owned());
        }
        let text = amend::text(typed)?;
        if text.is_empty() {
            return Err(EditRefusal::Empty);
        }
        Ok(text)
    }

    /// The names of components, of which some may be in the file already.
    pub(super) fn affected(
        &self,
        typed: &[String],
        present: &[String],
    ) -> Result<Vec<String>, EditRefusal> {
        if self.components.is_empty() {
            return Ok(typed.to_vec());
        }
        let known = affected::check(typed, self.components, present);
        Ok(known.map_err(EditRefusal::Component)?.names)
    }

    /// How bad single components are to be, upon what the file says.
    pub(super) fn levels(
        &self,
        asked: &AskedLevels,
        mut levels: BTreeMap<String, Severity>,
        present: &[String],
    ) -> Result<BTreeMap<String, Severity>, EditRefusal> {
        for (typed, severity) in asked {
            let names = self.affected(std::slice::from_ref(typed), present)?;
            for name in names {
                match severity {
                    Some(severity) => levels.insert(name, *severity),
                    None => levels.remove(&name),
                };
            }
        }
        Ok(levels)
    }
}

/// The file of an incident that somebody begins.
pub fn open(new: &NewIncident, scene: &Circumstances<'_>) -> Result<NewFile, Vec<Objection>> {
    let mut against = Objections::default();
    let title = against.check("title", amend::title(&new.title));
    let affected = against.check("affected", scene.affected(&new.affected, &[]));
    let levels = scene.levels(&new.levels, BTreeMap::new(), &[]);
    let levels = against.check("severityOf", levels).unwrap_or_default();
    let worse = levels.iter().find(|(_, level)| **level > new.severity);
    if let Some((name, _)) = worse {
        let refusal = Err(EditRefusal::Worse(name.clone()));
        against.check::<()>("severityOf", refusal);
    }
    let text = against.check("text", scene.text(&new.text));
    let managed = Managed {
        join: new.join,
        component_severity: levels,
        state_of: new.state_of.clone(),
        ..Managed::default()
    };
    let first = new
        .over
        .map_or(new.opener.word(), |_| Phase::Resolved.word());
    let update = Update {
        at: new.over.or(Some(scene.now)),
        ..scene.update(first, &text.unwrap_or_default())
    };
    let file = NewFile {
        title: title.unwrap_or_default(),
        date: new.date.unwrap_or(scene.now),
        draft: new.draft,
        change: FileChange {
            severity: Some(new.severity),
            affected,
            turn: new.over.map(Turn::Over),
            managed: (managed != Managed::default()).then_some(managed),
            updates: vec![update],
            ..FileChange::default()
        },
    };
    against.check("date", amend::check_new(&file, scene.now));
    against.none()?;
    Ok(signed(file, scene))
}

/// The file of planned work that somebody announces.
pub fn plan(new: &NewWork, scene: &Circumstances<'_>) -> Result<NewFile, Vec<Objection>> {
    let mut against = Objections::default();
    let title = against.check("title", amend::title(&new.title));
    let affected = against.check("affected", scene.affected(&new.affected, &[]));
    let text = match &new.text {
        Some(text) => against.check("text", scene.text(text)),
        None => Some(suggest::announcement(new, scene.wording, scene.now)),
    };
    let announced = scene.update(progress::SCHEDULED, &text.unwrap_or_default());
    let file = NewFile {
        title: title.unwrap_or_default(),
        date: new.from,
        draft: false,
        change: FileChange {
            severity: Some(Severity::Notice),
            affected,
            turn: Some(Turn::Planned(new.to)),
            updates: vec![announced],
            ..FileChange::default()
        },
    };
    let checked = amend::check_new(&file, scene.now);
    let field = match checked {
        Err(EditRefusal::EndsFirst { .. }) => "to",
        _ => "from",
    };
    against.check(field, checked);
    against.none()?;
    Ok(signed(file, scene))
}

fn signed(mut file: NewFile, scene: &Circumstances<'_>) -> NewFile {
    signature::sign(&mut file.change, None, None, scene.actor);
    file
}
