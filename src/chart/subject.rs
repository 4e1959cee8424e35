//! The data of a chart.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::speech::Speech;
use crate::model::series::minute::ChartBucket;
use crate::model::text::unit::Unit;

/// A series over a stretch of time, and what it is compared with.
#[derive(Clone, Debug)]
pub(crate) struct Chart<'a> {
    /// Unique among the charts of a page: letters, digits and dashes.
    pub id: &'a str,
    /// What was measured.
    pub title: &'a str,
    /// What the values count.
    pub unit: Unit,
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// How long each part is.
    pub step: Duration,
    /// The parts in which something was measured, oldest first.
    pub buckets: &'a [ChartBucket],
    /// Values to compare with.
    pub marks: Vec<ReferenceLine<'a>>,
    /// Stretches of time that are shaded.
    pub shades: Vec<Shade>,
    /// The zone of its times.
    pub zone: &'a TimeZone,
    /// The language of its words.
    pub speech: &'a Speech,
}

/// A value to compare with, as a line across.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ReferenceLine<'a> {
    /// What it is.
    pub label: &'a str,
    /// The value.
    pub value: f64,
    /// Whether it is the worse of two thresholds.
    pub grave: bool,
}

/// A stretch of time that is shaded: an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shade {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends; `None` while it is ongoing.
    pub until: Option<Timestamp>,
    /// What it is.
    pub label: String,
}

/// Where a chart stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChartForm {
    /// In a file of its own, with its colours and its title.
    Alone,
    /// Within a page, whose style sheet gives the colours.
    Inline,
    /// The same where a page has room for a wide one.
    Wide,
}
