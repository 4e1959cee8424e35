//! What newer servers understand and the parser does not, told by its name.

use crate::evaluate::promql::error::ExpressionError;
use crate::evaluate::promql::parse::refusal::reason;

/// Longer parts of an expression are not repeated, in characters.
const LONGEST: usize = 40;

/// Names what the parser failed at, if a newer Prometheus would take it.
pub(crate) fn foreign(text: &str, words: &str) -> Option<ExpressionError> {
    if let Some(name) = unknown_function(words) {
        return Some(not_evaluated("function", name));
    }
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|place| {
        let (token, rest) = (tokens[place], &tokens[place + 1..]);
        match token.text {
            "<" | ">" => trim(token, rest.first()?),
            "[" => in_range(text, rest),
            word if word.eq_ignore_ascii_case("offset") => in_offset(text, rest),
            word => {
                let before = place.checked_sub(1).map(|before| tokens[before].text)?;
                let names = ["anchored", "smoothed"];
                let name = names
                    .into_iter()
                    .find(|name| word.eq_ignore_ascii_case(name))?;
                ends_selector(before).then(|| not_evaluated("modifier", name))
            }
        }
    })
}

/// The name of a function that the parser does not know and we do, to refuse it.
fn unknown_function(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("unknown function with name '")?;
    let (name, _) = rest.split_once('\'')?;
    reason("function", name).map(|_| name)
}

/// `</` and `>/`, which cut off a part of native histograms.
fn trim(sign: Token<'_>, next: &Token<'_>) -> Option<ExpressionError> {
    let follows = next.text == "/" && next.start == sign.start + 1;
    let name = if sign.text == "<" { "</" } else { ">/" };
    follows.then(|| not_evaluated("operator", name))
}

/// A range or the step of a subquery that is computed.
fn in_range(text: &str, inside: &[Token<'_>]) -> Option<ExpressionError> {
    let end = inside.iter().position(|token| token.text == "]")?;
    let mut parts = inside[..end].split(|token| token.text == ":");
    parts.find_map(|part| {
        let computes = part.len() > 1 && part.iter().any(|token| is_sign(token.text));
        computes.then(|| duration(text, part)).flatten()
    })
}

/// An offset that is computed; behind a plain one an operator is none of it.
fn in_offset(text: &str, rest: &[Token<'_>]) -> Option<ExpressionError> {
    let signs = rest
        .iter()
        .take_while(|token| matches!(token.text, "+" | "-"));
    let signs = signs.count();
    let opening = match (rest.get(signs)?.text, rest.get(signs + 1)) {
        ("(", _) => signs,
        (word, Some(next)) if next.text == "(" && is_name(word) => signs + 1,
        _ => return None,
    };
    let mut depth = 0_usize;
    let end = rest.iter().skip(opening).position(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    duration(text, &rest[..=opening + end])
}

fn duration(text: &str, part: &[Token<'_>]) -> Option<ExpressionError> {
    let (first, last) = (part.first()?, part.last()?);
    let part = &text[first.start..last.start + last.text.len()];
    let name: String = part.chars().take(LONGEST).collect();
    Some(not_evaluated("duration expression", &name))
}

fn not_evaluated(kind: &'static str, name: &str) -> ExpressionError {
    ExpressionError::NotEvaluated {
        kind,
        name: name.to_owned(),
    }
}

/// Whether a selector may end in this, so that a word behind it changes it.
fn ends_selector(token: &str) -> bool {
    let joins = ["and", "or", "unless", "atan2", "bool", "by", "without"];
    matches!(token, "]" | "}" | ")")
        || is_name(token) && !joins.iter().any(|word| token.eq_ignore_ascii_case(word))
        || token.starts_with(|sign: char| sign.is_ascii_digit())
}

fn is_name(token: &str) -> bool {
    token.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
}

fn is_sign(token: &str) -> bool {
    matches!(token, "+" | "-" | "*" | "/" | "%" | "^" | "(" | ")" | ",")
}

/// A word, a number or one sign, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    start: usize,
    text: &'t str,
}

/// Takes a text apart; a string is one token, comments are none.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let is_word = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '.');
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(sign) = text[start..].chars().next() {
        let rest = &text[start..];
        let length = match sign {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' | '`' => string(rest, sign),
            _ if is_word(sign) => rest.find(|sign| !is_word(sign)).unwrap_or(rest.len()),
            _ => sign.len_utf8(),
        };
        if sign != '#' && !sign.is_whitespace() {
            let text = &rest[..length];
            tokens.push(Token { start, text });
        }
        start += length;
    }
    tokens
}

/// The length of a string with its quotes.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (place, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if sign == quote => return place + sign.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        let message = foreign(text, "invalid promql query");
        let message = message.map(|error| error.to_string()).unwrap_or_default();
        let message = message.split(" is not").next().unwrap_or_default();
        assert_eq!(message, expected, "{text}");
    }

    #[test]
    fn what_the_parser_does_not_know_is_told_by_its_name() {
        check("rate(a[5m] anchored)", "modifier anchored");
        check("a{b=\"]\"}[5m] Smoothed", "modifier smoothed");
        check("a smoothed", "modifier smoothed");
        check("a </ 5", "operator </");
        check("a >/ 5 and b", "operator >/");
        check("rate(a[5m+1m])", "duration expression 5m+1m");
        check("rate(a[ (5m) ])", "duration expression (5m)");
        check("a[1h:step() * 2]", "duration expression step() * 2");
        check("a offset -(5m*2) > 1", "duration expression -(5m*2)");
        check(
            "a offset min_of(step(), 1m)",
            "duration expression min_of(step(), 1m)",
        );
        let words = "unknown function with name 'histogram_quantiles'";
        let message = foreign("histogram_quantiles(a)", words)
            .unwrap()
            .to_string();
        assert!(
            message.starts_with("function histogram_quantiles is not"),
            "{message}"
        );
    }

    #[test]
    fn what_is_only_wrong_is_not_taken_for_it() {
        for text in [
            "anchored >",
            "a and smoothed >",
            "sum by (anchored",
            "a > / b",
            "a[5m",
            "a[5m] offset 5m * (",
            "a{b=\"</\"} >",
            "a # </ anchored\n >",
            "offset",
            "a offset (",
        ] {
            check(text, "");
        }
        assert!(foreign("a", "unknown function with name 'summ'").is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(a|offset|anchored|5m|ä|[\\[\\]()<>/:'\"#\\\\ +*-]){0,30}") {
            let _ = foreign(&text, &text);
        }
    }
}
