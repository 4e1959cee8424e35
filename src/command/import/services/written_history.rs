//! Past incidents as incident files.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::command::import::services::imported_page::{ImportedIncident, PastUpdate};
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::file::slug;
use crate::model::component::Severity;
use crate::model::incident::Update;

/// Updates that a file gets at most; the oldest go first.
const UPDATES: usize = 500;

/// Writes the files, as name and bytes; `names` are the components' names by the other
/// program's, and what cannot be written is said with its reason.
pub(crate) fn files(
    incidents: &[ImportedIncident],
    names: &BTreeMap<String, String>,
) -> (Vec<(String, Vec<u8>)>, Vec<String>) {
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    let mut taken = BTreeSet::new();
    for incident in incidents {
        let document = new_file(incident, names).document(&TimeZone::UTC);
        let bytes = match document {
            Ok(document) => document.bytes().to_owned(),
            Err(error) => {
                refused.push(format!("the incident `{}`: {error}", incident.title));
                continue;
            }
        };
        let name = slug::file(&incident.title, incident.began, &TimeZone::UTC, |name| {
            taken.contains(name)
        });
        taken.insert(name.clone());
        let postmortem = incident.postmortem.iter();
        let postmortem =
            postmortem.flat_map(|text| format!("\n## Post-mortem\n\n{text}\n").into_bytes());
        files.push((name, bytes.into_iter().chain(postmortem).collect()));
    }
    (files, refused)
}

fn new_file(incident: &ImportedIncident, names: &BTreeMap<String, String>) -> NewFile {
    let mut affected: Vec<String> = Vec::new();
    for key in &incident.affected {
        if let Some(name) = names.get(key).filter(|name| !affected.contains(name)) {
            affected.push(name.clone());
        }
    }
    let older = incident.updates.len().saturating_sub(UPDATES);
    let mut updates: Vec<_> = incident.updates.iter().skip(older).map(update).collect();
    if updates.is_empty() {
        let word = if incident.is_planned {
            "Scheduled"
        } else {
            "Investigating"
        };
        updates.push(Update::plain(incident.began, word, incident.title.clone()));
    }
    NewFile {
        title: incident.title.clone(),
        date: incident.began,
        draft: false,
        change: FileChange {
            severity: Some(if incident.is_planned {
                Severity::Notice
            } else {
                incident.severity
            }),
            affected: Some(affected),
            turn: incident.ended.map(Turn::Over),
            updates,
            ..FileChange::default()
        },
    }
}

fn update(said: &PastUpdate) -> Update {
    let text = if said.text.is_empty() {
        format!("{}.", said.word)
    } else {
        said.text.clone()
    };
    Update::plain(said.at, said.word, text)
}
