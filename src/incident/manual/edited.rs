//! From what a person asks of a file that is there to what becomes of it.

use crate::incident::file::change::{FileChange, Turn};
use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::file::slip::slip;
use crate::incident::maintenance::progress;
use crate::incident::manual::amend;
use crate::incident::manual::decide::{Circumstances, Objection, Objections};
use crate::incident::manual::refusal::EditRefusal;
use crate::incident::manual::report;
use crate::incident::manual::signature;
use crate::incident::manual::suggest;
use crate::model::facts::planned::WorkStage;
use crate::model::incident::{Incident, Phase};
use crate::model::incidents::managed::Managed;
use crate::model::request::incidents::incident_change::{ChangedKeys, IncidentEdit, Opener};
use crate::model::verdict::RuleId;

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum EditOutcome {
    /// Keys and updates change.
    Changed(Box<FileChange>),
    /// Another text takes its place.
    Replaced(Document),
    /// It is deleted.
    Deleted,
}

/// A file as it is.
#[derive(Clone, Copy, Debug)]
pub struct PresentFile<'a> {
    /// Its bytes.
    pub document: &'a Document,
    /// What they mean.
    pub incident: &'a Incident,
}

/// Decides what becomes of a file.
pub fn decide(
    edit: &IncidentEdit,
    file: PresentFile<'_>,
    scene: &Circumstances<'_>,
) -> Result<EditOutcome, Vec<Objection>> {
    let mut against = Objections::default();
    match edit {
        IncidentEdit::Replace { text } => {
            let replaced = against.check("text", replaced(text, file));
            against.none()?;
            return Ok(replaced.map_or(EditOutcome::Deleted, EditOutcome::Replaced));
        }
        IncidentEdit::Report { text } => {
            let text = scene.text(text);
            let read = text.and_then(|text| report::with_report(file.document, &text));
            let written = against.check("text", read);
            against.none()?;
            return Ok(written.map_or(EditOutcome::Deleted, EditOutcome::Replaced));
        }
        IncidentEdit::Delete => {
            let is_draft = file.incident.draft;
            let may = is_draft.then_some(()).ok_or(EditRefusal::NotDraft);
            against.check(None, may);
            against.none()?;
            return Ok(EditOutcome::Deleted);
        }
        _ => {}
    }
    let change = change(edit, file, scene, &mut against);
    // One fault leads to others.
    if against.0.is_empty() && !matches!(edit, IncidentEdit::Accept { .. }) {
        let checked = amend::check(&change, file.incident, scene.now);
        let field = checked.as_ref().err().and_then(|one| field(one, edit));
        against.check(field, checked);
    }
    against.none()?;
    let mut change = change;
    let first = change.amended.as_ref().and(file.document.first_update());
    signature::sign(
        &mut change,
        Some(file.incident),
        first.as_ref(),
        scene.actor,
    );
    Ok(EditOutcome::Changed(Box::new(change)))
}

/// Another text for a file, unless it is an obvious mistake.
fn replaced(text: &str, file: PresentFile<'_>) -> Result<Document, EditRefusal> {
    if text.trim().is_empty() {
        let way = "an incident is not empty; withdraw it, or delete its file";
        return Err(EditRefusal::Unreadable(way.to_owned()));
    }
    let unreadable = |error: DocumentError| EditRefusal::Unreadable(error.to_string());
    let document = file.document.with_bytes(text.as_bytes().to_vec());
    let document = document.map_err(unreadable)?;
    let meaning = document.incident(&file.incident.name);
    match slip(file.incident, &meaning, &document) {
        Some(error) => Err(unreadable(error)),
        None => Ok(document),
    }
}

/// The change, and what is wrong with its parts.
fn change(
    edit: &IncidentEdit,
    file: PresentFile<'_>,
    scene: &Circumstances<'_>,
    against: &mut Objections,
) -> FileChange {
    let incident = file.incident;
    match edit {
        IncidentEdit::Update { opener, keys, text } => {
            let change = changed_keys(keys, incident, scene, against);
            if text.is_none() && change == FileChange::default() {
                against.check::<()>("text", Err(EditRefusal::Nothing));
            }
            match text {
                Some(_) => told(change, opener.word(), text.as_deref(), scene, against),
                None => change,
            }
        }
        IncidentEdit::Correct { keys, text } => FileChange {
            amended: against.check("text", scene.text(text)),
            ..changed_keys(keys, incident, scene, against)
        },
        IncidentEdit::Resolve { at, .. } => {
            // The end of planned work has a word of its own.
            let word = match progress::stage(incident, scene.now) {
                Some(_) => progress::COMPLETED,
                None => Phase::Resolved.word(),
            };
            let change = turned(Turn::Over(at.unwrap_or(scene.now)));
            with_words(change, word, edit, incident, scene, against)
        }
        IncidentEdit::Reopen { opener, .. } => {
            let change = amend::reopen(incident);
            with_words(change, opener.word(), edit, incident, scene, against)
        }
        IncidentEdit::Withdraw { .. } => {
            if incident.managed.withdrawn {
                against.check::<()>(None, Err(EditRefusal::Withdrawn));
            }
            let change = amend::withdraw(incident, scene.now);
            let word = match change.turn {
                Some(_) => Phase::Resolved.word(),
                None => Opener::Update.word(),
            };
            with_words(change, word, edit, incident, scene, against)
        }
        IncidentEdit::Publish { .. } => publish(edit, file, scene, against),
        IncidentEdit::Accept { rule, by } => accept(incident, rule, by, against),
        IncidentEdit::Extend { .. } | IncidentEdit::End { .. } | IncidentEdit::Cancel { .. } => {
            let (turn, word) = work(edit, incident, scene, against);
            with_words(turned(turn), word, edit, incident, scene, against)
        }
        IncidentEdit::Report { .. } | IncidentEdit::Replace { .. } | IncidentEdit::Delete => {
            FileChange::default()
        }
    }
}

fn turned(turn: Turn) -> FileChange {
    FileChange {
        turn: Some(turn),
        ..FileChange::default()
    }
}

/// What becomes of planned work, and the word of it.
fn work(
    edit: &IncidentEdit,
    incident: &Incident,
    scene: &Circumstances<'_>,
    against: &mut Objections,
) -> (Turn, &'static str) {
    let stage = progress::stage(incident, scene.now);
    if stage.is_none() {
        against.check::<()>(None, Err(EditRefusal::NotPlanned));
    }
    match edit {
        IncidentEdit::Extend { until, .. } => (Turn::Planned(*until), Opener::Update.word()),
        IncidentEdit::End { at, .. } => {
            if stage == Some(WorkStage::Scheduled) {
                against.check::<()>(None, Err(EditRefusal::NotBegun));
            }
            (Turn::Over(at.unwrap_or(scene.now)), progress::COMPLETED)
        }
        _ => {
            let end = progress::called_off(incident, scene.now);
            (Turn::Over(end), progress::CANCELLED)
        }
    }
}

/// The text that was asked for, as far as an edit has one.
fn asked_text(edit: &IncidentEdit) -> Option<&str> {
    match edit {
        IncidentEdit::Update { text, .. }
        | IncidentEdit::Resolve { text, .. }
        | IncidentEdit::Reopen { text, .. }
        | IncidentEdit::Withdraw { text }
        | IncidentEdit::Publish { text }
        | IncidentEdit::Extend { text, .. }
        | IncidentEdit::End { text, .. }
        | IncidentEdit::Cancel { text } => text.as_deref(),
        IncidentEdit::Correct { text, .. }
        | IncidentEdit::Report { text }
        | IncidentEdit::Replace { text } => Some(text),
        IncidentEdit::Accept { .. } | IncidentEdit::Delete => None,
    }
}

/// The same change with an update that says what was asked, or our words.
fn with_words(
    change: FileChange,
    word: &str,
    edit: &IncidentEdit,
    incident: &Incident,
    scene: &Circumstances<'_>,
    against: &mut Objections,
) -> FileChange {
    let ours = match asked_text(edit) {
        Some(_) => None,
        None => suggest::words(edit, incident, scene.wording, scene.now),
    };
    let text = asked_text(edit).or(ours.as_deref());
    told(change, word, text, scene, against)
}

fn told(
    change: FileChange,
    word: &str,
    text: Option<&str>,
    scene: &Circumstances<'_>,
    against: &mut Objections,
) -> FileChange {
    let text = against.check("text", scene.text(text.unwrap_or_default()));
    FileChange {
        updates: vec![scene.update(word, &text.unwrap_or_default())],
        ..change
    }
}

/// The keys that change, in the words of the file.
fn changed_keys(
    keys: &ChangedKeys,
    incident: &Incident,
    scene: &Circumstances<'_>,
    against: &mut Objections,
) -> FileChange {
    let present = &incident.affected;
    let title = keys.title.as_deref().map(amend::title).transpose();
    let affected = keys.affected.as_ref();
    let affected = affected
        .map(|typed| scene.affected(typed, present))
        .transpose();
    let managed = (!keys.levels.is_empty()).then(|| {
        let levels = incident.managed.component_severity.clone();
        Ok(Managed {
            component_severity: scene.levels(&keys.levels, levels, present)?,
            ..incident.managed.clone()
        })
    });
    FileChange {
        title: against.check("title", title).flatten(),
        date: keys.date,
        severity: keys.severity,
        affected: against.check("affected", affected).flatten(),
        managed: against.check("severityOf", managed.transpose()).flatten(),
        ..FileChange::default()
    }
}

/// Publishes a draft, or the post-mortem of what is over.
fn publish(
    edit: &IncidentEdit,
    file: PresentFile<'_>,
    scene: &Circumstances<'_>,
    against: &mut Objections,
) -> FileChange {
    let incident = file.incident;
    if incident.draft || incident.resolved != Some(true) {
        return FileChange {
            publish: true,
            ..FileChange::default()
        };
    }
    let word = Opener::PostMortem.word();
    if let Err(refusal) = post_mortem(file, word) {
        against.check::<()>(None, Err(refusal));
    }
    with_words(FileChange::default(), word, edit, incident, scene, against)
}

/// Rejects a post-mortem that is not written, or is published already.
fn post_mortem(file: PresentFile<'_>, word: &str) -> Result<(), EditRefusal> {
    let unwritten = report::unwritten(&file.document.body());
    if !unwritten.is_empty() {
        return Err(EditRefusal::Unwritten(unwritten));
    }
    if file.incident.layout.report.is_empty() {
        return Err(EditRefusal::NoPostMortem);
    }
    let mut updates = file.incident.updates.iter();
    if updates.any(|update| update.word.eq_ignore_ascii_case(word)) {
        return Err(EditRefusal::Published);
    }
    Ok(())
}

fn accept(incident: &Incident, rule: &RuleId, by: &str, against: &mut Objections) -> FileChange {
    let who = by.trim();
    if who.is_empty() || who.chars().any(char::is_control) {
        against.check::<()>("by", Err(EditRefusal::Name));
    }
    amend::accept(incident, rule.clone(), who.to_owned())
}

/// The field that a moment or a severity which cannot be comes from.
fn field(refusal: &EditRefusal, edit: &IncidentEdit) -> Option<&'static str> {
    match refusal {
        EditRefusal::Worse(_) => Some("severityOf"),
        EditRefusal::EndPassed(_) => Some("until"),
        EditRefusal::Future(_) | EditRefusal::EndsFirst { .. } => match edit {
            IncidentEdit::Resolve { .. } | IncidentEdit::End { .. } => Some("at"),
            IncidentEdit::Extend { .. } => Some("until"),
            _ => Some("date"),
        },
        _ => None,
    }
}
