//! The parser's tree as a plan; what is not evaluated is refused by name.

use promql_parser::parser::{BinaryExpr, Expr, SubqueryExpr};

use crate::evaluate::promql::error::{ExpressionError, refused};
use crate::evaluate::promql::parse::convert;
use crate::evaluate::promql::parse::guard::{DEEPEST, guard};
use crate::evaluate::promql::parse::hint::hint;
use crate::evaluate::promql::parse::unsupported::foreign;
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Range, Scalar, Vector};

/// The step of a subquery that names none: Prometheus' evaluation interval.
const DEFAULT_STEP_MS: i64 = 60_000;

/// Steps that subqueries may take, multiplied where they are nested; as many as
/// Prometheus allows for a range query.
const MOST_STEPS: i64 = 11_000;

/// Parses a text and compiles it.
pub(crate) fn compile(text: &str) -> Result<ExpressionPlan, ExpressionError> {
    Compiler::default().plan(&parse(text)?)
}

/// Parses a text, whatever functions it has.
pub(crate) fn parse(text: &str) -> Result<Expr, ExpressionError> {
    guard(text)?;
    promql_parser::parser::parse(text).map_err(|words| {
        foreign(text, &words).unwrap_or_else(|| ExpressionError::Syntax {
            hint: hint(text, &words),
            words,
        })
    })
}

/// Where in the tree the compiler is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compiler {
    depth: usize,
    /// How often an evaluation comes by, being inside subqueries.
    steps: i64,
}

impl Default for Compiler {
    /// At the root of a tree.
    fn default() -> Self {
        Self { depth: 0, steps: 1 }
    }
}

impl Compiler {
    /// Compiles any part that has a value.
    pub(crate) fn plan(self, expr: &Expr) -> Result<ExpressionPlan, ExpressionError> {
        let inner = self.deeper()?;
        match expr {
            Expr::Paren(paren) => inner.plan(&paren.expr),
            Expr::NumberLiteral(number) => Ok(ExpressionPlan::Scalar(Scalar::Number(number.val))),
            Expr::VectorSelector(selector) => Ok(ExpressionPlan::Vector(Vector::Select(
                convert::selector(selector)?,
            ))),
            Expr::Unary(unary) => Ok(match inner.plan(&unary.expr)? {
                ExpressionPlan::Scalar(of) => ExpressionPlan::Scalar(Scalar::Negate(Box::new(of))),
                ExpressionPlan::Vector(of) => ExpressionPlan::Vector(Vector::Negate(Box::new(of))),
            }),
            Expr::Binary(binary) => inner.binary(binary),
            Expr::Aggregate(aggregate) => inner.aggregate(aggregate).map(ExpressionPlan::Vector),
            Expr::Call(call) => inner.call(call),
            Expr::StringLiteral(_) => Err(refused("number or vector", "this place", "string")),
            Expr::MatrixSelector(_) | Expr::Subquery(_) => {
                Err(refused("number or vector", "this place", "range"))
            }
            Expr::Extension(_) => Err(convert::not_evaluated("extension", expr.to_string())),
        }
    }

    /// Compiles a part that must be a number.
    pub(crate) fn scalar(self, expr: &Expr, place: &str) -> Result<Scalar, ExpressionError> {
        match self.plan(expr)? {
            ExpressionPlan::Scalar(scalar) => Ok(scalar),
            ExpressionPlan::Vector(_) => Err(refused("number", place, "vector")),
        }
    }

    /// Compiles a part that must be a vector.
    pub(crate) fn vector(self, expr: &Expr, place: &str) -> Result<Vector, ExpressionError> {
        match self.plan(expr)? {
            ExpressionPlan::Vector(vector) => Ok(vector),
            ExpressionPlan::Scalar(_) => Err(refused("vector", place, "number")),
        }
    }

    /// Compiles a part that must be a range.
    pub(crate) fn range(self, expr: &Expr, place: &str) -> Result<Range, ExpressionError> {
        match expr {
            Expr::Paren(paren) => self.deeper()?.range(&paren.expr, place),
            Expr::MatrixSelector(matrix) => {
                let selector = convert::selector(&matrix.vs)?;
                Ok(Range::Select {
                    selector,
                    width: convert::width(matrix.range)?,
                })
            }
            Expr::Subquery(subquery) => self.deeper()?.subquery(subquery),
            _ => Err(refused("range", place, "something else")),
        }
    }

    fn subquery(self, from: &SubqueryExpr) -> Result<Range, ExpressionError> {
        let width = convert::width(from.range)?;
        let step = from.step.map_or(Ok(DEFAULT_STEP_MS), convert::width)?;
        let steps = self.steps.saturating_mul(width / step + 1);
        if steps > MOST_STEPS {
            return Err(ExpressionError::TooManySteps {
                steps,
                limit: MOST_STEPS,
            });
        }
        let of = Self { steps, ..self }.vector(&from.expr, "subquery")?;
        let shift = convert::shift(from.at.as_ref(), from.offset.as_ref())?;
        Ok(Range::Subquery {
            of: Box::new(of),
            width,
            step,
            shift,
        })
    }

    fn binary(self, from: &BinaryExpr) -> Result<ExpressionPlan, ExpressionError> {
        let (left, right) = (self.plan(&from.lhs)?, self.plan(&from.rhs)?);
        let matching = convert::matching(from.modifier.as_ref())?;
        if let Some(operator) = convert::set_operator(from.op) {
            let place = format!("operand of {}", from.op);
            let (ExpressionPlan::Vector(left), ExpressionPlan::Vector(right)) = (left, right)
            else {
                return Err(refused("vector", &place, "number"));
            };
            let (left, right) = (Box::new(left), Box::new(right));
            return Ok(ExpressionPlan::Vector(Vector::Set {
                operator,
                on: matching.on,
                left,
                right,
            }));
        }
        let judges = from
            .modifier
            .as_ref()
            .is_some_and(|modifier| modifier.return_bool);
        let operator = convert::operator(from.op, judges)
            .ok_or_else(|| convert::not_evaluated("operator", from.op.to_string()))?;
        Ok(match (left, right) {
            (ExpressionPlan::Scalar(left), ExpressionPlan::Scalar(right)) => {
                let (left, right) = (Box::new(left), Box::new(right));
                ExpressionPlan::Scalar(Scalar::Binary {
                    operator,
                    left,
                    right,
                })
            }
            (ExpressionPlan::Vector(left), ExpressionPlan::Vector(right)) => {
                let (left, right) = (Box::new(left), Box::new(right));
                ExpressionPlan::Vector(Vector::Match {
                    operator,
                    matching,
                    left,
                    right,
                })
            }
            (ExpressionPlan::Vector(vector), ExpressionPlan::Scalar(scalar)) => {
                let (vector, scalar) = (Box::new(vector), Box::new(scalar));
                ExpressionPlan::Vector(Vector::WithScalar {
                    operator,
                    vector,
                    scalar,
                    scalar_first: false,
                })
            }
            (ExpressionPlan::Scalar(scalar), ExpressionPlan::Vector(vector)) => {
                let (vector, scalar) = (Box::new(vector), Box::new(scalar));
                ExpressionPlan::Vector(Vector::WithScalar {
                    operator,
                    vector,
                    scalar,
                    scalar_first: true,
                })
            }
        })
    }

    fn deeper(self) -> Result<Self, ExpressionError> {
        if self.depth == DEEPEST {
            return Err(ExpressionError::TooDeep { limit: DEEPEST });
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}
