//! A minute of a series summed up, for charts.

use jiff::Timestamp;

use crate::model::sample::Metric;

/// What was measured of a series within one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinuteSample {
    /// The beginning of the minute.
    pub at: Timestamp,
    /// How many samples there were; never zero.
    pub count: u64,
    /// The smallest.
    pub min: f64,
    /// All of them divided by their number.
    pub mean: f64,
    /// The largest.
    pub max: f64,
    /// The last.
    pub last: f64,
}

/// A series with its minutes, oldest first; minutes without samples are not there.
#[derive(Clone, Debug, PartialEq)]
pub struct MinuteSeries {
    /// What was measured.
    pub metric: Metric,
    /// Its minutes.
    pub samples: Vec<MinuteSample>,
}
