//! Series that people look at: what decides a rule, and what an operator publishes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::component::ComponentId;
use crate::model::sample::Metric;
use crate::model::series::minute::ChartBucket;
use crate::model::text::unit::Unit;
use crate::model::verdict::RuleId;

/// The name of the series of rules; each has the label `rule`.
pub const RULE_VALUE: &str = "critwatch_rule_value";

/// The name of the series of figures; each has the label `figure`.
pub const FIGURE: &str = "critwatch_figure";

/// Which values of a series are bad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bad {
    /// Those above a number.
    Above(f64),
    /// Those below a number.
    Below(f64),
    /// The number itself.
    At(f64),
    /// Every other number.
    Off(f64),
    /// No number tells; the larger, the worse.
    Larger,
    /// No number tells; the smaller, the worse.
    Smaller,
}

impl Bad {
    /// The number that values are compared with.
    pub fn threshold(self) -> Option<f64> {
        match self {
            Self::Above(number) | Self::Below(number) | Self::At(number) | Self::Off(number) => {
                Some(number)
            }
            Self::Larger | Self::Smaller => None,
        }
    }

    /// Whether a value is on the bad side; no, where no number tells.
    pub(crate) fn has(self, value: f64) -> bool {
        match self {
            Self::Above(limit) => value > limit,
            Self::Below(limit) => value < limit,
            Self::At(limit) => value.total_cmp(&limit).is_eq(),
            Self::Off(limit) => value.total_cmp(&limit).is_ne(),
            Self::Larger | Self::Smaller => false,
        }
    }

    /// The values around a threshold that may pass it soon, within a share of it; none where
    /// no value lies before it, as with zero or with what must be equal.
    pub(crate) fn room(self, share: f64) -> Option<RangeInclusive<f64>> {
        let (Self::Above(number) | Self::Below(number)) = self else {
            return None;
        };
        let width = number.abs() * share;
        (width > 0.0).then_some(number - width..=number + width)
    }

    /// The worse of two values; what is no number only if there is nothing else.
    pub fn worse(self, one: f64, other: f64) -> f64 {
        if one.is_nan() || other.is_nan() {
            return if one.is_nan() { other } else { one };
        }
        let second = match self {
            Self::Above(_) | Self::Larger => other > one,
            Self::Below(_) | Self::Smaller => other < one,
            Self::At(number) => (other - number).abs() < (one - number).abs(),
            Self::Off(number) => (other - number).abs() > (one - number).abs(),
        };
        if second { other } else { one }
    }
}

/// What decides a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Decisive {
    /// The rule.
    pub rule: RuleId,
    /// What it is about, as its incident is titled.
    pub title: String,
    /// What its values count.
    pub unit: Unit,
    /// Which of them are bad.
    pub bad: Bad,
}

impl Decisive {
    /// The series that it is kept as.
    pub fn metric(rule: &RuleId) -> Metric {
        Metric::new(RULE_VALUE, [("rule", rule.0.as_str())])
    }
}

/// A series that the operator publishes.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSeries {
    /// Its name in addresses.
    pub id: String,
    /// What it is, for visitors.
    pub title: String,
    /// What its values count.
    pub unit: Unit,
    /// From where on it is slow or nearly full.
    pub warn: Option<f64>,
    /// From where on it is bad.
    pub bad: Option<f64>,
    /// Whose incidents are shaded in it; nobody named is everybody.
    pub components: Vec<ComponentId>,
}

impl PublishedSeries {
    /// Which of its values are bad, as far as its thresholds tell.
    pub fn side(&self) -> Bad {
        match (self.warn, self.bad) {
            (Some(warn), Some(bad)) if bad < warn => Bad::Below(bad),
            (_, Some(bad)) => Bad::Above(bad),
            (Some(warn), None) => Bad::Above(warn),
            (None, None) => Bad::Larger,
        }
    }

    /// The series that it is kept as.
    pub fn metric(&self) -> Metric {
        Metric::new(FIGURE, [("figure", self.id.as_str())])
    }
}

/// A stretch of time up to now that a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChartSpan {
    /// The last hour.
    Hour,
    /// The last day.
    Day,
    /// The last seven days.
    Week,
    /// The last thirty days.
    Month,
    /// The last ninety days.
    Quarter,
}

impl ChartSpan {
    /// Every span, the shortest first.
    pub const ALL: [Self; 5] = [
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
    ];

    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "30-days",
            Self::Quarter => "90-days",
        }
    }

    /// How long it is.
    pub fn length(self) -> Duration {
        Duration::from_hours(match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
            Self::Quarter => 90 * 24,
        })
    }
}

/// A series over a stretch of time, in equal parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// How long each part is.
    pub step: Duration,
    /// The parts in which something was measured, oldest first.
    pub buckets: Vec<ChartBucket>,
}

impl Course {
    /// Whether it says no more than yes and no: then no threshold lies between.
    pub fn is_binary(&self) -> bool {
        let bit = |value: f64| value.abs() < f64::EPSILON || (value - 1.0).abs() < f64::EPSILON;
        let mut buckets = self.buckets.iter();
        buckets.all(|one| bit(one.min) && bit(one.max))
    }
}

/// A published series with what was measured of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartState {
    /// What is published.
    pub series: PublishedSeries,
    /// The spans that were read so far.
    pub courses: BTreeMap<ChartSpan, Arc<Course>>,
    /// The newest value and when it was measured, if it was in this run.
    pub newest: Option<(Timestamp, f64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_value_is_that_on_the_bad_side() {
        for (bad, one, other, worse) in [
            (Bad::Above(5.0), 6.0, 9.0, 9.0),
            (Bad::Below(5.0), 4.0, 1.0, 1.0),
            (Bad::At(0.0), 1.0, 0.0, 0.0),
            (Bad::Off(1.0), 1.5, 0.0, 0.0),
            (Bad::Larger, 2.0, f64::NAN, 2.0),
            (Bad::Smaller, f64::NAN, 2.0, 2.0),
        ] {
            assert_eq!(Some(bad.worse(one, other)), Some(worse), "{bad:?}");
            assert_eq!(Some(bad.worse(other, one)), Some(worse), "{bad:?}");
        }
    }
}
