//! The keys that a person changed in a file of ours: they are theirs from then on
//! (law 6).

use crate::model::incident::{Author, Incident};

/// The keys that the service leaves alone in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each key is locked by itself, and all combinations occur"
)]
pub struct Locks {
    /// Title.
    pub title: bool,
    /// When it began.
    pub date: bool,
    /// How bad it is.
    pub severity: bool,
    /// The affected components.
    pub affected: bool,
    /// Where the work stands.
    pub phase: bool,
    /// When it is over: a person opened it again.
    pub end: bool,
}

impl Locks {
    /// Compares a file with what the service wrote last. A key that it never wrote
    /// is a person's.
    ///
    /// A person who restores the old value of a key gives the key back.
    pub fn of(incident: &Incident) -> Self {
        let managed = &incident.managed;
        let phase = incident.newest_phase().map(|update| update.author);
        // Whoever wrote what cannot be read meant something by it.
        let kept = |key| incident.kept.contains(&key);
        Self {
            title: managed.title.as_ref() != Some(&incident.title),
            date: managed.date.is_none() || managed.date != incident.date || kept("date"),
            severity: managed.severity.is_none()
                || managed.severity != incident.severity
                || kept("severity"),
            affected: managed.affected != incident.affected || kept("affected"),
            phase: phase == Some(Author::Person) && !managed.wrote.is_empty(),
            end: incident.resolved == Some(false) && managed.ended.is_some(),
        }
    }
}
