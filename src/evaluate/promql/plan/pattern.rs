//! What a pattern matches, told by plain texts where it is no more than that.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

/// The most that a compiled pattern takes, in bytes.
const PATTERN_SIZE: usize = 1024 * 1024;

/// A pattern that a whole value must match, in its cheapest form.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    /// `.*`: every value.
    Any,
    /// `.+`: every value but the empty one.
    Filled,
    /// `a|b`: one of these.
    OneOf(Vec<Arc<str>>),
    /// `a.*`: a value that starts so.
    StartsWith(Arc<str>),
    /// Anything else.
    Regex(Regex),
}

impl Pattern {
    /// Compiles a pattern as Prometheus 3 reads it: RE2, anchored, and the dot
    /// matches line ends too. Gives nothing if it is no pattern.
    pub(crate) fn new(text: &str) -> Option<Self> {
        Some(match text {
            ".*" => Self::Any,
            ".+" => Self::Filled,
            _ => {
                if let Some(texts) = text.split('|').map(literal).collect() {
                    Self::OneOf(texts)
                } else if let Some(start) = text.strip_suffix(".*").and_then(literal) {
                    Self::StartsWith(start)
                } else {
                    Self::Regex(compile(text)?)
                }
            }
        })
    }

    /// Says whether the whole value matches.
    pub(crate) fn matches(&self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Filled => !value.is_empty(),
            Self::OneOf(texts) => texts.iter().any(|text| **text == *value),
            Self::StartsWith(start) => value.starts_with(&**start),
            Self::Regex(regex) => regex.is_match(value),
        }
    }
}

/// Compiles an anchored pattern, read as RE2 where Rust reads it otherwise.
pub(crate) fn compile(text: &str) -> Option<Regex> {
    let anchored = |text: &str| {
        RegexBuilder::new(&format!("^(?:{text})$"))
            .dot_matches_new_line(true)
            .size_limit(PATTERN_SIZE)
            .build()
            .ok()
    };
    let text = ascii_classes(text);
    // A brace that opens no repetition is a plain sign in RE2.
    anchored(&text).or_else(|| anchored(&escape_braces(&text)))
}

/// Gives the text that a pattern without any special sign matches.
fn literal(text: &str) -> Option<Arc<str>> {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => plain.push(
                signs
                    .next()
                    .filter(|next| matches!(next, '.' | '-' | '/'))?,
            ),
            '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                return None;
            }
            other => plain.push(other),
        }
    }
    Some(Arc::from(plain))
}

/// Writes `\d` and its like out: RE2 means ASCII by them, Rust all of Unicode.
fn ascii_classes(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            written.push(sign);
            continue;
        }
        match signs.next() {
            Some('d') => written.push_str("[0-9]"),
            Some('D') => written.push_str("[^0-9]"),
            Some('w') => written.push_str("[0-9A-Za-z_]"),
            Some('W') => written.push_str("[^0-9A-Za-z_]"),
            Some('s') => written.push_str(r"[\t\n\f\r ]"),
            Some('S') => written.push_str(r"[^\t\n\f\r ]"),
            Some('b') => written.push_str(r"(?-u:\b)"),
            Some('B') => written.push_str(r"(?-u:\B)"),
            Some(other) => {
                written.push('\\');
                written.push(other);
            }
            None => written.push('\\'),
        }
    }
    written
}

fn escape_braces(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    let mut escaped = false;
    while let Some(sign) = rest.chars().next() {
        let after = &rest[sign.len_utf8()..];
        let repeats = after.split_once('}').is_some_and(|(inside, _)| {
            inside.starts_with(|first: char| first.is_ascii_digit())
                && inside
                    .chars()
                    .all(|sign| sign.is_ascii_digit() || sign == ',')
        });
        if sign == '{' && !escaped && !repeats {
            written.push('\\');
        }
        escaped = sign == '\\' && !escaped;
        written.push(sign);
        rest = after;
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pattern_matches_whole_values_as_re2_does() {
        let check = |text: &str, value: &str, expected: bool| {
            let pattern = Pattern::new(text).unwrap();
            assert_eq!(pattern.matches(value), expected, "{text} on {value:?}");
        };
        check("one|two", "two", true);
        check("one|two", "twofold", false);
        check("one|", "", true);
        check("a\\.b", "a.b", true);
        check("a\\.b", "axb", false);
        check("a.*", "abc", true);
        check("a.*", "ba", false);
        check(".+", "", false);
        check(".*", "", true);
        check("a.c", "a\nc", true);
        check("\\d+", "12", true);
        check("\\d+", "\u{0663}", false);
        check("[\\w-]+", "a-b_1", true);
        check("\\w", "é", false);
        check("a{b}", "a{b}", true);
        check("a{2}", "aa", true);
        check("(?i)ABC", "abc", true);
        assert!(Pattern::new("(").is_none());
    }

    proptest! {
        #[test]
        fn a_plain_form_matches_what_its_pattern_matches(
            text in "[ab.|*+\\\\]{0,6}",
            value in "[ab.\n]{0,4}",
        ) {
            if let Some(regex) = compile(&text) {
                let pattern = Pattern::new(&text).unwrap();
                prop_assert_eq!(pattern.matches(&value), regex.is_match(&value));
            }
        }
    }
}
