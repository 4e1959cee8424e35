//! The way out of common mistakes in expressions.

/// Gives a hint for a text that is no `PromQL`, knowing the parser's words.
pub(crate) fn hint(text: &str, words: &str) -> Option<&'static str> {
    from_words(words).or_else(|| from_text(&without_strings(text)))
}

fn from_words(words: &str) -> Option<&'static str> {
    let hints = [
        (
            "expected type matrix",
            "add a range to the selector, such as foo[5m]",
        ),
        (
            "expected type vector in call",
            "a number becomes a vector with vector()",
        ),
        (
            "must contain only scalar and instant",
            "wrap the range in a function such as rate()",
        ),
        (
            "must use BOOL modifier",
            "write `bool` after the comparison",
        ),
        (
            "aggregation expression, got matrix",
            "wrap the range in a function such as rate()",
        ),
        (
            "unknown function with name 'holt_winters'",
            "Prometheus 3 calls it double_exponential_smoothing and has it as an experiment, which is not evaluated",
        ),
        (
            "unexpected <group_",
            "write on(...) or ignoring(...) before it",
        ),
        ("missing unit", "write a unit, such as 5m"),
        (
            "illegal regex",
            "a pattern is RE2: no look-around and no back-references",
        ),
        ("non-empty matcher", "name the metric"),
    ];
    hints
        .into_iter()
        .find(|(part, _)| words.contains(part))
        .map(|(_, hint)| hint)
}

fn from_text(text: &str) -> Option<&'static str> {
    let hints = [
        ("&&", "write `and`"),
        ("||", "write `or`"),
        ("<>", "write `!=`"),
        ("“", "write straight quotes"),
        ("”", "write straight quotes"),
        ("=>", "write `>=`"),
        ("=<", "write `<=`"),
        (";", "an expression ends without a semicolon"),
    ];
    let count = |sign: char| text.matches(sign).count();
    if let Some((_, hint)) = hints.into_iter().find(|(part, _)| text.contains(part)) {
        return Some(hint);
    }
    if count('(') != count(')') || count('{') != count('}') || count('[') != count(']') {
        return Some("brackets do not pair up");
    }
    let outside = outside_braces(text);
    if ["==", "!=", ">=", "<="]
        .iter()
        .fold(outside, |text, part| text.replace(part, ""))
        .contains('=')
    {
        return Some("write `==` to compare");
    }
    let ends = ["and", "or", "unless", "+", "-", "*", "/", ">", "<", "="];
    let last = text.split_whitespace().next_back().unwrap_or_default();
    ends.iter()
        .any(|end| last.ends_with(end))
        .then_some("the right operand is missing")
}

fn without_strings(text: &str) -> String {
    let mut quote = None;
    let mut kept = String::with_capacity(text.len());
    for sign in text.chars() {
        match quote {
            None if matches!(sign, '"' | '\'' | '`') => quote = Some(sign),
            None => kept.push(sign),
            Some(open) if sign == open => quote = None,
            Some(_) => {}
        }
    }
    kept
}

fn outside_braces(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(sign),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_mistakes_get_a_way_out() {
        let check =
            |text: &str, words: &str, expected| assert_eq!(hint(text, words), expected, "{text}");
        let plain = "invalid promql query";
        check("a > 1 && b > 1", plain, Some("write `and`"));
        check("a || b", plain, Some("write `or`"));
        check("a{b=\"||\"} = 1", plain, Some("write `==` to compare"));
        check("sum(rate(a[5m])", plain, Some("brackets do not pair up"));
        check("a >", plain, Some("the right operand is missing"));
        check("a{b=“c”}", plain, Some("write straight quotes"));
        check("a b", plain, None);
        let words = "expected type matrix in call to function 'rate', got vector";
        check(
            "rate(a)",
            words,
            Some("add a range to the selector, such as foo[5m]"),
        );
    }
}
