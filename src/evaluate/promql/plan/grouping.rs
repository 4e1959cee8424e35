//! The labels by which elements are grouped or matched.

use std::sync::Arc;

use crate::evaluate::window::labels::Labels;

/// Which labels elements must share to stand in one group.
#[derive(Clone, Debug)]
pub(crate) enum Grouping {
    /// `by` and `on`: only these.
    Only(Vec<Arc<str>>),
    /// `without` and `ignoring`: all but these and the metric's name.
    Except(Vec<Arc<str>>),
}

impl Grouping {
    /// Gives the labels that elements of one group share.
    pub(crate) fn key(&self, labels: &Labels) -> Labels {
        match self {
            Self::Only(listed) => labels.only(listed),
            Self::Except(listed) => labels.except(listed).nameless(),
        }
    }
}
