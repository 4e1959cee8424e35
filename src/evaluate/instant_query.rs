//! What may be asked at one moment: besides whatever a rule may say, samples as they were
//! measured, or a text, as in Prometheus.

use promql_parser::parser::Expr;

use crate::evaluate::promql::Expression;
use crate::evaluate::promql::error::ExpressionError;
use crate::evaluate::promql::parse::compile::parse;
use crate::evaluate::promql::range_query::RangeQuery;

/// A question as it was read.
#[derive(Debug)]
pub(crate) enum InstantQuery {
    /// An expression that has a value at each moment.
    Value(Expression),
    /// Samples of a stretch of time.
    Range(RangeQuery),
    /// A text.
    Text(String),
}

impl InstantQuery {
    /// Reads a question, and refuses what is not evaluated.
    pub(crate) fn parse(text: &str) -> Result<Self, ExpressionError> {
        match inner(&parse(text)?) {
            Expr::StringLiteral(literal) => Ok(Self::Text(literal.val.clone())),
            range @ (Expr::MatrixSelector(_) | Expr::Subquery(_)) => {
                RangeQuery::compile(range).map(Self::Range)
            }
            _ => Expression::parse(text).map(Self::Value),
        }
    }

    /// The names of the metrics that it reads; an empty one is any.
    pub(crate) fn metric_names(&self) -> Vec<String> {
        match self {
            Self::Value(expression) => expression.metric_names(),
            Self::Range(range) => range.metric_names(),
            Self::Text(_) => Vec::new(),
        }
    }

    /// The same of the decisive side alone, if it has one.
    pub(crate) fn decisive(self) -> Self {
        match self {
            Self::Value(expression) => {
                let side = expression.decisive();
                Self::Value(side.map_or(expression, |(side, _)| side))
            }
            other => other,
        }
    }
}

/// An expression without the parentheses around all of it.
fn inner(mut expr: &Expr) -> &Expr {
    while let Expr::Paren(paren) = expr {
        expr = &paren.expr;
    }
    expr
}
