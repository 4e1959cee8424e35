//! A chart in words, for those who cannot see it.

use jiff::Timestamp;

use crate::chart::subject::{Chart, Shade};
use crate::language::moments;

/// Shaded incidents that are described one by one; more are only counted.
const MAX_SHADES: usize = 3;

/// The time range of a chart, with its zone.
pub(crate) fn range(chart: &Chart<'_>) -> String {
    let (from, until) = (
        chart.from.to_zoned(chart.zone.clone()),
        chart.until.to_zoned(chart.zone.clone()),
    );
    // Every language reads these the same way.
    let until = until.strftime(if from.date() == until.date() {
        "%H:%M %Z"
    } else {
        "%Y-%m-%d %H:%M %Z"
    });
    let slots = [
        ("from", from.strftime("%Y-%m-%d %H:%M").to_string().into()),
        ("until", until.to_string().into()),
    ];
    chart.speech.tell("chart-range", slots)
}

/// What a chart shows: when, between which values, compared with what.
pub(crate) fn describe(chart: &Chart<'_>) -> String {
    let speech = chart.speech;
    let mut sentences = vec![format!("{}.", range(chart))];
    let seen = || {
        chart
            .buckets
            .iter()
            .filter(|one| one.min.is_finite() && one.max.is_finite())
    };
    let lowest = seen().min_by(|one, other| one.min.total_cmp(&other.min));
    // Of equal ones the first: that is when it began.
    let highest = seen()
        .rev()
        .max_by(|one, other| one.max.total_cmp(&other.max));
    match lowest.zip(highest) {
        Some((lowest, highest)) => {
            let slots = [
                ("low", chart.unit.say(lowest.min).into()),
                ("high", chart.unit.say(highest.max).into()),
                ("at", moment(chart, highest.at).into()),
            ];
            sentences.push(speech.tell("chart-values", slots));
        }
        None => sentences.push(speech.say("chart-empty")),
    }
    for mark in &chart.marks {
        sentences.push(format!("{}: {}.", mark.label, chart.unit.say(mark.value)));
    }
    if chart.shades.len() > MAX_SHADES {
        sentences.push(speech.count("chart-shades", chart.shades.len()));
    } else {
        sentences.extend(chart.shades.iter().map(|shade| shaded(chart, shade)));
    }
    if lowest.is_some() && has_gaps(chart) {
        sentences.push(speech.say("chart-gaps"));
    }
    speech.sentences(sentences)
}

fn shaded(chart: &Chart<'_>, shade: &Shade) -> String {
    let label = shade.label.trim_end_matches('.');
    let from = moment(chart, shade.from);
    match shade.until {
        Some(until) => chart.speech.tell(
            "chart-shaded",
            [
                ("label", label.into()),
                ("from", from.into()),
                ("until", moment(chart, until).into()),
            ],
        ),
        None => chart.speech.tell(
            "chart-shaded-since",
            [("label", label.into()), ("from", from.into())],
        ),
    }
}

fn has_gaps(chart: &Chart<'_>) -> bool {
    let step = i64::try_from(chart.step.as_secs()).unwrap_or(i64::MAX);
    let limit = step.saturating_mul(3) / 2;
    let pairs = chart.buckets.windows(2);
    pairs.into_iter().any(|pair| match pair {
        [one, other] => other.at.as_second() - one.at.as_second() > limit,
        _ => false,
    })
}

/// A moment; with its day, unless that is clear.
fn moment(chart: &Chart<'_>, at: Timestamp) -> String {
    moments::written(at, chart.until, chart.zone)
}
