//! How the elements of two vectors find each other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::plan::grouping::Grouping;
use crate::evaluate::promql::plan::operator::BinaryOperator;
use crate::evaluate::promql::value::Element;
use crate::evaluate::window::labels::Labels;

/// How elements of the two sides of an operator are paired.
#[derive(Clone, Debug)]
pub(crate) struct Matching {
    /// The labels that a pair shares.
    pub(crate) on: Grouping,
    /// How many may share them.
    pub(crate) sides: Sides,
}

/// On which side several elements may share the matching labels.
#[derive(Clone, Debug)]
pub(crate) enum Sides {
    /// On none.
    OneToOne,
    /// On the left: `group_left`, with labels taken over from the right.
    ManyLeft(Vec<Arc<str>>),
    /// On the right: `group_right`, with labels taken over from the left.
    ManyRight(Vec<Arc<str>>),
}

/// The operators that choose elements by labels alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperator {
    /// `and`
    And,
    /// `or`
    Or,
    /// `unless`
    Unless,
}

impl SetOperator {
    /// Gives the chosen elements of both sides.
    pub(crate) fn of(
        self,
        mut left: Vec<Element>,
        mut right: Vec<Element>,
        on: &Grouping,
    ) -> Vec<Element> {
        let keys = |elements: &[Element]| -> HashSet<Labels> {
            elements
                .iter()
                .map(|element| on.key(&element.labels))
                .collect()
        };
        match self {
            Self::And => {
                let there = keys(&right);
                left.retain(|element| there.contains(&on.key(&element.labels)));
            }
            Self::Or => {
                let there = keys(&left);
                right.retain(|element| !there.contains(&on.key(&element.labels)));
                left.append(&mut right);
            }
            Self::Unless => {
                let there = keys(&right);
                left.retain(|element| !there.contains(&on.key(&element.labels)));
            }
        }
        left
    }
}

impl Matching {
    /// Applies an operator to each pair, as Prometheus' `VectorBinop`.
    pub(crate) fn apply(
        &self,
        operator: BinaryOperator,
        left: Vec<Element>,
        right: Vec<Element>,
    ) -> Result<Vec<Element>, EvaluateError> {
        if left.is_empty() || right.is_empty() {
            return Ok(Vec::new());
        }
        let swapped = matches!(self.sides, Sides::ManyRight(_));
        let (many, one) = if swapped {
            (right, left)
        } else {
            (left, right)
        };
        let partners = self.partners(one)?;
        let mut matched = HashSet::new();
        let mut results = Vec::with_capacity(many.len());
        for element in many {
            let key = self.on.key(&element.labels);
            let Some(partner) = partners.get(&key) else {
                continue;
            };
            // As in Prometheus since 3.9, whatever a filter leaves of them.
            if matches!(self.sides, Sides::OneToOne) && !matched.insert(key.clone()) {
                return Err(EvaluateError::ManyToOne { group: key });
            }
            let (left, right) = (element.value, partner.value);
            let (left, right) = if swapped {
                (right, left)
            } else {
                (left, right)
            };
            let Some(value) = operator.apply(left, right) else {
                continue;
            };
            let labels = self.labels(operator, &element.labels, &partner.labels);
            if !matches!(self.sides, Sides::OneToOne) && !matched.insert(labels.clone()) {
                return Err(EvaluateError::Ambiguous { labels });
            }
            results.push(Element { labels, value });
        }
        Ok(results)
    }

    fn partners(&self, one: Vec<Element>) -> Result<HashMap<Labels, Element>, EvaluateError> {
        let mut partners: HashMap<Labels, Element> = HashMap::with_capacity(one.len());
        for element in one {
            let group = self.on.key(&element.labels);
            if let Some(first) = partners.get(&group) {
                let (first, second) = (first.labels.clone(), element.labels);
                return Err(EvaluateError::ManyToMany {
                    group,
                    first,
                    second,
                });
            }
            partners.insert(group, element);
        }
        Ok(partners)
    }

    /// Gives the labels of a result, as Prometheus' `resultMetric`.
    fn labels(&self, operator: BinaryOperator, many: &Labels, one: &Labels) -> Labels {
        let computed = matches!(operator, BinaryOperator::Compute(_));
        let mut labels = if computed {
            many.nameless()
        } else {
            many.clone()
        };
        match &self.sides {
            Sides::OneToOne => {
                labels = match &self.on {
                    Grouping::Only(listed) => labels.only(listed),
                    Grouping::Except(listed) => labels.except(listed),
                };
            }
            Sides::ManyLeft(taken) | Sides::ManyRight(taken) => {
                for label in taken {
                    labels = labels.with(label, one.get(label));
                }
            }
        }
        if matches!(operator, BinaryOperator::Judge(_)) {
            labels.nameless()
        } else {
            labels
        }
    }
}
