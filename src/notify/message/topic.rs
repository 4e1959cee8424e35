//! What receivers are told about, as it is at a moment.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::board::Board;
use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::incident::{Incident, IncidentId};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::operations::Operation;
use crate::notify::message::stage::Stage;

/// Names a topic, and with a receiver a conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TopicId {
    /// An incident.
    Incident(IncidentId),
    /// Planned work.
    Maintenance(IncidentId),
    /// Something that operators must do.
    Operation(String),
}

impl TopicId {
    /// Reads a name of the database.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (kind, id) = name.split_once(':')?;
        match kind {
            "incident" => Some(Self::Incident(IncidentId(id.to_owned()))),
            "maintenance" => Some(Self::Maintenance(IncidentId(id.to_owned()))),
            "operation" => Some(Self::Operation(id.to_owned())),
            _ => None,
        }
    }

    /// Whether visitors know of it.
    pub(crate) fn is_public(&self) -> bool {
        self.kind() != Kind::Operation
    }

    /// What kind of topic it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Incident(_) => Kind::Incident,
            Self::Maintenance(_) => Kind::Maintenance,
            Self::Operation(_) => Kind::Operation,
        }
    }

    /// One of the same kind, and of its name with a number.
    pub(crate) fn numbered(&self, number: u32) -> Self {
        let name = format!("{}-{number}", self.name());
        match self {
            Self::Incident(_) => Self::Incident(IncidentId(name)),
            Self::Maintenance(_) => Self::Maintenance(IncidentId(name)),
            Self::Operation(_) => Self::Operation(name),
        }
    }

    /// Its name without the kind: for incidents and planned work that of the page.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Incident(id) | Self::Maintenance(id) => &id.0,
            Self::Operation(id) => id,
        }
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind().word(), self.name())
    }
}

/// The kinds of topics, as `kinds` of a `[[notifier]]` names them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Incidents.
    Incident,
    /// Planned work.
    Maintenance,
    /// Conditions that only operators see.
    Operation,
}

impl Kind {
    /// The word of the settings.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Maintenance => "maintenance",
            Self::Operation => "operation",
        }
    }
}

/// One thing to tell of, as it is at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Topic<'a> {
    /// Its name.
    pub id: TopicId,
    /// How far it has come.
    pub stage: Stage,
    /// The severity.
    pub severity: Severity,
    /// Whether it never was, or its page is gone.
    pub withdrawn: bool,
    /// Names of the components concerned.
    pub components: &'a [String],
    /// The planned beginning and end.
    pub window: Option<(Timestamp, Option<Timestamp>)>,
    /// Where its words come from.
    pub source: Source<'a>,
}

/// Where the words about a topic come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// An incident file.
    File(&'a Incident),
    /// The monitor's own state.
    Operation(&'a Operation),
    /// What was told before: the file is gone.
    Receipt(&'a Receipt),
}

impl<'a> Topic<'a> {
    /// The public topics of a board that are wanted, the oldest first.
    pub(crate) fn public(board: &'a Board, is_wanted: impl Fn(&Incident) -> bool) -> Vec<Self> {
        let incidents = board.facts.incidents.iter().rev();
        let public = incidents.filter(|incident| incident.is_public() && is_wanted(incident));
        public
            .filter_map(|incident| {
                let mut works = board.facts.maintenance.iter();
                match works.find(|work| work.id == incident.id) {
                    Some(work) => Some(Self::work(incident, work)),
                    None => Self::incident(incident),
                }
            })
            .collect()
    }

    /// An incident; `None` while its file says neither that it is open nor that it is over.
    pub(crate) fn incident(incident: &'a Incident) -> Option<Self> {
        let stage = if incident.resolved? {
            Stage::Over
        } else {
            Stage::Open
        };
        Some(Self {
            id: TopicId::Incident(incident.id.clone()),
            stage,
            severity: incident.severity.unwrap_or(Severity::Notice),
            withdrawn: incident.managed.withdrawn,
            components: &incident.affected,
            window: None,
            source: Source::File(incident),
        })
    }

    /// Planned work.
    fn work(incident: &'a Incident, work: &'a Planned) -> Self {
        Self {
            id: TopicId::Maintenance(work.id.clone()),
            stage: match work.stage {
                WorkStage::Scheduled => Stage::Scheduled,
                WorkStage::InProgress | WorkStage::Overdue => Stage::Begun,
                WorkStage::Completed => Stage::Completed,
                WorkStage::Cancelled => Stage::Cancelled,
            },
            severity: incident.severity.unwrap_or(Severity::Notice),
            withdrawn: incident.managed.withdrawn,
            components: &work.components,
            window: Some((work.from, work.until)),
            source: Source::File(incident),
        }
    }

    /// Something that operators must do; `over` once it is done.
    pub(crate) fn operation(operation: &'a Operation) -> Self {
        Self {
            id: TopicId::Operation(operation.id.clone()),
            stage: Stage::Open,
            severity: operation.severity,
            withdrawn: false,
            components: &operation.components,
            window: None,
            source: Source::Operation(operation),
        }
    }

    /// What was told and is there no longer.
    ///
    /// For operators that is its end; for the public its page is gone. What was told to
    /// be over stays so.
    pub(crate) fn gone(id: TopicId, receipt: &'a Receipt) -> Self {
        Self {
            stage: match receipt.stage {
                Stage::Scheduled | Stage::Begun => Stage::Cancelled,
                Stage::Open => Stage::Over,
                told @ (Stage::Over | Stage::Completed | Stage::Cancelled) => told,
            },
            severity: receipt.severity,
            withdrawn: if receipt.stage.is_open() {
                id.is_public()
            } else {
                receipt.withdrawn
            },
            components: &[],
            window: receipt.window,
            source: Source::Receipt(receipt),
            id,
        }
    }

    /// Whether its file says that it announces nothing (`informational`).
    pub(crate) fn is_informational(&self) -> bool {
        let is_post = |incident: &Incident| incident.informational;
        self.id.kind() == Kind::Incident
            && matches!(self.source, Source::File(incident) if is_post(incident))
    }

    /// How many updates its file has.
    pub(crate) fn updates(&self) -> usize {
        match self.source {
            Source::File(incident) => incident.updates.len(),
            Source::Operation(_) | Source::Receipt(_) => 0,
        }
    }

    /// The moment of the newest update in its file.
    pub(crate) fn newest_update(&self) -> Option<Timestamp> {
        match self.source {
            Source::File(incident) => incident.updates.iter().filter_map(|update| update.at).max(),
            Source::Operation(_) | Source::Receipt(_) => None,
        }
    }
}
