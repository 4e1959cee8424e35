//! What critwatch wrote last into an incident file: its map `critwatch:`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::component::{ComponentId, Severity};
use crate::model::verdict::RuleId;

/// The map `critwatch:` of a head: what a restart must not forget.
///
/// What the service wrote last stands beside the keys themselves: where the two
/// differ a person changed the key, and it is theirs from then on (law 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managed {
    /// Rules that the incident accounts for; the first gave it its name.
    pub rules: Vec<RuleId>,
    /// The title that the service wrote last.
    pub title: Option<String>,
    /// The beginning that the service wrote last.
    pub date: Option<Timestamp>,
    /// The severity that the service wrote last.
    pub severity: Option<Severity>,
    /// The components that the service wrote last.
    pub affected: Vec<String>,
    /// The end that the service wrote last; stays when a person opens it again.
    pub ended: Option<Timestamp>,
    /// How bad each component is, by its name, where that differs.
    pub levels: BTreeMap<String, Severity>,
    /// How bad single components are as a person says, by their names.
    pub component_severity: BTreeMap<String, Severity>,
    /// What the rules said when they joined, values filled in.
    pub evidence: BTreeMap<RuleId, String>,
    /// First good sample of the run that is being watched.
    pub good_since: Option<Timestamp>,
    /// The last change of the service, from which on it is watched anew.
    pub changed: Option<Timestamp>,
    /// When the newest event was noted that was looked at.
    pub last_event: Option<Timestamp>,
    /// Rules that fire although a person called the incident over.
    pub overruled: Vec<RuleId>,
    /// Standing risks that a person accepted, each with that person's name.
    pub accepted: BTreeMap<RuleId, String>,
    /// How bad it ever was, as far as rules said; severity falls meanwhile.
    pub worst: Option<Severity>,
    /// How often it failed again after it seemed well.
    pub recurrences: u32,
    /// How often it was called over too early.
    pub false_ends: u32,
    /// Whether rules may join what a person wrote.
    pub join: bool,
    /// Marks of the updates that the service wrote, oldest first.
    pub wrote: Vec<String>,
    /// Who wrote an update through us, by its mark; others wrote into the file itself.
    pub authors: BTreeMap<String, String>,
    /// The component whose state it holds by hand.
    pub state_of: Option<ComponentId>,
    /// A person says that it never was: it counts for nothing.
    pub withdrawn: bool,
    /// What of planned work the service began and ended by itself.
    pub work: WorkRecord,
    /// When the file was written first.
    pub noted: Option<Timestamp>,
    /// What was written into it after its end; `None` if nothing was yet.
    pub afterwards: Option<Afterwards>,
}

/// What the service noted about planned work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkRecord {
    /// The maintenance of the settings that it is an occurrence of.
    pub plan: Option<String>,
    /// When that occurrence begins by the settings, whatever people changed since.
    pub occurrence: Option<Timestamp>,
    /// The beginning that the service told last.
    pub started: Option<Timestamp>,
    /// The planned end that the service told last.
    pub completed: Option<Timestamp>,
}

/// What the service wrote into a file after its incident was over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Afterwards {
    /// How often it had come back by then.
    pub recurrences: u32,
    /// The mark of the timeline as it was written; `None` if none was.
    pub timeline: Option<String>,
    /// Where that timeline begins, if not with the incident.
    pub from: Option<Timestamp>,
    /// Where it ends.
    pub until: Option<Timestamp>,
}
