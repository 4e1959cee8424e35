//! Recorded series: we keep none, so what is recorded is put where it is used.

use std::collections::BTreeMap;

/// How often one recorded series may stand in another.
const DEEPEST: usize = 8;

/// No expression grows beyond this.
const LONGEST: usize = 64 * 1024;

/// What is recorded, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordedSeries {
    exprs: BTreeMap<String, RecordedExpr>,
}

/// How a name is recorded.
#[derive(Clone, Debug)]
enum RecordedExpr {
    /// By one rule that adds no label.
    Plain(String),
    /// By several rules, or with labels of its own.
    Labelled,
}

impl RecordedSeries {
    /// Takes notice of a rule that records.
    pub(crate) fn note(&mut self, name: &str, expr: &str, has_labels: bool) {
        let is_twice = self.exprs.contains_key(name);
        let expr = if has_labels || is_twice {
            RecordedExpr::Labelled
        } else {
            RecordedExpr::Plain(expr.trim().to_owned())
        };
        self.exprs.insert(name.to_owned(), expr);
    }

    /// Whether a metric is recorded by the file.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.exprs.contains_key(name)
    }

    /// An expression with what is recorded in the place of its name, where that
    /// gives the same: where the name stands alone.
    pub(crate) fn put_into(&self, expr: &str) -> String {
        let mut written = expr.to_owned();
        for _ in 0..DEEPEST {
            let next = self.once(&written);
            if next == written || next.len() > LONGEST {
                break;
            }
            written = next;
        }
        written
    }

    fn once(&self, expr: &str) -> String {
        let mut written = String::new();
        let mut rest = expr;
        while let Some(token) = ExpressionToken::first(rest) {
            if written.len() > LONGEST {
                return expr.to_owned();
            }
            let (text, behind) = rest.split_at(token.length);
            match (token.is_name, self.exprs.get(text)) {
                (true, Some(RecordedExpr::Plain(recorded)))
                    if text.contains(':') && stands_alone(behind) =>
                {
                    // A comment at the end would swallow the bracket.
                    let end = if recorded.contains('#') { "\n" } else { "" };
                    written.extend(["(", recorded, end, ")"]);
                }
                _ => written.push_str(text),
            }
            rest = behind;
        }
        written
    }
}

/// Whether nothing behind a name belongs to it: no labels, range or offset.
fn stands_alone(behind: &str) -> bool {
    let behind = behind.trim_start();
    !behind.starts_with(['{', '[', '@', '#']) && {
        let word: String = behind
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        !word.eq_ignore_ascii_case("offset")
    }
}

/// A piece of an expression.
struct ExpressionToken {
    length: usize,
    is_name: bool,
}

impl ExpressionToken {
    fn first(text: &str) -> Option<Self> {
        let sign = text.chars().next()?;
        let is_first = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
        let is_more = |c: char| is_first(c) || c.is_ascii_digit();
        let length = match sign {
            '"' | '\'' | '`' => quoted(text, sign),
            '#' => text.find('\n').unwrap_or(text.len()),
            c if is_more(c) => text.find(|c| !is_more(c)).unwrap_or(text.len()),
            c => c.len_utf8(),
        };
        Some(Self {
            length,
            is_name: is_first(sign),
        })
    }
}

/// The length of a text in quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if sign == '\\' && quote != '`' {
            escaped = true;
        } else if sign == quote {
            return at + sign.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn recorded() -> RecordedSeries {
        let mut recorded = RecordedSeries::default();
        recorded.note("job:a:rate5m", "sum by (job) (rate(a[5m]))", false);
        recorded.note("job:b", "job:a:rate5m / 2 # half", false);
        recorded.note("plain", "a", false);
        recorded.note("job:l", "a", true);
        recorded
    }

    #[test]
    fn what_is_recorded_stands_where_its_name_stood_alone() {
        for (expr, expected) in [
            ("job:a:rate5m > 2", "(sum by (job) (rate(a[5m]))) > 2"),
            (
                "max(job:b) > 1",
                "max(((sum by (job) (rate(a[5m]))) / 2 # half\n)) > 1",
            ),
            ("job:a:rate5m{job=\"x\"} > 2", "job:a:rate5m{job=\"x\"} > 2"),
            ("rate(job:a:rate5m[5m])", "rate(job:a:rate5m[5m])"),
            ("job:a:rate5m offset 5m", "job:a:rate5m offset 5m"),
            ("job:a:rate5mm", "job:a:rate5mm"),
            ("x{y=\"job:a:rate5m\"}", "x{y=\"job:a:rate5m\"}"),
            ("x # job:a:rate5m", "x # job:a:rate5m"),
            ("plain > 1", "plain > 1"),
            ("job:l > 1", "job:l > 1"),
        ] {
            assert_eq!(recorded().put_into(expr), expected);
        }
    }

    proptest! {
        #[test]
        fn an_expression_without_recorded_names_stays_as_it_is(expr in "[a-z:{}\"'`#\\\\é\n() ]{0,60}") {
            prop_assert_eq!(RecordedSeries::default().put_into(&expr), expr);
        }

        #[test]
        fn a_name_that_records_itself_comes_to_an_end(expr in "(a:b|c:d|\\+| ){0,12}") {
            let mut recorded = RecordedSeries::default();
            recorded.note("a:b", "a:b + c:d", false);
            recorded.note("c:d", "a:b + a:b", false);
            prop_assert!(recorded.put_into(&expr).len() <= LONGEST);
        }
    }
}
