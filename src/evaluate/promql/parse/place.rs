//! Where in a text a fault of an expression is, as far as its words tell.

use crate::evaluate::promql::error::ExpressionError;

/// The byte at which the fault is; `None` if it is about the whole.
pub(crate) fn place(text: &str, error: &ExpressionError) -> Option<usize> {
    match error {
        ExpressionError::Duration(part)
        | ExpressionError::Byte(part)
        | ExpressionError::NotEvaluated { name: part, .. }
        | ExpressionError::Text { text: part, .. } => text.find(part.as_str()),
        ExpressionError::Syntax { words, .. } => named(text, words).or_else(|| unbalanced(text)),
        ExpressionError::TooLong { limit, .. } => Some(*limit),
        ExpressionError::TooDeep { .. }
        | ExpressionError::TooManyPatterns { .. }
        | ExpressionError::OutOfBounds(_)
        | ExpressionError::TooManySteps { .. }
        | ExpressionError::Type { .. } => None,
    }
}

/// What the parser's words quote, where it stands in the text.
fn named(text: &str, words: &str) -> Option<usize> {
    let marks = ['\'', '`', '"'];
    let mut quoted = marks.into_iter().filter_map(|quote| {
        let mut parts = words.split(quote);
        parts.next();
        parts.next().filter(|part| !part.is_empty())
    });
    quoted.find_map(|part| text.rfind(part))
}

/// The first bracket that nothing opens, or the last that nothing closes.
fn unbalanced(text: &str) -> Option<usize> {
    let (mut open, mut quote): (Vec<(char, usize)>, Option<char>) = (Vec::new(), None);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some('"' | '\''), '\\') => {
                chars.next();
            }
            (Some(quoted), c) if quoted == c => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(') => open.push((')', at)),
            (None, '[') => open.push((']', at)),
            (None, '{') => open.push(('}', at)),
            (None, ')' | ']' | '}') => match open.pop() {
                Some((closing, _)) if closing == c => {}
                _ => return Some(at),
            },
            (Some(_) | None, _) => {}
        }
    }
    open.pop().map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use crate::evaluate::promql::parse::compile::compile;

    use super::*;

    #[test]
    fn a_fault_is_where_its_words_stand() {
        for (text, part) in [
            ("sum(rate(up[5m])", Some("(rate")),
            ("up)", Some(")")),
            ("up{a=\"(\"} + (", Some("(")),
            ("1 + histogram_avg(up)", Some("histogram_avg")),
            ("nothing_such(up)", Some("nothing_such")),
        ] {
            let error = compile(text).unwrap_err();
            let found = place(text, &error).map(|at| &text[at..]);
            let expected = part.map(|part| &text[text.rfind(part).unwrap()..]);
            assert_eq!(found, expected, "{text}: {error}");
        }
    }
}
