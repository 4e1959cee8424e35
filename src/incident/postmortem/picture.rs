//! The picture of an incident: its decisive series with the incident shaded.

use std::time::Duration;

use jiff::Timestamp;

use crate::chart::draw;
use crate::chart::subject::{Chart, ChartForm, ReferenceLine, Shade};
use crate::incident::postmortem::facts::IncidentFacts;
use crate::model::series::measure::{Bad, Decisive};
use crate::model::series::minute::{MinuteSeries, buckets};
use crate::model::text::unit::Unit;
use crate::model::time::duration::elapsed;

/// Parts of a picture at most.
const PARTS: u64 = 180;

/// The least and the most that is shown before and after an incident.
const MARGINS: (Duration, Duration) = (Duration::from_mins(15), Duration::from_hours(24));

/// How an address within a text writes what it may not have.
const REFUSED: percent_encoding::AsciiSet = percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// From when until when an incident is looked at: with some time before and after.
pub fn range(date: Timestamp, end: Timestamp, now: Timestamp) -> (Timestamp, Timestamp) {
    let length = elapsed(date, end);
    let margin = (length / 4).clamp(MARGINS.0, MARGINS.1);
    let from = date.checked_sub(margin).unwrap_or(Timestamp::MIN);
    let until = end.checked_add(margin).unwrap_or(Timestamp::MAX);
    (from, until.min(now.max(end)))
}

/// The picture as a file of its own; `None` if nothing was measured.
pub fn draw_picture(story: &IncidentFacts<'_>) -> Option<String> {
    let (decisive, series) = decisive(story)?;
    let (from, until) = story.range;
    let length = elapsed(from, until);
    let step = length.as_secs().div_ceil(PARTS).max(1).next_multiple_of(60);
    let step = Duration::from_secs(step);
    let buckets = buckets(&series.samples, from, step);
    // Between yes and no there is nothing to compare with.
    let threshold = threshold(decisive).filter(|_| !is_binary(series));
    let label = story.wording.say("picture-threshold");
    let mark = threshold.map(|value| ReferenceLine {
        label: &label,
        value,
        grave: true,
    });
    let chart = Chart {
        id: &decisive.rule.0,
        title: &decisive.title,
        unit: decisive.unit,
        from,
        until,
        step,
        buckets: &buckets,
        marks: mark.into_iter().collect(),
        shades: vec![Shade {
            from: story.incident.date.unwrap_or(from),
            until: Some(story.end),
            label: story.incident.title.clone(),
        }],
        zone: story.wording.zone(),
        speech: story.wording.speech(),
    };
    Some(draw(&chart, ChartForm::Alone))
}

/// The series to be pictured: of those that were measured the first that says how
/// bad it was for visitors: how long they waited, else how much of something there
/// was, else whatever there is.
fn decisive<'a>(story: &IncidentFacts<'a>) -> Option<(&'a Decisive, &'a MinuteSeries)> {
    let rules = story.decisive.iter();
    let measured = rules.filter_map(|one| Some((*one, story.series(one)?)));
    let rank = |(decisive, series): &(&Decisive, &MinuteSeries)| {
        let telling = threshold(decisive).is_some();
        let felt = decisive.unit == Unit::Seconds;
        match (is_binary(series), telling) {
            (false, true) if felt => 0,
            (false, true) => 1,
            (false, false) => 2,
            (true, _) => 3,
        }
    };
    measured.min_by_key(rank)
}

/// The number that parts good values from bad ones, if one side of it is bad.
fn threshold(decisive: &Decisive) -> Option<f64> {
    match decisive.bad {
        Bad::Above(number) | Bad::Below(number) => Some(number),
        Bad::At(_) | Bad::Off(_) | Bad::Larger | Bad::Smaller => None,
    }
}

/// Whether a series says no more than yes and no.
fn is_binary(series: &MinuteSeries) -> bool {
    let bit = |value: f64| value.abs() < f64::EPSILON || (value - 1.0).abs() < f64::EPSILON;
    let mut samples = series.samples.iter();
    samples.all(|one| bit(one.min) && bit(one.max))
}

/// How the text of an incident refers to its picture, from the address that
/// Hugo gives its page, and we do.
pub fn reference(picture: &str) -> String {
    let file = picture.rsplit('/').next().unwrap_or(picture);
    let encoded = percent_encoding::utf8_percent_encode(file, &REFUSED);
    // A folder with an index file is the page itself.
    if file == "index.svg" && picture != file {
        encoded.to_string()
    } else {
        format!("../{encoded}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_named_from_its_page() {
        for (picture, expected) in [
            ("2026-03-01-slow.svg", "../2026-03-01-slow.svg"),
            ("2026/slow.svg", "../slow.svg"),
            ("slow/index.svg", "index.svg"),
            ("index.svg", "../index.svg"),
            ("a b (c).svg", "../a%20b%20%28c%29.svg"),
        ] {
            assert_eq!(reference(picture), expected);
        }
    }

    #[test]
    fn a_picture_shows_what_was_before_and_after_as_far_as_it_is_known() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        assert_eq!(range(at(100), at(110), at(500)), (at(85), at(125)));
        assert_eq!(range(at(100), at(110), at(112)), (at(85), at(112)));
        assert_eq!(range(at(1000), at(1400), at(5000)), (at(900), at(1500)));
    }
}
