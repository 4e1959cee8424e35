//! The functions by name, and what kind of function each is.

use crate::evaluate::promql::functions::each::Each;
use crate::evaluate::promql::functions::over_time::Over;

/// A function that is evaluated here; every other name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    /// It works on one value at a time.
    Each(Each),
    /// It works on the samples of a range.
    Over(Over),
    /// `absent`
    Absent,
    /// `absent_over_time`
    AbsentOverTime,
    /// `histogram_quantile`
    HistogramQuantile,
    /// `label_join`
    LabelJoin,
    /// `label_replace`
    LabelReplace,
    /// `pi`
    Pi,
    /// `scalar`
    Scalar,
    /// `sort`
    Sort,
    /// `sort_desc`
    SortDesc,
    /// `time`
    Time,
    /// `timestamp`
    Timestamp,
    /// `vector`
    Vector,
}

impl Function {
    /// Gives the function of that name, if it is evaluated here.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "absent" => Self::Absent,
            "absent_over_time" => Self::AbsentOverTime,
            "histogram_quantile" => Self::HistogramQuantile,
            "label_join" => Self::LabelJoin,
            "label_replace" => Self::LabelReplace,
            "pi" => Self::Pi,
            "scalar" => Self::Scalar,
            "sort" => Self::Sort,
            "sort_desc" => Self::SortDesc,
            "time" => Self::Time,
            "timestamp" => Self::Timestamp,
            "vector" => Self::Vector,
            _ => {
                return Each::named(name)
                    .map(Self::Each)
                    .or(Over::named(name).map(Self::Over));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_not_evaluated_has_no_name_here() {
        for name in ["histogram_avg", "holt_winters", "sort_by_label", "sum", ""] {
            assert_eq!(Function::named(name), None);
        }
    }
}
