//! What an expression evaluates to.

use std::collections::HashSet;

use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::window::labels::Labels;

/// One element of a vector: a series and its value at the asked moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// The series, or what is left of its labels after the operations.
    pub labels: Labels,
    /// The value; NaN is a value too.
    pub value: f64,
}

/// The answer of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number without labels.
    Scalar(f64),
    /// Elements sorted by labels, or by `sort()` where it stands outermost.
    Vector(Vec<Element>),
}

impl Value {
    /// The elements of a vector; a number is one without labels.
    pub(crate) fn elements(self) -> Vec<Element> {
        match self {
            Self::Scalar(value) => vec![Element {
                labels: Labels::default(),
                value,
            }],
            Self::Vector(elements) => elements,
        }
    }
}

/// Drops the metric's name from all elements; they must still differ.
pub(crate) fn unnamed(mut elements: Vec<Element>) -> Result<Vec<Element>, EvaluateError> {
    // Elements of one name differ in their other labels already.
    let one_name = elements
        .array_windows()
        .all(|[left, right]: &[Element; 2]| left.labels.name() == right.labels.name());
    for element in &mut elements {
        element.labels.drop_name();
    }
    if one_name {
        Ok(elements)
    } else {
        distinct(elements)
    }
}

/// Gives the elements back, unless two of them have the same labels.
pub(crate) fn distinct(elements: Vec<Element>) -> Result<Vec<Element>, EvaluateError> {
    let mut seen = HashSet::with_capacity(elements.len());
    let twice = elements
        .iter()
        .find(|element| !seen.insert(&element.labels));
    match twice {
        Some(twice) => Err(EvaluateError::SameLabels {
            labels: twice.labels.clone(),
        }),
        None => Ok(elements),
    }
}
