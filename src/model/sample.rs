//! Samples as collectors take them, in Prometheus' sense of the words.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::related::Related;

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

/// All that a collector saw at one moment; what is missing is no longer there.
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
