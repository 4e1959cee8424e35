//! How much work one evaluation may be, so that no rule stops the others.

use std::cell::Cell;

use crate::evaluate::promql::error::EvaluateError;

/// What one evaluation may visit: a series at one moment counts as one, and so
/// do sixteen samples of a range. It takes about a second to spend.
pub(crate) const MOST_WORK: usize = 5_000_000;

/// Samples of a range that are as much work as one series.
const SAMPLES_PER_SERIES: usize = 16;

/// What is left of the work that an evaluation may do.
#[derive(Debug)]
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    /// Starts with so much work to do.
    pub(crate) fn new(work: usize) -> Self {
        Self(Cell::new(work))
    }

    /// Takes the work of visiting series.
    pub(crate) fn visit(&self, series: usize) -> Result<(), EvaluateError> {
        let left = self.0.get().checked_sub(series);
        self.0.set(left.unwrap_or(0));
        left.map(drop)
            .ok_or(EvaluateError::TooMuchWork { limit: MOST_WORK })
    }

    /// Takes the work of reading the samples of a range.
    pub(crate) fn read(&self, samples: usize) -> Result<(), EvaluateError> {
        self.visit(samples / SAMPLES_PER_SERIES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_stays_spent() {
        let budget = Budget::new(10);
        assert!(budget.visit(6).is_ok());
        assert!(budget.read(4 * 16).is_ok());
        assert!(budget.visit(1).is_err());
        assert!(budget.visit(1).is_err());
    }
}
