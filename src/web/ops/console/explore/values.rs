//! The values of an answer as rows of a table.

use crate::model::request::samples::question::{FoundValues, TimedValue};
use crate::model::sample::Metric;
use crate::model::series::measure::Bad;
use crate::model::text::unit::Unit;
use crate::web::text::values::value_text;

/// Samples of a range that are listed for each series, the newest ones.
const MOST_SAMPLES: usize = 100;

/// A series with a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueRow {
    /// The series as Prometheus prints it.
    pub(crate) series: String,
    /// Its value for people.
    pub(crate) value: String,
    /// The value to the last digit; the samples of a range, each on a line.
    pub(crate) exact: String,
    /// Whether it is on the bad side.
    pub(crate) is_bad: bool,
}

/// The newest value of each series, in the words of a unit.
pub(crate) fn value_rows(found: &FoundValues, unit: Unit, bad: Option<Bad>) -> Vec<ValueRow> {
    let row = |series: String, value: f64| ValueRow {
        series,
        value: unit.say(value),
        exact: value_text(value),
        is_bad: bad.is_some_and(|bad| bad.has(value)),
    };
    match found {
        FoundValues::Scalar((_, value)) => vec![row("scalar".to_owned(), *value)],
        FoundValues::Text(_, text) => vec![ValueRow {
            value: text.clone(),
            exact: text.clone(),
            ..row("string".to_owned(), f64::NAN)
        }],
        FoundValues::Vector(elements) => {
            let elements = elements.iter();
            elements
                .map(|(metric, (_, value))| row(series_name(metric), *value))
                .collect()
        }
        FoundValues::Matrix(courses) => {
            let newest = courses.iter().filter_map(|(metric, values)| {
                let (_, newest) = values.last()?;
                Some(ValueRow {
                    exact: samples(values),
                    ..row(series_name(metric), *newest)
                })
            });
            newest.collect()
        }
    }
}

/// The newest samples as Prometheus' own page prints them, one on each line.
fn samples(values: &[TimedValue]) -> String {
    let before = values.len().saturating_sub(MOST_SAMPLES);
    let more = (before > 0).then(|| format!("… {before} older ones"));
    let newest = values
        .iter()
        .skip(before)
        .map(|(at, value)| format!("{} @{}", value_text(*value), at.as_duration().as_secs_f64()));
    let lines: Vec<_> = more.into_iter().chain(newest).collect();
    lines.join("\n")
}

/// A series as Prometheus prints it: `up{job="redis"}`.
pub(crate) fn series_name(metric: &Metric) -> String {
    let labels = metric.labels.iter();
    let labels: Vec<_> = labels
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    if labels.is_empty() && !metric.name.is_empty() {
        return metric.name.clone();
    }
    format!("{}{{{}}}", metric.name, labels.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_printed_as_prometheus_prints_it() {
        for (name, labels, text) in [
            ("up", &[][..], "up"),
            ("", &[], "{}"),
            ("up", &[("job", "a\"b")], "up{job=\"a\\\"b\"}"),
        ] {
            let mut metric = Metric::new(name, []);
            let labels = labels
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            metric.labels.extend(labels);
            assert_eq!(series_name(&metric), text);
        }
    }

    #[test]
    fn a_value_is_bad_on_its_side_of_the_threshold() {
        for (bad, value, expected) in [
            (Bad::Above(5.0), 5.0, false),
            (Bad::Above(5.0), 5.1, true),
            (Bad::Below(1.0), 0.0, true),
            (Bad::At(0.0), 0.0, true),
            (Bad::Off(1.0), 0.0, true),
            (Bad::Larger, 9.0, false),
        ] {
            assert_eq!(bad.has(value), expected, "{bad:?} {value}");
        }
    }
}
