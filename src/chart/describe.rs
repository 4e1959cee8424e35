//! A chart in words, for those who cannot see it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::chart::subject::{Chart, Shade};

/// Shaded incidents that are described one by one; more are only counted.
const MAX_SHADES: usize = 3;

/// The time range of a chart, with its zone.
pub(crate) fn range(chart: &Chart<'_>) -> String {
    let (from, until) = (
        chart.from.to_zoned(chart.zone.clone()),
        chart.until.to_zoned(chart.zone.clone()),
    );
    let same = from.date() == until.date();
    format!(
        "{} to {}",
        from.strftime("%-d %B %Y, %H:%M"),
        until.strftime(if same {
            "%H:%M %Z"
        } else {
            "%-d %B %Y, %H:%M %Z"
        }),
    )
}

/// What a chart shows: when, between which values, compared with what.
pub(crate) fn describe(chart: &Chart<'_>) -> String {
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
        Some((lowest, highest)) => sentences.push(format!(
            "Values range from {} to {}, with the highest on {}.",
            chart.unit.say(lowest.min),
            chart.unit.say(highest.max),
            moment(highest.at, chart.zone),
        )),
        None => sentences.push("No data.".to_owned()),
    }
    for mark in &chart.marks {
        sentences.push(format!("{}: {}.", mark.label, chart.unit.say(mark.value)));
    }
    if chart.shades.len() > MAX_SHADES {
        sentences.push(format!("{} incidents are shaded.", chart.shades.len()));
    } else {
        sentences.extend(chart.shades.iter().map(|shade| shaded(shade, chart.zone)));
    }
    if lowest.is_some() && has_gaps(chart) {
        sentences.push("There are gaps without data.".to_owned());
    }
    sentences.join(" ")
}

fn shaded(shade: &Shade, zone: &TimeZone) -> String {
    let label = shade.label.trim_end_matches('.');
    match shade.until {
        Some(until) => format!(
            "Shaded: {label}, {} to {}.",
            moment(shade.from, zone),
            moment(until, zone)
        ),
        None => format!("Shaded: {label}, since {}.", moment(shade.from, zone)),
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

fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%-d %B, %H:%M")
        .to_string()
}
