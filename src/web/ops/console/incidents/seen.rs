//! What a form about an incident remembers, so that nobody acts on what has changed.

use crate::model::incident::{Author, Incident};
use crate::web::ops::api::edits::EditAct;
use crate::web::parts::look::style;

/// Whether an act replaces or deletes text of the file, so that every byte of it counts.
pub(crate) fn is_of_every_byte(act: EditAct) -> bool {
    match act {
        EditAct::Correct | EditAct::Report | EditAct::Replace | EditAct::Delete => true,
        EditAct::Update
        | EditAct::Change
        | EditAct::Resolve
        | EditAct::Reopen
        | EditAct::Withdraw
        | EditAct::Publish
        | EditAct::Accept
        | EditAct::Extend
        | EditAct::End
        | EditAct::Cancel => false,
    }
}

/// The version of what an operator decides upon: how the incident stands, and what people
/// wrote. critwatch writes its notes and its own updates again and again; these must not
/// get in the way of somebody who is typing.
pub(crate) fn version(incident: &Incident) -> String {
    let of_people = incident.updates.iter();
    let of_people = of_people.filter(|update| update.author == Author::Person);
    let of_people: Vec<_> = of_people
        .map(|update| (update.at, update.day, &update.word, &update.text))
        .collect();
    let state = (incident.resolved, incident.resolved_when, incident.phase());
    let gravity = (incident.severity, &incident.affected, incident.draft);
    let decided = (&incident.title, incident.date, state, gravity, of_people);
    style::tag(format!("{decided:?}").as_bytes())
}
