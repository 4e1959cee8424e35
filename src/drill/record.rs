//! What a drill saw; the judge and the report know nothing else.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::drill::scenario::outage::RedisPolicy;
use crate::model::component::{Health, Severity};
use crate::model::incident::Phase;

/// Everything that was seen in a drill. Times are minutes of the outage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DrillRecord {
    /// The scenario's name.
    pub(crate) scenario: String,
    /// What was different from the scenario, for people: a policy, the mended settings.
    pub(crate) variant: Option<String>,
    /// Another policy of Redis than the scenario's.
    #[serde(default)]
    pub(crate) policy: Option<RedisPolicy>,
    /// Whether the service had its mended settings from the start, so that nothing may open.
    pub(crate) is_fixed: bool,
    /// How many times faster it ran.
    pub(crate) speed: f64,
    /// The moment of minute 0 on our clock.
    pub(crate) zero: Timestamp,
    /// What was seen, once a minute.
    pub(crate) minutes: Vec<MinuteSeen>,
    /// What was announced.
    pub(crate) messages: Vec<MessageSeen>,
    /// What operators did.
    pub(crate) steps: Vec<StepDone>,
    /// The incident files at the end.
    pub(crate) files: Vec<FileSeen>,
    /// What became of the rolls.
    pub(crate) rolls: RollsSeen,
}

/// One look at everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MinuteSeen {
    /// The minute.
    pub(crate) t: f64,
    /// The public page; none if it did not answer.
    pub(crate) page: Option<PageSeen>,
    /// The service.
    pub(crate) service: ServiceSeen,
}

/// The public page as everybody reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PageSeen {
    /// The state of everything.
    pub(crate) overall: Health,
    /// The sentence at the top.
    pub(crate) banner: String,
    /// The state of each component.
    pub(crate) components: BTreeMap<String, Health>,
    /// The open incidents: title and phase.
    pub(crate) open: Vec<(String, Phase)>,
}

/// What was true of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ServiceSeen {
    /// Used memory of Redis over its limit; none if Redis did not answer.
    pub(crate) memory: Option<f64>,
    /// Writes that Redis refused since the look before.
    pub(crate) refused: u64,
    /// Keys that Redis dropped since the look before.
    pub(crate) evicted: u64,
    /// Rolls that were answered since the look before.
    pub(crate) rolls_ok: u64,
    /// Rolls that were refused, or not answered in time, since the look before.
    pub(crate) rolls_failed: u64,
    /// Users who were logged out since the look before.
    pub(crate) logged_out: u64,
    /// Whether the provider's page tells of trouble.
    #[serde(default)]
    pub(crate) provider_trouble: bool,
}

impl ServiceSeen {
    /// Whether users met an error.
    pub(crate) fn is_failing(&self) -> bool {
        self.refused > 0 || self.rolls_failed > 0
    }
}

/// A message that reached the chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MessageSeen {
    /// The minute.
    pub(crate) t: f64,
    /// Its heading.
    pub(crate) title: String,
    /// Its text.
    pub(crate) text: String,
    /// Whether it replaced an earlier one.
    pub(crate) is_edit: bool,
}

/// Something that an operator did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StepDone {
    /// The minute.
    pub(crate) t: f64,
    /// What it is called.
    pub(crate) text: String,
    /// Why it did not work.
    pub(crate) failed: Option<String>,
}

/// An incident file as it is at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileSeen {
    /// Its name.
    pub(crate) name: String,
    /// Its title.
    pub(crate) title: String,
    /// The minute in which it began.
    pub(crate) date: f64,
    /// The minute in which it ended.
    pub(crate) resolved_when: Option<f64>,
    /// How bad it was at its worst.
    pub(crate) severity: Option<Severity>,
    /// The components concerned.
    pub(crate) affected: Vec<String>,
    /// Minute, word and text of each update, oldest first.
    pub(crate) updates: Vec<UpdateSeen>,
}

/// One update of an incident file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UpdateSeen {
    /// The minute.
    pub(crate) t: Option<f64>,
    /// The word that opens it.
    pub(crate) word: String,
    /// What it says.
    pub(crate) text: String,
}

/// What became of the rolls that users made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct RollsSeen {
    /// Rolls that users wanted.
    pub(crate) offered: u64,
    /// Rolls that the load did not send, because too many were under way.
    pub(crate) unsent: u64,
    /// Rolls that the service took.
    pub(crate) accepted: u64,
    /// Rolls that the service refused.
    pub(crate) refused: u64,
    /// Rolls that were answered within their request.
    pub(crate) in_time: u64,
    /// Rolls that were taken, and answered later.
    pub(crate) late: u64,
    /// Rolls that were taken and of which nothing is known any more.
    pub(crate) lost: u64,
    /// Rolls that were taken and wait even at the end.
    pub(crate) waiting: u64,
    /// Rolls that were answered twice, and differently.
    pub(crate) doubled: u64,
    /// Half of the answers took this long, in milliseconds.
    pub(crate) p50_ms: f64,
    /// All but one in a hundred answers took this long, in milliseconds.
    pub(crate) p99_ms: f64,
}

impl MessageSeen {
    /// Whether it tells that the incident is over.
    pub(crate) fn is_over(&self) -> bool {
        self.title.starts_with("Resolved")
    }
}
