//! A scenario: what happens in an outage, and what a page may say of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::drill::scenario::act::OperatorStep;
use crate::drill::scenario::capacity::WorkerCapacity;
use crate::model::component::{Health, Severity};
use crate::model::incident::Phase;

/// An outage to be run, with everything that is expected of the page.
///
/// Times are minutes of the outage, counted from its first error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scenario {
    /// The table `[drill]`.
    pub(crate) head: ScenarioHead,
    /// How the service is set up when it begins.
    pub(crate) before: ServiceSetup,
    /// How it is set up once it is mended.
    pub(crate) after: ServiceSetup,
    /// Who uses it.
    pub(crate) load: LoadShape,
    /// What happens, in the order of time, without gaps.
    pub(crate) phases: Vec<OutagePhase>,
    /// What operators do, in the order of time.
    pub(crate) operators: Vec<OperatorStep>,
    /// What people said in the outage that this repeats, in the order of time.
    pub(crate) said: Vec<PublicWord>,
    /// What must stand in the incident file at the end.
    pub(crate) front_matter: Option<ExpectedHead>,
    /// What is different under another policy of Redis.
    pub(crate) variants: Vec<PolicyVariant>,
    /// Numbers to compare with.
    pub(crate) merits: Vec<ExpectedMerit>,
}

/// What a scenario is, as a whole.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioHead {
    /// The version of this form.
    pub(crate) schema: u32,
    /// Its short name.
    pub(crate) name: String,
    /// Its name for people.
    pub(crate) title: String,
    /// What it is about, in a sentence or two.
    #[serde(default)]
    pub(crate) about: String,
    /// When the outage that it repeats began.
    pub(crate) t0: Timestamp,
    /// The settings of the monitor: a file beside this one.
    pub(crate) settings: String,
    /// What counts as the first error.
    #[serde(default)]
    pub(crate) first_error: FirstError,
    /// Minutes within which the page may still show the phase before.
    pub(crate) grace: f64,
    /// Choices of the drill that no report of the outage tells.
    #[serde(default)]
    pub(crate) synthetic: Vec<String>,
}

/// What counts as the first error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FirstError {
    /// The first write that Redis refused, or failed rolls if it refused none.
    #[default]
    RefusedWrite,
    /// The first of two looks in a row in which rolls failed; a single late roll is no outage.
    FailedRolls,
}

/// How the parts of the service are set up.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceSetup {
    /// Memory limit of Redis, in MiB.
    pub(crate) redis_limit_mib: f64,
    /// What Redis deletes when it is full.
    #[serde(default = "volatile_lru")]
    pub(crate) redis_policy: RedisPolicy,
    /// Further arguments of `critwatch dice api`; durations are the outage's.
    #[serde(default)]
    pub(crate) api: Vec<String>,
    /// Further arguments of `critwatch dice worker`; durations are the outage's.
    #[serde(default)]
    pub(crate) worker: Vec<String>,
    /// The worker's limits, which the monitor's settings name.
    pub(crate) capacity: Option<WorkerCapacity>,
}

fn volatile_lru() -> RedisPolicy {
    RedisPolicy::VolatileLru
}

/// What Redis deletes when it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RedisPolicy {
    /// Evict keys with an expiry; sessions go first.
    VolatileLru,
    /// Evict nothing.
    Noeviction,
}

impl RedisPolicy {
    /// The word of Redis.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::VolatileLru => "volatile-lru",
            Self::Noeviction => "noeviction",
        }
    }
}

/// Who uses the service; how much is up to the phases.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoadShape {
    /// Number of users.
    pub(crate) users: u32,
    /// Number of rooms.
    pub(crate) rooms: u32,
    /// How many dice each roll has.
    pub(crate) dice: u32,
    /// The side of the square images that are sent, in pixels.
    #[serde(default = "small_image")]
    pub(crate) image_side: u32,
    /// Seed of the random numbers.
    pub(crate) seed: u64,
    /// Maximum concurrent requests.
    pub(crate) in_flight: usize,
    /// For how many minutes people wait for an answer.
    pub(crate) patience: f64,
}

fn small_image() -> u32 {
    64
}

/// A part of the outage in which the same things are true.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutagePhase {
    /// Its short name.
    pub(crate) id: String,
    /// The minute in which it begins.
    pub(crate) from: f64,
    /// The minute in which the next one begins.
    pub(crate) to: f64,
    /// Rolls in each minute.
    pub(crate) rolls: f64,
    /// Images for thumbnails in each minute.
    #[serde(default)]
    pub(crate) images: f64,
    /// What the page may say of everything.
    pub(crate) page: BTreeSet<Health>,
    /// Where the work on the incident may stand; any, if it is empty.
    #[serde(default)]
    pub(crate) phase: BTreeSet<Phase>,
    /// What the page may say of each component; anything of the others.
    #[serde(default)]
    pub(crate) components: BTreeMap<String, BTreeSet<Health>>,
    /// Whether the incident may be over.
    #[serde(default)]
    pub(crate) resolve_allowed: bool,
    /// What is true in it, in a few words.
    #[serde(default)]
    pub(crate) truth: String,
}

/// Something that people said in public.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicWord {
    /// The minute.
    pub(crate) at: f64,
    /// What readers took from it.
    pub(crate) state: Health,
    /// Whether that was true.
    pub(crate) verdict: SaidVerdict,
    /// The words, in short.
    pub(crate) text: String,
}

/// Whether something that was said was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SaidVerdict {
    /// It was.
    True,
    /// It was not.
    False,
    /// The state was right, the cause was not.
    WrongCause,
}

/// What must stand in the incident file at the end.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedHead {
    /// The first and the last minute in which it may begin.
    pub(crate) date: (f64, f64),
    /// The first and the last minute in which it may end.
    pub(crate) resolved_when: (f64, f64),
    /// Names of the components, in any order.
    pub(crate) affected: BTreeSet<String>,
    /// How bad it was at its worst.
    pub(crate) severity: Severity,
    /// How many times it may have come back in the same incident.
    pub(crate) recurrences: BTreeSet<usize>,
}

/// What is different when Redis has another policy than the outage had.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyVariant {
    /// The policy.
    pub(crate) policy: RedisPolicy,
    /// What counts as the first error.
    #[serde(default)]
    pub(crate) first_error: FirstError,
    /// The first and the last minute in which it may end.
    pub(crate) resolved_when: Option<(f64, f64)>,
    /// How many times it may have come back in the same incident.
    pub(crate) recurrences: Option<BTreeSet<usize>>,
    /// By the id of a phase: what the page may say of components as well.
    #[serde(default)]
    pub(crate) components: BTreeMap<String, BTreeMap<String, BTreeSet<Health>>>,
}

/// A number of the outage, and the one that is wanted now.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedMerit {
    /// Which.
    pub(crate) id: MeritId,
    /// As it was then.
    pub(crate) then: f64,
    /// The most that holds now.
    pub(crate) at_most: Option<f64>,
    /// The least that holds now.
    pub(crate) at_least: Option<f64>,
}

/// What is measured of every drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MeritId {
    /// Minutes from the first error until the page showed an incident.
    FirstErrorToPage,
    /// Minutes from the first error until the first message in the chat.
    FirstErrorToMessage,
    /// Minutes in which the page said something wrong.
    WrongMinutes,
    /// How many times it was called over while it was not.
    FalseAllClears,
    /// Minutes from the last healthy moment's beginning until it was called over.
    HealthyBeforeAllClear,
    /// Minutes from the fault's coming back until the page said so.
    RecurrenceToCorrection,
    /// The longest time without a word in public, in the chat or on the page, in minutes.
    LongestSilence,
    /// Minutes between the first error and the beginning that the file names.
    BeginningOff,
    /// Minutes from the first error until it was called over.
    FirstErrorToEnd,
}

impl Scenario {
    /// What is expected under a policy of Redis.
    #[must_use]
    pub(crate) fn under(&self, policy: Option<RedisPolicy>) -> Self {
        let mut scenario = self.clone();
        let mut variants = self.variants.iter();
        let variant = variants.find(|variant| Some(variant.policy) == policy);
        let Some(variant) = variant else {
            return scenario;
        };
        scenario.head.first_error = variant.first_error;
        if let Some(head) = &mut scenario.front_matter {
            head.resolved_when = variant.resolved_when.unwrap_or(head.resolved_when);
            if let Some(recurrences) = &variant.recurrences {
                head.recurrences.clone_from(recurrences);
            }
        }
        for phase in &mut scenario.phases {
            for (name, states) in variant.components.get(&phase.id).into_iter().flatten() {
                phase
                    .components
                    .entry(name.clone())
                    .or_default()
                    .extend(states);
            }
        }
        scenario
    }

    /// The minute in which it begins.
    pub(crate) fn from(&self) -> f64 {
        self.phases.first().map_or(0.0, |phase| phase.from)
    }

    /// The minute in which it ends.
    pub(crate) fn to(&self) -> f64 {
        self.phases.last().map_or(0.0, |phase| phase.to)
    }

    /// The phase of a minute.
    pub(crate) fn phase(&self, t: f64) -> Option<&OutagePhase> {
        self.phases
            .iter()
            .find(|phase| phase.from <= t && t < phase.to)
    }
}
