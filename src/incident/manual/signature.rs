//! The names of those who write updates through us, kept beside the managed keys.

use crate::incident::file::author::mark;
use crate::incident::file::change::FileChange;
use crate::model::access::{Actor, Proof};
use crate::model::incident::{Incident, Update};
use crate::model::incidents::managed::Managed;

/// The longest name, in characters.
const MAX_NAME: usize = 80;

/// Signs the updates of a change. Who works on the machine itself edits the files, and
/// signs nothing.
///
/// Names of updates that are no longer there are forgotten.
pub fn sign(
    change: &mut FileChange,
    present: Option<&Incident>,
    first: Option<&Update>,
    actor: &Actor,
) {
    if actor.proof == Proof::Command {
        return;
    }
    let amended = change.amended.as_ref().zip(first);
    let amended = amended.map(|(text, first)| Update {
        text: text.clone(),
        ..first.clone()
    });
    let signed: Vec<_> = change.updates.iter().chain(&amended).map(mark).collect();
    if signed.is_empty() {
        return;
    }
    let mut managed = match (change.managed.take(), present) {
        (Some(managed), _) => managed,
        (None, Some(incident)) => incident.managed.clone(),
        (None, None) => Managed::default(),
    };
    let updates = present.map_or(&[][..], |incident| &incident.updates);
    let there: Vec<_> = updates.iter().map(mark).collect();
    managed.authors.retain(|mark, _| there.contains(mark));
    let name = name(actor);
    managed
        .authors
        .extend(signed.into_iter().map(|mark| (mark, name.clone())));
    change.managed = Some(managed);
}

/// A name in one line.
fn name(actor: &Actor) -> String {
    let words: String = actor
        .name
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .take(MAX_NAME)
        .collect();
    words.trim().to_owned()
}
