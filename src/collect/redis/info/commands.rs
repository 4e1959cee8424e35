//! Figures by command and by kind of error: calls, time, percentiles, refusals.

use std::collections::BTreeMap;

use crate::collect::redis::info::sections::{self, Info};
use crate::model::sample::Sample;

/// Kinds of error that count as zero until they occur, so that the first one is
/// an increase that a rule can see.
const ERRORS: [&str; 4] = ["OOM", "MISCONF", "READONLY", "NOAUTH"];

/// No server has more commands, or more kinds of errors that are worth a series:
/// scripts can make up any number of them.
const COMMANDS: usize = 600;
const KINDS: usize = 128;
const PERCENTILES: usize = 8;

/// Figures of a command: name within the field, metric, and what it is to be
/// multiplied with.
const FIGURES: [(&str, &str, f64); 4] = [
    ("calls", "redis_commands_total", 1.0),
    ("usec", "redis_commands_duration_seconds_total", 1e-6),
    ("rejected_calls", "redis_commands_rejected_calls_total", 1.0),
    ("failed_calls", "redis_commands_failed_calls_total", 1.0),
];

/// All samples of an `INFO` that have a command or a kind of error as a label.
pub(crate) fn samples(info: &Info<'_>) -> Vec<Sample> {
    let mut samples = errors(info);
    for (command, value) in info.family("cmdstat_").take(COMMANDS) {
        let metrics = FIGURES.iter().filter_map(|(name, metric, factor)| {
            let number = sections::part(value, name)? * factor;
            Some(Sample::new(*metric, [("cmd", command)], number))
        });
        samples.extend(metrics);
    }
    for (command, value) in info.family("latency_percentiles_usec_").take(COMMANDS) {
        samples.extend(percentiles(info, command, value));
    }
    samples
}

/// The percentiles of a command, with the sum and the count of a summary.
fn percentiles(info: &Info<'_>, command: &str, value: &str) -> Vec<Sample> {
    let percentiles = value.split(',').filter_map(|part| part.split_once('='));
    // Which ones there are is a setting of the server.
    let percentiles: BTreeMap<_, _> = percentiles
        .filter_map(|(name, value)| Some((name.strip_prefix('p')?, sections::number(value)?)))
        .filter(|(quantile, _)| quantile.parse::<f64>().is_ok())
        .take(PERCENTILES)
        .collect();
    let mut samples: Vec<_> = percentiles
        .into_iter()
        .map(|(quantile, value)| {
            let labels = [("cmd", command), ("quantile", quantile)];
            Sample::new("redis_latency_percentiles_usec", labels, value)
        })
        .collect();
    for (name, metric) in [
        ("usec", "redis_latency_percentiles_usec_sum"),
        ("calls", "redis_latency_percentiles_usec_count"),
    ] {
        let number = figure(info, command, name);
        samples.extend(number.map(|number| Sample::new(metric, [("cmd", command)], number)));
    }
    samples
}

/// A figure of the statistics of a command.
pub(crate) fn figure(info: &Info<'_>, command: &str, name: &str) -> Option<f64> {
    sections::part(info.text(&format!("cmdstat_{command}"))?, name)
}

/// Error counts by kind; none where the server is too old to count errors.
fn errors(info: &Info<'_>) -> Vec<Sample> {
    if info.text("total_error_replies").is_none() {
        return Vec::new();
    }
    let known = ERRORS.into_iter().map(|kind| {
        let field = info.text(&format!("errorstat_{kind}"));
        (
            kind,
            field
                .and_then(|value| sections::part(value, "count"))
                .unwrap_or(0.0),
        )
    });
    let counted = info.family("errorstat_").take(KINDS);
    let counted = counted.filter_map(|(kind, value)| Some((kind, sections::part(value, "count")?)));
    let counts: BTreeMap<&str, f64> = counted.chain(known).collect();
    counts
        .into_iter()
        .map(|(kind, count)| Sample::new("redis_errors_total", [("err", kind)], count))
        .collect()
}
