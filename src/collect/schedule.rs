//! When a collector asks, and how long its answer is believed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::target;
use crate::model::component::ComponentId;
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// A missed scrape or two is no blindness; a third one is.
const BELIEVED_INTERVALS: u32 = 3;

/// What every `[[collector]]` has: its name, and when it asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Its name, and the value of the label `job`.
    pub id: String,
    /// Time between scrapes.
    #[serde(
        default = "target::interval",
        deserialize_with = "duration::deserialize"
    )]
    #[schemars(with = "DurationText")]
    pub interval: Duration,
    /// Time between scrapes while one of its rules is pending, recovering or near its threshold.
    #[serde(default, deserialize_with = "duration::optional")]
    #[schemars(with = "Option<DurationText>")]
    pub fast: Option<Duration>,
    /// How long a scrape may take.
    #[serde(
        default = "target::timeout",
        deserialize_with = "duration::deserialize"
    )]
    #[schemars(with = "DurationText")]
    pub timeout: Duration,
    /// The components that its target belongs to: events such as a restart, a flush or a changed
    /// limit name them.
    ///
    /// It is not called `components`, because a provider has components of its own.
    #[serde(default)]
    pub concerns: Vec<ComponentId>,
}

impl Schedule {
    /// How long its samples may be believed if nothing newer arrives.
    pub(crate) fn good_for(&self) -> Duration {
        self.interval * BELIEVED_INTERVALS + self.timeout
    }
}
