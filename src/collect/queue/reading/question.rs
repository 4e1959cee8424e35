//! One command that a scrape asks about queues.

use std::fmt;

use redis::Pipeline;

/// A command that only reads, with its key and further arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Question {
    command: &'static str,
    key: Vec<u8>,
    rest: Vec<Vec<u8>>,
    /// What it is refused or put off together with, if that is not its key.
    part: Option<Vec<u8>>,
}

/// What is refused or put off as one: a command, and a key or a family of keys.
pub(crate) type QuestionFamily = (&'static str, Vec<u8>);

impl Question {
    /// Asks about a key; a subcommand follows its command after a blank.
    pub(crate) fn new(command: &'static str, key: impl Into<Vec<u8>>) -> Self {
        Self {
            command,
            key: key.into(),
            rest: Vec::new(),
            part: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub(crate) fn with(mut self, argument: impl Into<Vec<u8>>) -> Self {
        self.rest.push(argument.into());
        self
    }

    /// Says that a refusal holds for all keys of a family, named by what they
    /// begin with: the next scrape asks for another one of them.
    #[must_use]
    pub(crate) fn one_of(mut self, family: impl Into<Vec<u8>>) -> Self {
        self.part = Some(family.into());
        self
    }

    /// The first element of a list.
    pub(crate) fn first(key: &[u8]) -> Self {
        Self::new("LINDEX", key).with("0")
    }

    /// The last element of a list.
    pub(crate) fn last(key: &[u8]) -> Self {
        Self::new("LINDEX", key).with("-1")
    }

    /// The element of a sorted set with the lowest score, and that score.
    pub(crate) fn lowest(key: &[u8]) -> Self {
        Self::new("ZRANGE", key)
            .with("0")
            .with("0")
            .with("WITHSCORES")
    }

    /// How many elements of a sorted set have a score of at most that.
    pub(crate) fn up_to(key: &[u8], score: i64) -> Self {
        Self::new("ZCOUNT", key)
            .with("-inf")
            .with(score.to_string())
    }

    /// Whether there is such a key.
    pub(crate) fn exists(key: impl Into<Vec<u8>>) -> Self {
        Self::new("EXISTS", key)
    }

    /// Fields of a hash.
    pub(crate) fn fields(key: impl Into<Vec<u8>>, fields: &[&str]) -> Self {
        fields
            .iter()
            .fold(Self::new("HMGET", key), |question, field| {
                question.with(*field)
            })
    }

    /// Adds it to what is asked in one round trip.
    pub(crate) fn add_to(&self, pipe: &mut Pipeline) {
        for (place, word) in self.command.split(' ').enumerate() {
            if place == 0 {
                pipe.cmd(word);
            } else {
                pipe.arg(word);
            }
        }
        pipe.arg(&self.key[..]);
        for argument in &self.rest {
            pipe.arg(&argument[..]);
        }
    }

    /// How many arguments follow its key.
    pub(crate) fn asked(&self) -> usize {
        self.rest.len()
    }

    /// The key that it asks about; the search for keys asks about none.
    #[cfg(test)]
    pub(crate) fn key(&self) -> Option<&[u8]> {
        (self.command != "SCAN").then_some(&self.key[..])
    }

    /// What is refused or put off with it.
    pub(crate) fn part(&self) -> QuestionFamily {
        // The search is one, wherever it has got to.
        let part = self.part.as_ref().or(match self.command {
            "SCAN" => self.rest.get(1),
            _ => Some(&self.key),
        });
        (self.command, part.cloned().unwrap_or_default())
    }
}

/// The bytes of a key as a text that cannot be mistaken for another.
pub(crate) fn printable(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains(char::is_control))
        .map_or_else(|| bytes.escape_ascii().to_string(), str::to_owned)
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (command, part) = self.part();
        write!(f, "{command} {}", printable(&part))
    }
}
