//! How far an expression looks back.

use std::time::Duration;

use promql_parser::parser::{AtModifier, Expr, Offset, VectorSelector, parse};

/// How long an instant selector looks back for a sample, as in Prometheus.
const INSTANT: Duration = Duration::from_mins(5);

/// How far an expression that was parsed before looks back.
///
/// The parser's own tree is walked, not the plan: it also tells this of
/// whatever the plan makes shorter.
pub(crate) fn look_back(text: &str) -> Duration {
    parse(text).map_or(Duration::ZERO, |expr| of(&expr))
}

fn of(expr: &Expr) -> Duration {
    match expr {
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => Duration::ZERO,
        Expr::VectorSelector(selector) => selected(selector, INSTANT),
        Expr::MatrixSelector(matrix) => {
            // What a series had before the range is not looked at, but whether
            // it still lives is.
            selected(&matrix.vs, matrix.range.max(INSTANT))
        }
        Expr::Subquery(subquery) => {
            let inside = of(&subquery.expr).saturating_add(subquery.range);
            moved(inside, subquery.offset.as_ref(), subquery.at.as_ref())
        }
        Expr::Paren(paren) => of(&paren.expr),
        Expr::Unary(unary) => of(&unary.expr),
        Expr::Binary(binary) => of(&binary.lhs).max(of(&binary.rhs)),
        Expr::Aggregate(aggregate) => {
            let with = aggregate.param.as_deref().map(of).unwrap_or_default();
            of(&aggregate.expr).max(with)
        }
        Expr::Call(call) => {
            let arguments = call.args.args.iter().map(|argument| of(argument));
            // `time()` and its like read nothing, others at least this moment.
            arguments.max().unwrap_or_default()
        }
        Expr::Extension(_) => Duration::MAX,
    }
}

fn selected(selector: &VectorSelector, back: Duration) -> Duration {
    moved(back, selector.offset.as_ref(), selector.at.as_ref())
}

fn moved(back: Duration, offset: Option<&Offset>, at: Option<&AtModifier>) -> Duration {
    if matches!(at, Some(AtModifier::At(_))) {
        return Duration::MAX;
    }
    match offset {
        Some(Offset::Pos(offset)) => back.saturating_add(*offset),
        Some(Offset::Neg(offset)) => back.saturating_sub(*offset),
        None => back,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_looks_back_as_far_as_its_longest_part() {
        let check = |text: &str, minutes: u64| {
            assert_eq!(look_back(text), Duration::from_mins(minutes), "{text}");
        };
        check("1 + time()", 0);
        check("up == 0", 5);
        check("rate(a[1m])", 5);
        check("increase(a[1h]) > up", 60);
        check("increase(a[1h] offset 30m)", 90);
        check("a offset -3m", 2);
        check(
            "sum by (x) (rate(a[20m])) / on (x) max_over_time(b[10m])",
            20,
        );
        check("max_over_time(rate(a[10m])[1h:1m] offset 5m)", 75);
        check("-(quantile(0.9, a offset 10m))", 15);
        check("predict_linear(a[6h], 3600)", 360);
        check("a @ end()", 5);
        assert_eq!(look_back("a @ 1700000000"), Duration::MAX);
    }
}
