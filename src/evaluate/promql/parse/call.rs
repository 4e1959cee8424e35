//! Calls of functions and aggregations, compiled with their arguments.

use std::sync::Arc;

use promql_parser::parser::token::T_COUNT_VALUES;
use promql_parser::parser::{AggregateExpr, Call, Expr};

use crate::evaluate::promql::error::{ExpressionError, refused};
use crate::evaluate::promql::functions::aggregation::Aggregation;
use crate::evaluate::promql::functions::each::Each;
use crate::evaluate::promql::functions::function::Function;
use crate::evaluate::promql::functions::over_time::Over;
use crate::evaluate::promql::parse::compile::Compiler;
use crate::evaluate::promql::parse::convert;
use crate::evaluate::promql::plan::grouping::Grouping;
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Range, Scalar, Vector};
use crate::evaluate::window::labels::Labels;

impl Compiler {
    /// Compiles an aggregation.
    pub(crate) fn aggregate(self, from: &AggregateExpr) -> Result<Vector, ExpressionError> {
        let place = from.op.to_string();
        let mut grouping = convert::grouping(from.modifier.as_ref(), Grouping::Only(Vec::new()));
        let mut with = Scalar::Number(0.0);
        let aggregation = if from.op.id() == T_COUNT_VALUES {
            let label = text(from.param.as_deref(), &place)?;
            if let Grouping::Only(labels) = &mut grouping {
                labels.push(Arc::clone(&label));
            }
            Aggregation::CountValues(label)
        } else {
            let aggregation = convert::aggregation(from.op)
                .ok_or_else(|| convert::not_evaluated("aggregation", place.as_str()))?;
            if let Some(param) = &from.param {
                with = self.scalar(param, &place)?;
            }
            aggregation
        };
        let of = Box::new(self.vector(&from.expr, &place)?);
        Ok(Vector::Aggregate {
            aggregation,
            grouping,
            of,
            with: Box::new(with),
        })
    }

    /// Compiles a call, if the function is evaluated here.
    pub(crate) fn call(self, from: &Call) -> Result<ExpressionPlan, ExpressionError> {
        let name = from.func.name;
        let function =
            Function::named(name).ok_or_else(|| convert::not_evaluated("function", name))?;
        let argument = |place: usize| {
            let missing = || refused("argument", name, "nothing");
            from.args
                .args
                .get(place)
                .map(|argument| &**argument)
                .ok_or_else(missing)
        };
        let vector = || self.vector(argument(0)?, name).map(Box::new);
        Ok(match function {
            Function::Time => ExpressionPlan::Scalar(Scalar::Time),
            Function::Scalar => ExpressionPlan::Scalar(Scalar::Only(vector()?)),
            Function::Pi => ExpressionPlan::Scalar(Scalar::Number(std::f64::consts::PI)),
            Function::HistogramQuantile => ExpressionPlan::Vector(Vector::HistogramQuantile {
                quantile: Box::new(self.scalar(argument(0)?, name)?),
                of: Box::new(self.vector(argument(1)?, name)?),
            }),
            Function::LabelJoin => ExpressionPlan::Vector(Vector::Relabel {
                relabel: convert::label_join(&texts(from)?)?,
                of: vector()?,
            }),
            Function::LabelReplace => ExpressionPlan::Vector(Vector::Relabel {
                relabel: convert::label_replace(&texts(from)?)?,
                of: vector()?,
            }),
            Function::Vector => {
                ExpressionPlan::Vector(Vector::Single(Box::new(self.scalar(argument(0)?, name)?)))
            }
            Function::Sort | Function::SortDesc => ExpressionPlan::Vector(Vector::Sort {
                of: vector()?,
                descending: function == Function::SortDesc,
            }),
            Function::Timestamp => ExpressionPlan::Vector(Vector::Timestamp(vector()?)),
            Function::Absent => {
                let of = vector()?;
                let labels = if let Vector::Select(selector) = &*of {
                    selector.fixed_labels()
                } else {
                    Labels::default()
                };
                ExpressionPlan::Vector(Vector::Absent { of, labels })
            }
            Function::AbsentOverTime => {
                let of = self.range(argument(0)?, name)?;
                let labels = match &of {
                    Range::Select { selector, .. } => selector.fixed_labels(),
                    Range::Subquery { .. } => Labels::default(),
                };
                ExpressionPlan::Vector(Vector::AbsentOverTime { of, labels })
            }
            Function::Each(function) => ExpressionPlan::Vector(self.each(function, from)?),
            Function::Over(function) => ExpressionPlan::Vector(self.over(function, from)?),
        })
    }

    fn each(self, function: Each, from: &Call) -> Result<Vector, ExpressionError> {
        let name = from.func.name;
        let (of, numbers) = match from.args.args.as_slice() {
            [of, numbers @ ..] => (self.vector(of, name)?, numbers),
            // `hour()` and its like are about now.
            [] if matches!(function, Each::Calendar(_)) => {
                (Vector::Single(Box::new(Scalar::Time)), [].as_slice())
            }
            [] => return Err(refused("argument", name, "nothing")),
        };
        let of = Box::new(of);
        let with = numbers.iter().map(|number| self.scalar(number, name));
        let mut with = with.collect::<Result<Vec<_>, _>>()?;
        if function == Each::Round && with.is_empty() {
            with.push(Scalar::Number(1.0));
        }
        Ok(Vector::Each { function, of, with })
    }

    fn over(self, function: Over, from: &Call) -> Result<Vector, ExpressionError> {
        let name = from.func.name;
        // The one function whose number comes first is quantile_over_time.
        let (of, with) = match from.args.args.as_slice() {
            [of] => (of, None),
            [with, of] if function == Over::Quantile => (of, Some(with)),
            [of, with, ..] => (of, Some(with)),
            [] => return Err(refused("argument", name, "nothing")),
        };
        let with = with.map_or(Ok(Scalar::Number(0.0)), |with| self.scalar(with, name))?;
        Ok(Vector::Over {
            function,
            of: self.range(of, name)?,
            with: Box::new(with),
        })
    }
}

/// Gives the texts that follow the vector of a call.
fn texts(from: &Call) -> Result<Vec<Arc<str>>, ExpressionError> {
    let arguments = from.args.args.iter().skip(1);
    arguments
        .map(|argument| text(Some(argument), from.func.name))
        .collect()
}

fn text(param: Option<&Expr>, place: &str) -> Result<Arc<str>, ExpressionError> {
    match param {
        Some(Expr::Paren(paren)) => text(Some(&paren.expr), place),
        Some(Expr::StringLiteral(text)) => Ok(Arc::from(text.val.as_str())),
        _ => Err(refused("string", place, "something else")),
    }
}
