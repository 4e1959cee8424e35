//! The leaves of the parser's tree in our own words.
//!
//! Beside `compile.rs` and `call.rs` no other file knows the parser, and none
//! other its `SystemTime`.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use promql_parser::label;
use promql_parser::parser::token::{self, TokenType};
use promql_parser::parser::{
    AtModifier, BinModifier, LabelModifier, Offset, VectorMatchCardinality, VectorSelector,
};

use crate::evaluate::promql::error::{ExpressionError, refused};
use crate::evaluate::promql::functions::aggregation::{Aggregation, Fold};
use crate::evaluate::promql::plan::grouping::Grouping;
use crate::evaluate::promql::plan::matching::{Matching, SetOperator, Sides};
use crate::evaluate::promql::plan::operator::{Arithmetic, BinaryOperator, Comparison};
use crate::evaluate::promql::plan::pattern::{Pattern, compile};
use crate::evaluate::promql::plan::relabel::{LabelFunction, Text};
use crate::evaluate::promql::plan::selector::{LabelTest, Pin, Shift, ShiftedSelector, ValueTest};
use crate::evaluate::window::labels::METRIC_NAME;

/// The longest duration, a century, keeps all sums of moments far from overflow.
const LONGEST_MS: i64 = 100 * 366 * 24 * 3600 * 1000;

/// Converts a selector; its patterns are compiled here, once.
pub(crate) fn selector(from: &VectorSelector) -> Result<ShiftedSelector, ExpressionError> {
    if !from.matchers.or_matchers.is_empty() {
        return Err(not_evaluated("matcher", "or"));
    }
    let mut names: Vec<_> = from.name.as_deref().map(Arc::from).into_iter().collect();
    let mut matchers = Vec::new();
    for matcher in &from.matchers.matchers {
        let matcher = self::matcher(matcher)?;
        let names_it = &*matcher.label == METRIC_NAME && names.is_empty();
        match matcher.test {
            ValueTest::Is(value) if names_it => names.push(value),
            ValueTest::Like(Pattern::OneOf(values)) if names_it => names.extend(values),
            test => matchers.push(LabelTest { test, ..matcher }),
        }
    }
    names.sort();
    names.dedup();
    let shift = shift(from.at.as_ref(), from.offset.as_ref())?;
    Ok(ShiftedSelector {
        names,
        matchers,
        shift,
    })
}

/// Converts `@` and `offset`.
pub(crate) fn shift(
    at: Option<&AtModifier>,
    offset: Option<&Offset>,
) -> Result<Shift, ExpressionError> {
    let pin = match at {
        None => None,
        Some(AtModifier::Start) => Some(Pin::Start),
        Some(AtModifier::End) => Some(Pin::End),
        Some(AtModifier::At(moment)) => Some(Pin::At(since_epoch(*moment)?)),
    };
    let offset = match offset {
        None => 0,
        Some(Offset::Pos(back)) => milliseconds(*back)?,
        Some(Offset::Neg(forward)) => -milliseconds(*forward)?,
    };
    Ok(Shift { pin, offset })
}

/// Converts a duration to milliseconds.
pub(crate) fn milliseconds(duration: Duration) -> Result<i64, ExpressionError> {
    let milliseconds = i64::try_from(duration.as_millis()).ok();
    milliseconds
        .filter(|ms| *ms <= LONGEST_MS)
        .ok_or(ExpressionError::OutOfBounds("duration"))
}

/// Converts the length of a range or of a step, which is none of nothing.
pub(crate) fn width(duration: Duration) -> Result<i64, ExpressionError> {
    let width = milliseconds(duration)?;
    if width == 0 {
        return Err(ExpressionError::OutOfBounds("range or step of no length"));
    }
    Ok(width)
}

/// Converts `by` and `without`, `on` and `ignoring`.
pub(crate) fn grouping(modifier: Option<&LabelModifier>, otherwise: Grouping) -> Grouping {
    match modifier {
        None => otherwise,
        Some(LabelModifier::Include(labels)) => Grouping::Only(names(labels)),
        Some(LabelModifier::Exclude(labels)) => Grouping::Except(names(labels)),
    }
}

/// Converts how the two sides of an operator match.
pub(crate) fn matching(modifier: Option<&BinModifier>) -> Result<Matching, ExpressionError> {
    let everything = Grouping::Except(Vec::new());
    let Some(modifier) = modifier else {
        return Ok(Matching {
            on: everything,
            sides: Sides::OneToOne,
        });
    };
    if modifier.fill_values.lhs.is_some() || modifier.fill_values.rhs.is_some() {
        return Err(not_evaluated("modifier", "fill"));
    }
    let sides = match &modifier.card {
        VectorMatchCardinality::ManyToOne(labels) => Sides::ManyLeft(names(labels)),
        VectorMatchCardinality::OneToMany(labels) => Sides::ManyRight(names(labels)),
        VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => Sides::OneToOne,
    };
    Ok(Matching {
        on: grouping(modifier.matching.as_ref(), everything),
        sides,
    })
}

/// Converts an operator between values; set operators are none.
pub(crate) fn operator(from: TokenType, judges: bool) -> Option<BinaryOperator> {
    let comparison = match from.id() {
        token::T_ADD => return Some(BinaryOperator::Compute(Arithmetic::Add)),
        token::T_SUB => return Some(BinaryOperator::Compute(Arithmetic::Subtract)),
        token::T_MUL => return Some(BinaryOperator::Compute(Arithmetic::Multiply)),
        token::T_DIV => return Some(BinaryOperator::Compute(Arithmetic::Divide)),
        token::T_MOD => return Some(BinaryOperator::Compute(Arithmetic::Modulo)),
        token::T_POW => return Some(BinaryOperator::Compute(Arithmetic::Power)),
        token::T_ATAN2 => return Some(BinaryOperator::Compute(Arithmetic::Atan2)),
        token::T_EQLC => Comparison::Equal,
        token::T_NEQ => Comparison::Unequal,
        token::T_LSS => Comparison::Less,
        token::T_LTE => Comparison::AtMost,
        token::T_GTR => Comparison::Greater,
        token::T_GTE => Comparison::AtLeast,
        _ => return None,
    };
    Some(if judges {
        BinaryOperator::Judge(comparison)
    } else {
        BinaryOperator::Filter(comparison)
    })
}

/// Converts a set operator.
pub(crate) fn set_operator(from: TokenType) -> Option<SetOperator> {
    match from.id() {
        token::T_LAND => Some(SetOperator::And),
        token::T_LOR => Some(SetOperator::Or),
        token::T_LUNLESS => Some(SetOperator::Unless),
        _ => None,
    }
}

/// Converts an aggregation; `count_values` wants a label and is none of these.
pub(crate) fn aggregation(from: TokenType) -> Option<Aggregation> {
    Some(match from.id() {
        token::T_AVG => Aggregation::Fold(Fold::Avg),
        token::T_COUNT => Aggregation::Fold(Fold::Count),
        token::T_GROUP => Aggregation::Fold(Fold::Group),
        token::T_MAX => Aggregation::Fold(Fold::Max),
        token::T_MIN => Aggregation::Fold(Fold::Min),
        token::T_QUANTILE => Aggregation::Fold(Fold::Quantile),
        token::T_STDDEV => Aggregation::Fold(Fold::Stddev),
        token::T_STDVAR => Aggregation::Fold(Fold::Stdvar),
        token::T_SUM => Aggregation::Fold(Fold::Sum),
        token::T_TOPK => Aggregation::First { descending: true },
        token::T_BOTTOMK => Aggregation::First { descending: false },
        _ => return None,
    })
}

/// Converts the texts of `label_join(v, target, separator, sources...)`.
pub(crate) fn label_join(texts: &[Arc<str>]) -> Result<LabelFunction, ExpressionError> {
    let [target, separator, sources @ ..] = texts else {
        return Err(refused("string", "label_join", "nothing"));
    };
    let text = Text::Join {
        sources: sources.iter().map(label_name).collect::<Result<_, _>>()?,
        separator: Arc::clone(separator),
    };
    let target = label_name(target)?;
    Ok(LabelFunction { target, text })
}

/// Converts the texts of `label_replace(v, target, replacement, source, pattern)`.
pub(crate) fn label_replace(texts: &[Arc<str>]) -> Result<LabelFunction, ExpressionError> {
    let [target, replacement, source, pattern] = texts else {
        return Err(refused("string", "label_replace", "something else"));
    };
    let compiled = compile(pattern).ok_or_else(|| ExpressionError::Text {
        what: "pattern",
        text: pattern.to_string(),
    })?;
    let text = Text::Replace {
        source: Arc::clone(source),
        pattern: compiled,
        replacement: Arc::clone(replacement),
    };
    let target = label_name(target)?;
    Ok(LabelFunction { target, text })
}

fn label_name(text: &Arc<str>) -> Result<Arc<str>, ExpressionError> {
    if text.is_empty() {
        return Err(ExpressionError::Text {
            what: "label name",
            text: String::new(),
        });
    }
    Ok(Arc::clone(text))
}

/// Refuses a part of `PromQL` by its kind and name.
pub(crate) fn not_evaluated(kind: &'static str, name: impl Into<String>) -> ExpressionError {
    ExpressionError::NotEvaluated {
        kind,
        name: name.into(),
    }
}

fn matcher(from: &label::Matcher) -> Result<LabelTest, ExpressionError> {
    let value = || Arc::from(from.value.as_str());
    let pattern = || {
        Pattern::new(&from.value).ok_or_else(|| ExpressionError::Text {
            what: "pattern",
            text: from.value.clone(),
        })
    };
    let test = match &from.op {
        label::MatchOp::Equal => ValueTest::Is(value()),
        label::MatchOp::NotEqual => ValueTest::IsNot(value()),
        label::MatchOp::Re(_) => ValueTest::Like(pattern()?),
        label::MatchOp::NotRe(_) => ValueTest::Unlike(pattern()?),
    };
    Ok(LabelTest {
        label: Arc::from(from.name.as_str()),
        test,
    })
}

fn names(labels: &label::Labels) -> Vec<Arc<str>> {
    labels
        .labels
        .iter()
        .map(|name| Arc::from(name.as_str()))
        .collect()
}

fn since_epoch(moment: SystemTime) -> Result<i64, ExpressionError> {
    let moment = Timestamp::try_from(moment).ok();
    Ok(moment
        .ok_or(ExpressionError::OutOfBounds("@ timestamp"))?
        .as_millisecond())
}
