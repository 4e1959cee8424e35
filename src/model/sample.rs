//! Samples as collectors take them, in Prometheus' sense of the words.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::facts::provider_status::Related;

/// The metric by which each collector says whether its target answered.
pub const UP: &str = "up";

/// The metric that is 1 if a part of the target did not answer: what is missing
/// was not seen.
pub const INCOMPLETE: &str = "scrape_incomplete";

/// Names a collector within the settings: `redis`, `roll-probe`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollectorId(pub String);

impl fmt::Display for CollectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is measured: a name, and labels for what varies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metric {
    /// Name as the known exporters have it, base unit last.
    pub name: String,
    /// Label names and values, sorted by name.
    pub labels: BTreeMap<String, String>,
}

impl Metric {
    /// Makes a metric from a name and its labels.
    pub fn new<const N: usize>(name: impl Into<String>, labels: [(&str, &str); N]) -> Self {
        Self {
            name: name.into(),
            labels: labels
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

/// One measured value; its moment is the scrape's.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What was measured.
    pub metric: Metric,
    /// The value, in the unit that the metric's name ends in.
    pub value: f64,
}

impl Sample {
    /// Makes a sample of a metric with the given labels.
    pub fn new<const N: usize>(
        name: impl Into<String>,
        labels: [(&str, &str); N],
        value: f64,
    ) -> Self {
        Self {
            metric: Metric::new(name, labels),
            value,
        }
    }
}

/// What a collector brings, before the pipeline gives it its moment (law 8).
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// Who collected it.
    pub collector: CollectorId,
    /// How long it may be believed if nothing newer arrives.
    pub good_for: Duration,
    /// The samples, no metric twice.
    pub samples: Vec<Sample>,
    /// What the target says of itself to people.
    pub related: Vec<Related>,
}

impl Take {
    /// The same with its moment; what is for people is left out.
    pub fn at(self, now: Timestamp) -> Scrape {
        let Self {
            collector,
            good_for,
            samples,
            ..
        } = self;
        let good_until = now.checked_add(good_for).unwrap_or(Timestamp::MAX);
        Scrape {
            collector,
            at: now,
            good_until,
            samples,
        }
    }
}

/// Which series a collector may bring, for as long as it has not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// Metrics whose names begin in one of these ways.
    Families(&'static [&'static str]),
    /// Metrics of whatever the target is: any name that is not of our own families.
    Foreign,
    /// Any metric.
    Anything,
}

impl Brings {
    /// How the names of all metrics begin that our own collectors make.
    const OWN: [&'static str; 14] = [
        "redis_",
        "queue_",
        "session_canary_",
        "probe_",
        "query_",
        "critwatch_",
        "provider_",
        "node_",
        "process_group_",
        "namedprocess_",
        "container_",
        "cgroup_",
        "heartbeat_",
        "ALERTS",
    ];

    /// Whether a metric of this name may come.
    pub fn may_be(self, name: &str) -> bool {
        let begins = |family: &&str| name.starts_with(family);
        match self {
            Self::Families(families) => families.iter().any(begins),
            Self::Foreign => !Self::OWN.iter().any(begins),
            Self::Anything => true,
        }
    }
}

/// A collector that the settings name, before it has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Who it is.
    pub collector: CollectorId,
    /// Which series it may bring.
    pub brings: Brings,
}

/// All that a collector saw at one moment; what is missing is no longer there,
/// unless the collector failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Scrape {
    /// Who collected it.
    pub collector: CollectorId,
    /// When it was measured.
    pub at: Timestamp,
    /// Until when it may be believed if nothing newer arrives.
    pub good_until: Timestamp,
    /// The samples, no metric twice.
    pub samples: Vec<Sample>,
}

impl Scrape {
    /// Whether the target gave no answer, or none that could be read: its `up` is 0.
    pub fn failed(&self) -> bool {
        self.says(UP, 0.0)
    }

    /// Whether all was seen that there is: what is missing then is gone.
    pub fn is_whole(&self) -> bool {
        !self.failed() && !self.says(INCOMPLETE, 1.0)
    }

    /// Whether the collector says something of the scrape itself.
    #[expect(clippy::float_cmp, reason = "it is 0 or 1")]
    fn says(&self, what: &str, value: f64) -> bool {
        // Such samples stand near the end.
        let mut samples = self.samples.iter().rev();
        samples.any(|sample| {
            let Metric { name, labels } = &sample.metric;
            sample.value == value && name == what && labels.keys().all(|label| label == "job")
        })
    }
}
