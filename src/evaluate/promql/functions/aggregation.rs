//! Aggregations: many elements to one per group, or a few of each group.

use std::sync::Arc;

use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::functions::grouped::Grouped;
use crate::evaluate::promql::functions::number::{float, whole};
use crate::evaluate::promql::functions::statistics::{
    largest, mean, nan_last, quantile, smallest, sum, variance,
};
use crate::evaluate::promql::plan::grouping::Grouping;
use crate::evaluate::promql::value::Element;
use crate::evaluate::window::labels::Labels;

/// What is made of the elements of each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Aggregation {
    /// One value of all.
    Fold(Fold),
    /// `topk` and `bottomk`: the first few elements, unchanged.
    First {
        /// The largest first.
        descending: bool,
    },
    /// `count_values`: how often each value occurs, told by this label.
    CountValues(Arc<str>),
}

/// What is computed of all values of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// `avg`
    Avg,
    /// `count`
    Count,
    /// `group`
    Group,
    /// `max`
    Max,
    /// `min`
    Min,
    /// `quantile`
    Quantile,
    /// `stddev`
    Stddev,
    /// `stdvar`
    Stdvar,
    /// `sum`
    Sum,
}

impl Aggregation {
    /// Aggregates elements; `with` is the number that some aggregations take.
    pub(crate) fn of(
        &self,
        elements: Vec<Element>,
        grouping: &Grouping,
        with: f64,
    ) -> Result<Vec<Element>, EvaluateError> {
        Ok(match self {
            Self::Fold(fold) => {
                let groups = groups(elements, |element| grouping.key(&element.labels));
                let folded = groups.into_iter().map(|(labels, members)| {
                    let values = members.iter().map(|element| element.value);
                    Element {
                        labels,
                        value: fold.of(values, with),
                    }
                });
                folded.collect()
            }
            Self::First { descending } => {
                if whole(with).is_none() {
                    return Err(EvaluateError::Count {
                        aggregation: if *descending { "topk" } else { "bottomk" },
                        count: with.to_string(),
                    });
                }
                let mut groups = groups(elements, |element| grouping.key(&element.labels));
                // As a server that takes series in the order of their labels.
                groups.sort_by_cached_key(|(_, group)| {
                    group.iter().map(|element| element.labels.clone()).min()
                });
                groups
                    .into_iter()
                    .flat_map(|(_, group)| first(group, with, *descending))
                    .collect()
            }
            Self::CountValues(label) => {
                let groups = groups(elements, |element| {
                    grouping.key(&element.labels.with(label, &decimal(element.value)))
                });
                let counted = groups.into_iter();
                counted
                    .map(|(labels, group)| Element {
                        labels,
                        value: float(group.len()),
                    })
                    .collect()
            }
        })
    }
}

impl Fold {
    fn of(self, values: impl ExactSizeIterator<Item = f64>, with: f64) -> f64 {
        match self {
            Self::Avg => mean(values),
            Self::Count => float(values.len()),
            Self::Group => 1.0,
            Self::Max => largest(values),
            Self::Min => smallest(values),
            Self::Quantile => quantile(with, values.collect()),
            Self::Stddev => variance(values).sqrt(),
            Self::Stdvar => variance(values),
            Self::Sum => sum(values),
        }
    }
}

/// Sorts elements into groups, which stand in the order of their first element.
fn groups(elements: Vec<Element>, key: impl Fn(&Element) -> Labels) -> Vec<(Labels, Vec<Element>)> {
    let mut groups: Grouped<Vec<Element>> = Grouped::new();
    for element in elements {
        groups.under(key(&element)).push(element);
    }
    groups.into_groups()
}

/// Gives the first elements by value; of equal values those with lesser labels.
fn first(mut group: Vec<Element>, count: f64, descending: bool) -> Vec<Element> {
    group.sort_by(|left, right| {
        nan_last(left.value, right.value, descending).then_with(|| left.labels.cmp(&right.labels))
    });
    let whole = count.floor();
    (1..)
        .map(float)
        .zip(group)
        .take_while(|(rank, _)| *rank <= whole)
        .map(|(_, one)| one)
        .collect()
}

/// Gives a value as `count_values` writes it: never with an exponent.
fn decimal(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::Metric;

    fn queues() -> Vec<Element> {
        let element = |host, queue, value| Element {
            labels: Labels::of(&Metric::new("jobs", [("host", host), ("queue", queue)])),
            value,
        };
        vec![
            element("a", "mail", 1.0),
            element("a", "roll", 5.0),
            element("b", "mail", 3.0),
            element("b", "roll", f64::NAN),
        ]
    }

    fn check(aggregation: &Aggregation, grouping: &Grouping, with: f64, expected: &[&str]) {
        let lines = aggregation.of(queues(), grouping, with).unwrap();
        let lines: Vec<_> = lines
            .iter()
            .map(|element| format!("{} {}", element.labels, element.value))
            .collect();
        assert_eq!(lines, expected, "{aggregation:?} {grouping:?}");
    }

    fn by(labels: &[&str]) -> Grouping {
        Grouping::Only(labels.iter().map(|label| Arc::from(*label)).collect())
    }

    #[test]
    fn a_fold_gives_one_element_per_group() {
        let fold = |fold, grouping, with, expected: &[&str]| {
            check(&Aggregation::Fold(fold), &grouping, with, expected);
        };
        fold(
            Fold::Sum,
            by(&["queue"]),
            0.0,
            &[r#"{queue="mail"} 4"#, r#"{queue="roll"} NaN"#],
        );
        fold(
            Fold::Avg,
            by(&["queue"]),
            0.0,
            &[r#"{queue="mail"} 2"#, r#"{queue="roll"} NaN"#],
        );
        fold(Fold::Max, by(&[]), 0.0, &["{} 5"]);
        fold(Fold::Min, by(&[]), 0.0, &["{} 1"]);
        fold(Fold::Count, by(&["__name__"]), 0.0, &["jobs 4"]);
        fold(
            Fold::Group,
            by(&["host"]),
            0.0,
            &[r#"{host="a"} 1"#, r#"{host="b"} 1"#],
        );
        fold(
            Fold::Stddev,
            by(&["queue"]),
            0.0,
            &[r#"{queue="mail"} 1"#, r#"{queue="roll"} NaN"#],
        );
        fold(
            Fold::Stdvar,
            by(&["host"]),
            0.0,
            &[r#"{host="a"} 4"#, r#"{host="b"} NaN"#],
        );
        fold(
            Fold::Quantile,
            by(&["host"]),
            0.5,
            &[r#"{host="a"} 3"#, r#"{host="b"} NaN"#],
        );
        let without = Grouping::Except(vec![Arc::from("host")]);
        fold(
            Fold::Count,
            without,
            0.0,
            &[r#"{queue="mail"} 2"#, r#"{queue="roll"} 2"#],
        );
    }

    #[test]
    fn the_first_elements_keep_their_labels() {
        let top = Aggregation::First { descending: true };
        let bottom = Aggregation::First { descending: false };
        let roll = r#"jobs{host="a", queue="roll"} 5"#;
        let mail = r#"jobs{host="b", queue="mail"} 3"#;
        check(&top, &by(&[]), 2.0, &[roll, mail]);
        check(&top, &by(&["host"]), 1.9, &[roll, mail]);
        check(&top, &by(&[]), 0.9, &[]);
        assert!(top.of(queues(), &by(&[]), f64::NAN).is_err());
        assert!(top.of(queues(), &by(&[]), f64::INFINITY).is_err());
        check(
            &bottom,
            &by(&[]),
            1.0,
            &[r#"jobs{host="a", queue="mail"} 1"#],
        );
        let all = bottom.of(queues(), &by(&[]), 1e9).unwrap();
        assert!(all.len() == 4 && all[3].value.is_nan());
    }

    #[test]
    fn values_are_counted_by_label() {
        let count = Aggregation::CountValues(Arc::from("jobs"));
        let expected = [
            r#"{jobs="1"} 1"#,
            r#"{jobs="5"} 1"#,
            r#"{jobs="3"} 1"#,
            r#"{jobs="NaN"} 1"#,
        ];
        check(&count, &by(&["jobs"]), 0.0, &expected);
        assert_eq!(decimal(f64::NEG_INFINITY), "-Inf");
        assert_eq!(decimal(1e21), "1000000000000000000000");
    }
}
