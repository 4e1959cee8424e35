//! What the rules say is true at one moment.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::component::{ComponentId, Severity};

/// Names a rule within the settings, in kebab case: `redis-oom-replies`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct RuleId(pub String);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a rule may do without a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Publish {
    /// Its incident is public at once.
    #[default]
    Auto,
    /// Its incident is a draft, which a person must publish.
    Draft,
    /// Metrics and logs only.
    Internal,
    /// A standing risk: it opens nothing, but while it fires no incident of its components
    /// resolves, unless a person accepts that.
    Hold,
}

impl Publish {
    /// Its word, as settings write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Draft => "draft",
            Self::Internal => "internal",
            Self::Hold => "hold",
        }
    }
}

impl Publish {
    /// Whether a rule may open incidents and join them.
    pub fn writes(self) -> bool {
        matches!(self, Self::Auto | Self::Draft)
    }
}

/// What a rule is at, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleState {
    /// Its condition does not hold.
    Quiet {
        /// First good evaluation of the present run.
        since: Timestamp,
    },
    /// Its condition holds, but not yet for as long as `for` asks.
    Pending {
        /// First bad evaluation of the present run.
        since: Timestamp,
    },
    /// Its condition holds for long enough, or `keep_firing_for` is not over.
    Firing {
        /// First bad evaluation of the present run, not the end of `for`.
        since: Timestamp,
    },
    /// There is no data to judge by.
    Unknown {
        /// First evaluation without data of the present run.
        since: Timestamp,
    },
}

impl RuleState {
    /// The state's word, as in metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quiet { .. } => "quiet",
            Self::Pending { .. } => "pending",
            Self::Firing { .. } => "firing",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// From when the present state holds.
    pub fn since(self) -> Timestamp {
        match self {
            Self::Quiet { since }
            | Self::Pending { since }
            | Self::Firing { since }
            | Self::Unknown { since } => since,
        }
    }

    /// Whether the rule fires.
    pub fn is_firing(self) -> bool {
        matches!(self, Self::Firing { .. })
    }
}

/// One series that a rule's condition selected, with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The series as Prometheus prints it; for operators only.
    pub series: String,
    /// The value of the rule's expression for it.
    pub value: f64,
}

/// What one rule says at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Who says it.
    pub rule: RuleId,
    /// What it says.
    pub state: RuleState,
    /// From when that holds by the word of who told us, if that is earlier than
    /// we could see it.
    pub reported_since: Option<Timestamp>,
    /// The severity when it fires.
    pub severity: Severity,
    /// What it is about; never empty.
    pub components: Vec<ComponentId>,
    /// What it may do without a person.
    pub publish: Publish,
    /// Title for the incident that it opens.
    pub title: String,
    /// Sentence for the update that it writes, values filled in.
    pub text: String,
    /// What it rests on; empty unless pending or firing.
    pub evidence: Vec<Evidence>,
}

impl Verdict {
    /// From when what it says is true: by who told us, or else as we saw it.
    ///
    /// How long something was seen counts from [`RuleState::since`] alone.
    pub fn since(&self) -> Timestamp {
        self.reported_since.unwrap_or(self.state.since())
    }
}
