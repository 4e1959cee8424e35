//! Matchers of labels as Alertmanager writes them: `rule="queue-stuck"`, `component=~"api|cache"`.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// The most matchers of one list.
pub const MAX_MATCHERS: usize = 32;

/// The longest text that is read, in bytes.
const LONGEST: usize = 4096;

/// How large a compiled pattern may be, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchOperator {
    /// `=`: it is the same.
    Equal,
    /// `!=`: it is another one.
    NotEqual,
    /// `=~`: the whole of it fits a pattern.
    Fits,
    /// `!~`: the whole of it does not fit a pattern.
    FitsNot,
}

impl MatchOperator {
    /// Every operator; those of two signs come first, so that they are found first.
    pub const ALL: [Self; 4] = [Self::Fits, Self::FitsNot, Self::NotEqual, Self::Equal];

    /// Its signs.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Fits => "=~",
            Self::FitsNot => "!~",
        }
    }
}

/// Why a text is no list of matchers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` matches nothing: {why}; write it as in `rule=queue-stuck` or `component=~\"api|cache\"`"
)]
pub struct MatcherError {
    text: String,
    why: String,
}

/// Compares the value of one label.
#[derive(Clone, Debug)]
pub struct LabelMatcher {
    label: String,
    operator: MatchOperator,
    value: String,
    pattern: Option<Regex>,
}

impl LabelMatcher {
    /// Makes a matcher; a pattern is anchored at both ends.
    pub fn new(label: &str, operator: MatchOperator, value: &str) -> Result<Self, MatcherError> {
        let fault = |why: &str| MatcherError {
            text: shown(label),
            why: why.to_owned(),
        };
        if !is_label(label) {
            return Err(fault("this is not a label name"));
        }
        if value.chars().any(|c| c.is_control() && c != '\n') {
            return Err(fault("the value holds a control character"));
        }
        let pattern = match operator {
            MatchOperator::Equal | MatchOperator::NotEqual => None,
            MatchOperator::Fits | MatchOperator::FitsNot => {
                let mut builder = RegexBuilder::new(&format!("^(?:{value})$"));
                let built = builder.size_limit(PATTERN_SIZE).build();
                // By itself, too: a bracket must not close ours.
                let alone = RegexBuilder::new(value).size_limit(PATTERN_SIZE).build();
                match built.and_then(|built| alone.map(|_| built)) {
                    Ok(pattern) => Some(pattern),
                    Err(_) => return Err(fault("its pattern cannot be read")),
                }
            }
        };
        Ok(Self {
            label: label.to_owned(),
            operator,
            value: value.to_owned(),
            pattern,
        })
    }

    /// The label whose value is compared.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// How it is compared.
    pub fn operator(&self) -> MatchOperator {
        self.operator
    }

    /// What it is compared with.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether a value is the one that is meant; a missing label is an empty one.
    pub fn matches(&self, value: &str) -> bool {
        let fits = || self.pattern.as_ref().is_some_and(|one| one.is_match(value));
        match self.operator {
            MatchOperator::Equal => self.value == value,
            MatchOperator::NotEqual => self.value != value,
            MatchOperator::Fits => fits(),
            MatchOperator::FitsNot => !fits(),
        }
    }
}

/// Patterns are the same if their texts are.
impl PartialEq for LabelMatcher {
    fn eq(&self, other: &Self) -> bool {
        let parts = |one: &Self| (one.label.clone(), one.operator, one.value.clone());
        parts(self) == parts(other)
    }
}

impl Eq for LabelMatcher {}

/// Prints it as it is read, with the value in quotes.
impl fmt::Display for LabelMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.replace('\\', "\\\\").replace('"', "\\\"");
        let value = value.replace('\n', "\\n");
        write!(f, "{}{}\"{value}\"", self.label, self.operator.sign())
    }
}

/// Prints a list as it is read: `{rule="a",component="b"}`.
pub fn print(matchers: &[LabelMatcher]) -> String {
    let matchers: Vec<_> = matchers.iter().map(ToString::to_string).collect();
    format!("{{{}}}", matchers.join(","))
}

/// Reads matchers between commas, with or without braces around them.
///
/// ```
/// use critwatch::model::series::matcher::{parse, print};
///
/// let matchers = parse("rule=queue-stuck, component=~\"api|cache\"").unwrap();
/// assert!(matchers[1].matches("cache") && !matchers[1].matches("caches"));
/// assert_eq!(print(&matchers), "{rule=\"queue-stuck\",component=~\"api|cache\"}");
/// ```
pub fn parse(text: &str) -> Result<Vec<LabelMatcher>, MatcherError> {
    let fault = |why: &str| MatcherError {
        text: shown(text),
        why: why.to_owned(),
    };
    if text.len() > LONGEST {
        return Err(fault("it is too long"));
    }
    let mut rest = text.trim();
    if let Some(inside) = rest.strip_prefix('{') {
        let inside = inside.strip_suffix('}');
        rest = inside.ok_or_else(|| fault("`{` has no `}` at the end"))?;
    }
    let mut matchers = Vec::new();
    rest = rest.trim();
    while !rest.is_empty() {
        // A pattern takes its time; they are not to be read only to be refused.
        if matchers.len() == MAX_MATCHERS {
            return Err(fault(&format!("it has more than {MAX_MATCHERS} matchers")));
        }
        let signs = rest.find(['=', '!']);
        let at = signs.ok_or_else(|| fault("there is no `=`, `!=`, `=~` or `!~`"))?;
        let (label, behind) = rest.split_at(at);
        let operator = MatchOperator::ALL.into_iter().find_map(|operator| {
            let rest = behind.strip_prefix(operator.sign())?;
            Some((operator, rest.trim_start()))
        });
        let (operator, behind) = operator.ok_or_else(|| fault("`!` stands alone"))?;
        let (value, behind) = match unquote(behind) {
            Some((value, behind)) => (value, behind.trim_start()),
            None if behind.starts_with('"') => return Err(fault("a quote is not closed")),
            None => {
                let end = behind.find(',').unwrap_or(behind.len());
                let (value, behind) = behind.split_at(end);
                if value.contains(['"', '{', '}']) {
                    return Err(fault("put the value in quotes"));
                }
                (value.trim().to_owned(), behind)
            }
        };
        matchers.push(LabelMatcher::new(label.trim(), operator, &value)?);
        rest = match behind.strip_prefix(',') {
            Some(more) => more.trim(),
            None if behind.is_empty() => behind,
            None => return Err(fault("matchers stand between commas")),
        };
    }
    if matchers.is_empty() {
        return Err(fault("it is empty"));
    }
    Ok(matchers)
}

/// Reads a text in double quotes; gives it and what stands behind it.
pub fn unquote(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut signs = inside.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Some((value, &inside[at + 1..])),
            '\\' => match signs.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'r' => value.push('\r'),
                other @ ('"' | '\\') => value.push(other),
                // A pattern has signs of its own behind a backslash.
                other => value.extend(['\\', other]),
            },
            sign => value.push(sign),
        }
    }
    None
}

fn is_label(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.chars().all(good) && text.starts_with(|c: char| !c.is_ascii_digit())
}

fn shown(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control());
    plain.take(100).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_compared_as_alertmanager_compares_them() {
        for (text, value, expected) in [
            ("rule=a", "a", true),
            ("rule=a", "A", false),
            ("rule!=a", "", true),
            ("rule!=a", "a", false),
            ("rule=~\"a|b\"", "b", true),
            // Anchored at both ends, also around alternatives.
            ("rule=~\"a|b\"", "ab", false),
            ("rule=~a.*", "abc", true),
            ("rule=~a", "ba", false),
            ("rule!~\"a.+\"", "a", true),
            ("rule!~\"a.+\"", "ab", false),
            ("rule=\"\"", "", true),
            ("rule=\"a, b\"", "a, b", true),
            ("rule = \"a\\\"b\\\\c\\nd\" ", "a\"b\\c\nd", true),
            ("{rule=a b}", "a b", true),
            ("rule=~\"\\\\d+\"", "42", true),
            ("rule=~\"\\d+\"", "42", true),
            ("rule==a", "=a", true),
        ] {
            let matchers = parse(text).unwrap();
            assert_eq!(matchers[0].matches(value), expected, "{text} {value:?}");
        }
        assert_eq!(parse("{a=1, b!=2,}").unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_matcher_is_refused_with_the_way_out() {
        for (text, why) in [
            ("", "empty"),
            ("{}", "empty"),
            ("redis-full", "no `=`"),
            ("a!b", "alone"),
            ("1a=b", "not a label name"),
            ("a-b=c", "not a label name"),
            ("=b", "not a label name"),
            ("a=\"b", "not closed"),
            ("a=\"b\" c=\"d\"", "between commas"),
            ("{a=b", "no `}`"),
            ("a=b}", "in quotes"),
            ("a=~\"(\"", "pattern"),
            ("a=~\")(\"", "pattern"),
            ("a=~\"(a{1000}){1000}\"", "pattern"),
            ("a=\u{1b}[2J", "control"),
            (&format!("a={}", "b".repeat(5000)), "too long"),
            (&"a=b,".repeat(33), "more than 32"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(
                error.contains(why) && error.contains("write it as"),
                "{error}"
            );
            assert!(!error.contains('\u{1b}') && error.len() < 300, "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(
            parts in prop::collection::vec(("[a-z_][a-z0-9_]{0,9}", 0..4_usize, "\\PC{0,12}|[\\\\\"\n,{}]{1,6}"), 1..5),
        ) {
            let made = parts.iter().map(|(label, operator, value)| {
                LabelMatcher::new(label, MatchOperator::ALL[*operator], value)
            });
            if let Ok(matchers) = made.collect::<Result<Vec<_>, _>>() {
                prop_assert_eq!(parse(&print(&matchers)).unwrap(), matchers);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "([a-c]|[=!~\"\\\\{},() .*\n]|ü){0,30}") {
            let _ = parse(&text);
        }
    }
}
