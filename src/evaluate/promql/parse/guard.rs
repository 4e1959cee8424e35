//! What must hold of a text before the parser may see it.
//!
//! The parser overflows its stack on very deep nesting, and panics on a range
//! that is a number of seconds too large for a duration (`foo[1e30]`). It takes
//! an escaped byte for a letter (`"\xff"`), which is none in Prometheus. It compiles
//! each pattern, which may take some ten milliseconds. All of these are refused here,
//! by a look at the text that understands strings and comments.

use crate::evaluate::promql::error::ExpressionError;

/// Bytes that an expression may have.
const LONGEST: usize = 4096;

/// Levels that brackets, and the parts of a plan, may be nested.
pub(crate) const DEEPEST: usize = 100;

/// Patterns that an expression, or all selectors of a question, may have.
pub(crate) const MOST_PATTERNS: usize = 64;

/// Refuses a text that the parser could not survive.
pub(crate) fn guard(text: &str) -> Result<(), ExpressionError> {
    if text.len() > LONGEST {
        return Err(ExpressionError::TooLong {
            bytes: text.len(),
            limit: LONGEST,
        });
    }
    let mut rest = text;
    let (mut depth, mut patterns) = (0_usize, 0_usize);
    let mut in_range = false;
    while let Some(sign) = rest.chars().next() {
        rest = &rest[sign.len_utf8()..];
        match sign {
            '"' | '\'' | '`' => {
                let after = after_string(rest, sign);
                if sign != '`' {
                    refuse_bytes(&rest[..rest.len() - after.len()])?;
                }
                rest = after;
            }
            '#' => rest = rest.find('\n').map_or("", |end| &rest[end..]),
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            '[' => {
                depth += 1;
                in_range = true;
                require_duration(rest)?;
            }
            ']' => {
                depth = depth.saturating_sub(1);
                in_range = false;
            }
            '=' | '!' if rest.starts_with('~') => patterns += 1,
            ':' if in_range => require_duration(rest)?,
            _ if is_word(sign) => {
                let start = text.len() - rest.len() - sign.len_utf8();
                let word = word(&text[start..]);
                rest = &text[start + word.len()..];
                if word.eq_ignore_ascii_case("offset") {
                    refuse_number(blank(rest).trim_start_matches(['+', '-']))?;
                }
            }
            _ => {}
        }
        if depth > DEEPEST {
            return Err(ExpressionError::TooDeep { limit: DEEPEST });
        }
        if patterns > MOST_PATTERNS {
            let limit = MOST_PATTERNS;
            return Err(ExpressionError::TooManyPatterns { limit });
        }
    }
    Ok(())
}

/// Refuses anything but a duration at the start of a range or step.
fn require_duration(rest: &str) -> Result<(), ExpressionError> {
    let rest = blank(rest);
    let word = word(rest);
    let is_call = word.starts_with(|first: char| first.is_ascii_alphabetic())
        && blank(&rest[word.len()..]).starts_with('(');
    // Of a call the parser takes none, and it is told by its name.
    if word.is_empty() || is_duration(word) || is_seconds(word) || is_call {
        return Ok(());
    }
    Err(ExpressionError::Duration(word.to_owned()))
}

/// Refuses escapes of single bytes beyond ASCII in a text.
fn refuse_bytes(string: &str) -> Result<(), ExpressionError> {
    let mut rest = string;
    while let Some((_, escape)) = rest.split_once('\\') {
        let (digits, radix) = match escape.chars().next() {
            Some('x') => (1..3, 16),
            Some('0'..='7') => (0..3, 8),
            _ => (0..0, 10),
        };
        let byte = escape
            .get(digits.clone())
            .map(|text| u32::from_str_radix(text, radix));
        if let Some(Ok(0x80..=0xff)) = byte {
            let escape: String = escape.chars().take(digits.end).collect();
            return Err(ExpressionError::Byte(format!("\\{escape}")));
        }
        // What is escaped opens no escape itself.
        rest = escape
            .char_indices()
            .nth(1)
            .map_or("", |(next, _)| &escape[next..]);
    }
    Ok(())
}

/// Refuses a number without a unit after `offset`.
fn refuse_number(rest: &str) -> Result<(), ExpressionError> {
    let word = word(blank(rest));
    let number = word.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        || ["inf", "nan"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name));
    if number && !is_duration(word) && !is_seconds(word) {
        return Err(ExpressionError::Duration(word.to_owned()));
    }
    Ok(())
}

/// Says whether a word is a plain number of seconds, not more than a century.
fn is_seconds(word: &str) -> bool {
    word.chars()
        .all(|sign| sign.is_ascii_digit() || sign == '.')
        && word
            .parse::<f64>()
            .is_ok_and(|seconds| seconds <= 3_153_600_000.0)
}

/// Says whether a word is a row of whole numbers with units, none too large.
fn is_duration(word: &str) -> bool {
    let mut rest = word;
    while !rest.is_empty() {
        let digits = rest.len()
            - rest
                .trim_start_matches(|sign: char| sign.is_ascii_digit())
                .len();
        let (number, after) = rest.split_at(digits);
        let unit = ["ms", "s", "m", "h", "d", "w", "y"]
            .iter()
            .find_map(|unit| after.strip_prefix(unit));
        match unit {
            Some(after) if number.parse::<u32>().is_ok() => rest = after,
            _ => return false,
        }
    }
    true
}

fn after_string(rest: &str, quote: char) -> &str {
    let mut escaped = false;
    for (place, sign) in rest.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if sign == quote => return &rest[place + sign.len_utf8()..],
            _ => {}
        }
    }
    ""
}

fn word(text: &str) -> &str {
    text.find(|sign: char| !is_word(sign))
        .map_or(text, |end| &text[..end])
}

fn is_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.')
}

/// Gives the text without leading blanks and comments.
fn blank(text: &str) -> &str {
    let text = text.trim_start();
    match text.strip_prefix('#') {
        Some(comment) => blank(comment.find('\n').map_or("", |end| &comment[end..])),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let refused = guard(text).err().map(|error| error.to_string());
        assert_eq!(refused.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_range_is_a_duration_or_a_number_of_seconds() {
        check("rate(foo[5m])", None);
        check("rate(foo[ 1h30m ])", None);
        check("foo[5m:]", None);
        check("foo[5m:1m] offset -5m", None);
        check("foo[5]", None);
        check("foo[5.5:.5]", None);
        check("foo[99999999999]", Some(&unit("99999999999")));
        check("foo[1e30]", Some(&unit("1e30")));
        check("foo[Inf]", Some(&unit("Inf")));
        check("foo[5m:0x10]", Some(&unit("0x10")));
        check("foo[1.5h]", Some(&unit("1.5h")));
        check("foo[99999999999s]", Some(&unit("99999999999s")));
        check("foo offset 5", None);
        check("foo offset 1e5", Some(&unit("1e5")));
        check("foo OFFSET - # why\n NaN", Some(&unit("NaN")));
    }

    #[test]
    fn an_escaped_byte_is_no_letter() {
        let byte = |escape: &str| ExpressionError::Byte(escape.to_owned()).to_string();
        check(r#"foo{a="\xff"}"#, Some(&byte(r"\xff")));
        check(r"foo{a='b\\\303\244'}", Some(&byte(r"\303")));
        check(r#"foo{a="\x41\101\u00e4ä\\xff"}"#, None);
        check(r"foo{a=`\xff`}", None);
    }

    fn unit(word: &str) -> String {
        ExpressionError::Duration(word.to_owned()).to_string()
    }

    #[test]
    fn strings_and_comments_are_no_brackets() {
        let deep = "(".repeat(DEEPEST + 1);
        check(&format!("foo{{a=\"{deep}\"}}"), None);
        check(&format!("foo{{a='\\'{deep}'}}"), None);
        check(&format!("foo{{a=`\\`}} # {deep}"), None);
        check(&deep, Some("expression is nested deeper than 100 levels"));
        check("foo{a=\"[5]\"}", None);
    }

    #[test]
    fn so_many_patterns_are_compiled_and_no_more() {
        let with = |patterns| format!("foo{{{}}}", "a=~\"b.\",".repeat(patterns));
        check(&with(64), None);
        check(&with(65), Some("more than 64 patterns (`=~`, `!~`)"));
        check(&format!("foo{{a=\"{}\"}}", "=~".repeat(65)), None);
    }

    #[test]
    fn a_long_text_is_refused() {
        check(&"a".repeat(4096), None);
        check(
            &"a".repeat(4097),
            Some("expression of 4097 bytes is longer than 4096"),
        );
    }
}
