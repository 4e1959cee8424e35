//! An error in one line.

use std::error::Error;

/// What the client of HTTP wraps around the reason, and what tells nobody anything.
const WRAPPERS: [&str; 3] = [
    "error sending request",
    "client error (Connect)",
    "client error (SendRequest)",
];

/// An error with its causes, for a log that nobody can ask back.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let all = std::iter::successors(Some(error), |&error| error.source());
    let all: Vec<_> = all.map(ToString::to_string).collect();
    let told = all.iter().filter(|words| !WRAPPERS.contains(&&***words));
    let told: Vec<_> = told.map(String::as_str).collect();
    if told.is_empty() {
        return all.join(": ");
    }
    told.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Wrapped {
        words: &'static str,
        #[source]
        cause: Option<Box<Wrapped>>,
    }

    fn told(chain: &[&'static str]) -> String {
        let wrap = |cause, words: &&'static str| Some(Box::new(Wrapped { words, cause }));
        let whole = chain.iter().rev().fold(None, wrap);
        with_causes(&*whole.unwrap())
    }

    #[test]
    fn wrappers_are_told_only_if_there_is_nothing_else() {
        let chain = [
            "error sending request",
            "client error (Connect)",
            "tcp connect error",
            "Connection refused (os error 111)",
        ];
        assert_eq!(
            told(&chain),
            "tcp connect error: Connection refused (os error 111)"
        );
        assert_eq!(told(&chain[..1]), "error sending request");
    }
}
