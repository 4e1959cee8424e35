//! The steps of a span of time, and the values of each series at them.

use std::collections::BTreeMap;
use std::collections::btree_map::IntoIter;

use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::plan::selector::Clock;
use crate::evaluate::promql::value::Element;
use crate::evaluate::window::labels::Labels;

/// Values of all series and steps.
const MOST_VALUES: usize = 500_000;

/// The moments at which an expression is evaluated, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EvaluationSteps {
    /// The first one.
    pub(crate) start: i64,
    /// No one comes later.
    pub(crate) end: i64,
    /// From one to the next; at least one millisecond.
    pub(crate) step: i64,
}

impl EvaluationSteps {
    /// The clock at each step.
    pub(crate) fn clocks(self) -> impl Iterator<Item = Clock> {
        let Self { start, end, step } = self;
        let next = move |now: &i64| now.checked_add(step.max(1));
        let moments = std::iter::successors(Some(start), next);
        let moments = moments.take_while(move |now| *now <= end);
        moments.map(move |now| Clock { now, start, end })
    }
}

/// The values of each series over a span of time, sorted by labels.
#[derive(Debug, Default)]
pub(crate) struct Courses {
    courses: BTreeMap<Labels, Vec<(i64, f64)>>,
    values: usize,
}

impl Courses {
    /// Adds the elements of one step.
    pub(crate) fn add(&mut self, at: i64, elements: Vec<Element>) -> Result<(), EvaluateError> {
        self.values += elements.len();
        if self.values > MOST_VALUES {
            let limit = MOST_VALUES;
            return Err(EvaluateError::TooManyValues { limit });
        }
        for Element { labels, value } in elements {
            if let Some(course) = self.courses.get_mut(&labels) {
                if course.last().is_some_and(|(before, _)| *before == at) {
                    return Err(EvaluateError::SameLabels { labels });
                }
                course.push((at, value));
            } else {
                self.courses.insert(labels, vec![(at, value)]);
            }
        }
        Ok(())
    }
}

impl Courses {
    /// The values of series of which each comes once.
    pub(crate) fn whole(
        series: impl IntoIterator<Item = (Labels, Vec<(i64, f64)>)>,
    ) -> Result<Self, EvaluateError> {
        let courses: BTreeMap<_, _> = series.into_iter().collect();
        let values = courses.values().map(Vec::len).sum();
        if values > MOST_VALUES {
            let limit = MOST_VALUES;
            return Err(EvaluateError::TooManyValues { limit });
        }
        Ok(Self { courses, values })
    }
}

impl IntoIterator for Courses {
    type Item = (Labels, Vec<(i64, f64)>);
    type IntoIter = IntoIter<Labels, Vec<(i64, f64)>>;

    fn into_iter(self) -> Self::IntoIter {
        self.courses.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_begin_at_the_start_and_never_pass_the_end() {
        let moments = |start, end, step| {
            let steps = EvaluationSteps { start, end, step };
            steps.clocks().map(|clock| clock.now).collect::<Vec<_>>()
        };
        assert_eq!(moments(0, 10, 4), [0, 4, 8]);
        assert_eq!(moments(5, 5, 1000), [5]);
        assert_eq!(moments(6, 5, 1), Vec::<i64>::new());
        assert_eq!(moments(i64::MAX - 1, i64::MAX, 7), [i64::MAX - 1]);
    }

    #[test]
    fn two_elements_of_one_step_have_other_labels() {
        let element = || Element {
            labels: Labels::default(),
            value: 1.0,
        };
        let mut courses = Courses::default();
        courses.add(1, vec![element()]).unwrap();
        courses.add(2, vec![element()]).unwrap();
        assert!(courses.add(3, vec![element(), element()]).is_err());
    }
}
