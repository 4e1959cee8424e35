//! Why YAML cannot be read, with its place and in plain words.

use serde_saphyr::Error;

/// What the library calls the parts of YAML, and what people call them.
const PARTS: [(&str, &str); 4] = [
    ("sequence start", "a list"),
    ("mapping start", "keys with values"),
    ("mapping end", "the end of the keys"),
    ("string scalar", "a text"),
];

/// What the parser says of common mistakes, and what helps.
const MISTAKES: [(&str, &str); 4] = [
    (
        "tabs disallowed",
        "indent with spaces; YAML forbids tabs here",
    ),
    (
        "mapping values are not allowed",
        "a value with a colon must be in quotes: `title: \"API: slow\"`",
    ),
    (
        "illegal placement of ':'",
        "a value with a colon must be in quotes: `title: \"API: slow\"`",
    ),
    (
        "unclosed",
        "a quote is not closed, on this line or above it",
    ),
];

/// Why a text is not the YAML that was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlFault {
    /// The line and the column, from 1, if the fault has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong, without its place.
    pub words: String,
}

impl YamlFault {
    /// The fault with its place in a file.
    pub fn in_file(&self, file: &str) -> String {
        let place = self
            .place
            .map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        format!("{file}{place}: {}", self.words)
    }
}

impl From<&Error> for YamlFault {
    fn from(error: &Error) -> Self {
        let number = |value: u64| usize::try_from(value).ok();
        let place = error.location();
        let place = place.and_then(|at| number(at.line()).zip(number(at.column())));
        Self {
            place,
            words: plain(&error.without_snippet().to_string()),
        }
    }
}

/// The words of a message; its place is told already.
fn plain(message: &str) -> String {
    let words = message.split(" at line ").next().unwrap_or_default();
    if words.starts_with("multiple YAML documents") {
        return "there are several documents; delete the line `---` between them".to_owned();
    }
    if let Some((_, plain)) = MISTAKES.iter().find(|(said, _)| words.contains(said)) {
        return (*plain).to_owned();
    }
    let part = words
        .strip_prefix("expected ")
        .and_then(|part| PARTS.iter().find(|(name, _)| *name == part));
    part.map_or_else(
        || words.to_owned(),
        |(_, plain)| format!("{plain} should be here"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_plain_words() {
        let told = |text: &str| {
            let read =
                serde_saphyr::from_str::<std::collections::BTreeMap<String, Vec<String>>>(text);
            let fault = YamlFault::from(&read.expect_err(text));
            fault.in_file("a.yaml")
        };
        assert_eq!(told("hello"), "a.yaml:1:1: keys with values should be here");
        assert_eq!(told("a: 5"), "a.yaml:1:4: a list should be here");
        assert_eq!(told("a:\n - [b]"), "a.yaml:2:4: a text should be here");
        assert_eq!(
            told("a: []\n---\nb: []\n"),
            "a.yaml:3:1: there are several documents; delete the line `---` between them"
        );
    }
}
