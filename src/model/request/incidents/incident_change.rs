//! What people ask to change of incidents and planned work, and what comes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::model::access::Actor;
use crate::model::component::{ComponentId, Severity};
use crate::model::facts::planned::Planned;
use crate::model::incident::{Incident, IncidentId, Phase};
use crate::model::verdict::RuleId;

/// Words that open an update in cState's manner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// Something is wrong and its reason is not known.
    Investigating,
    /// The reason is known, the cure is not done.
    Identified,
    /// It seems well again and is being watched.
    Monitoring,
    /// News that changes none of these.
    Update,
    /// Planned work goes on.
    InProgress,
    /// What was learned afterwards.
    PostMortem,
}

impl Opener {
    /// Every opener.
    pub const ALL: [Self; 6] = [
        Self::Investigating,
        Self::Identified,
        Self::Monitoring,
        Self::Update,
        Self::InProgress,
        Self::PostMortem,
    ];

    /// The word as it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Investigating => Phase::Investigating.word(),
            Self::Identified => Phase::Identified.word(),
            Self::Monitoring => Phase::Monitoring.word(),
            Self::Update => "Update",
            Self::InProgress => "In progress",
            Self::PostMortem => "Post-mortem",
        }
    }

    /// Its name among options and in JSON: `in-progress`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Update => "update",
            Self::InProgress => "in-progress",
            Self::PostMortem => "post-mortem",
        }
    }

    /// Reads the name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opener| opener.name() == name)
    }
}

/// Names the bytes of a file: other bytes have another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileVersion(pub String);

/// How bad single components are to be, by their names; `None` is as bad as the whole.
pub type AskedLevels = BTreeMap<String, Option<Severity>>;

/// An incident that somebody begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// Heading, and the words of the file's name.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Names or ids of the components concerned.
    pub affected: Vec<String>,
    /// How bad it is for single ones.
    pub levels: AskedLevels,
    /// When it began; `None` is now.
    pub date: Option<Timestamp>,
    /// When it was over, if it is told of afterwards: nobody is notified of it.
    pub over: Option<Timestamp>,
    /// Whether somebody must publish it.
    pub draft: bool,
    /// Whether rules may join it.
    pub join: bool,
    /// The word that opens the first update.
    pub opener: Opener,
    /// What the first update says.
    pub text: String,
    /// The component whose state it holds, if it holds one by hand.
    pub state_of: Option<ComponentId>,
}

/// Planned work that somebody announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWork {
    /// Heading, and the words of the file's name.
    pub title: String,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// Names or ids of the components concerned.
    pub affected: Vec<String>,
    /// What the announcement says; `None` is the time of it.
    pub text: Option<String>,
}

/// New values of the keys of a head; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedKeys {
    /// Heading.
    pub title: Option<String>,
    /// When it began.
    pub date: Option<Timestamp>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Names or ids of the components concerned.
    pub affected: Option<Vec<String>>,
    /// How bad it is for single ones.
    pub levels: AskedLevels,
}

/// What is to become of a file that is there. Where a text is `None` the words are
/// ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncidentEdit {
    /// Add an update and change keys; without a text the keys alone.
    Update {
        /// The word that opens the update.
        opener: Opener,
        /// The keys.
        keys: ChangedKeys,
        /// What the update says.
        text: Option<String>,
    },
    /// Give the newest update another text, and change keys.
    Correct {
        /// The keys.
        keys: ChangedKeys,
        /// What the update says from now on.
        text: String,
    },
    /// Call it over.
    Resolve {
        /// When it was well again; `None` is now.
        at: Option<Timestamp>,
        /// What the update says.
        text: Option<String>,
    },
    /// Open it again.
    Reopen {
        /// The word that opens the update.
        opener: Opener,
        /// What the update says.
        text: Option<String>,
    },
    /// Say that it never was.
    Withdraw {
        /// What the update says.
        text: Option<String>,
    },
    /// Publish a draft, or the post-mortem of what is over.
    Publish {
        /// What the update says that announces a post-mortem.
        text: Option<String>,
    },
    /// Accept a standing risk that holds the end.
    Accept {
        /// The rule that tells the risk.
        rule: RuleId,
        /// Who accepts it.
        by: String,
    },
    /// Write the post-mortem: another text in the place of what stands below the updates.
    Report {
        /// The text, below headings.
        text: String,
    },
    /// Put another text in the place of the whole file.
    Replace {
        /// The text.
        text: String,
    },
    /// Delete a draft.
    Delete,
    /// Let planned work end at another moment.
    Extend {
        /// When it ends.
        until: Timestamp,
        /// What the update says.
        text: Option<String>,
    },
    /// Say that planned work is done.
    End {
        /// When it was done; `None` is now.
        at: Option<Timestamp>,
        /// What the update says.
        text: Option<String>,
    },
    /// Call planned work off.
    Cancel {
        /// What the update says.
        text: Option<String>,
    },
}

/// How a component is, as somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateByHand {
    /// It is well, or well again.
    Well,
    /// It is that bad.
    Bad(Severity),
}

/// Which file is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeTarget {
    /// That of a path within the folder.
    File(String),
    /// That of an incident.
    Id(IncidentId),
}

/// What a person asks to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncidentChange {
    /// Begin an incident.
    Open(NewIncident),
    /// Announce planned work.
    Plan(NewWork),
    /// Change a file that is there.
    Edit(ChangeTarget, IncidentEdit),
    /// Hold a component in a state by hand, or let go of it.
    State {
        /// The component.
        component: ComponentId,
        /// How it is.
        state: StateByHand,
        /// What visitors read.
        text: Option<String>,
    },
}

/// A change with who asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// Who asks.
    pub actor: Actor,
    /// Whether only the difference is wanted.
    pub preview: bool,
    /// What the file must read for the change to be made.
    pub seen: Option<FileVersion>,
    /// What is asked for.
    pub change: IncidentChange,
}

/// What a file says of what was learned afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostMortem {
    /// All of it, below headings, with what visitors do not see yet; empty if there is none.
    pub text: String,
    /// The headings of sections that nobody has written yet.
    pub unwritten: Vec<String>,
}

/// A file as it is, or would be, after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedFile {
    /// What it says; of a deleted one what it said.
    pub incident: Arc<Incident>,
    /// How far planned work has come, if it is that and public.
    pub planned: Option<Planned>,
    /// Which keys got a new value; `update`, `new`, `post-mortem`, `file` or `deleted`.
    pub changed: Vec<&'static str>,
    /// Its post-mortem.
    pub report: PostMortem,
    /// Its bytes before; `None` of a new one.
    pub before: Option<Vec<u8>>,
    /// Its bytes now; `None` of a deleted one.
    pub after: Option<Vec<u8>>,
    /// The version of its bytes now.
    pub version: Option<FileVersion>,
}

/// A field with an impossible value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field, by the name that it has in JSON; `None` is all of it.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub message: String,
}

/// Why a change is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// What is asked for is impossible or untrue.
    #[error("{}", .0.first().map_or("it cannot be done", |fault| &*fault.message))]
    Faulty(Vec<FieldFault>),
    /// What the file says speaks against it.
    #[error("{0}")]
    Against(String),
    /// There is no such file.
    #[error("there is no incident `{0}`")]
    Unknown(String),
    /// The file reads otherwise than the asker saw it.
    #[error("{file} was changed by somebody else")]
    Stale {
        /// Its path within the folder.
        file: String,
        /// What it reads now.
        version: FileVersion,
    },
    /// Somebody else keeps changing the file.
    #[error("cannot write {0}: somebody else keeps changing it")]
    Busy(String),
    /// Another monitor writes the files.
    #[error("another critwatch writes the incidents of {0}; ask that one")]
    Reader(String),
    /// The disk refused, or the file cannot be read.
    #[error("{0}")]
    Unwritten(String),
}

/// What is asked of the desk while the service runs.
#[derive(Debug)]
pub enum DeskErrand {
    /// Change something.
    Change(Box<ChangeRequest>),
    /// Read a file as it is now.
    Look(ChangeTarget),
}

/// An errand on its way to the desk.
#[derive(Debug)]
pub struct PendingChange {
    /// What is asked.
    pub errand: DeskErrand,
    /// Takes what came of it.
    pub answer: oneshot::Sender<Result<ChangedFile, ChangeRefusal>>,
}

/// Where errands go in.
#[derive(Clone, Debug)]
pub struct ChangesDoor {
    /// Where they go.
    pub errands: mpsc::Sender<PendingChange>,
}
