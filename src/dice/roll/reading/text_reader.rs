//! A text read byte by byte: blanks and the case of letters do not matter, places do.

use crate::dice::roll::reading::expression::NotationError;

/// What stands for a character that no formula has.
const FOREIGN: u8 = 0;

/// A text, and how far it is read.
#[derive(Clone, Debug)]
pub(crate) struct TextReader {
    bytes: Vec<u8>,
    /// Where each byte stands in the text as it was written, in characters from 1.
    places: Vec<usize>,
    end: usize,
    at: usize,
}

impl TextReader {
    /// Begins to read a text.
    pub(crate) fn new(text: &str) -> Self {
        let all = text.chars().enumerate();
        let (bytes, places) = all
            .filter(|(_, char)| !char.is_whitespace())
            .map(|(index, char)| {
                let byte = u8::try_from(char).ok().filter(u8::is_ascii);
                (byte.unwrap_or(FOREIGN).to_ascii_lowercase(), index + 1)
            })
            .unzip();
        Self {
            bytes,
            places,
            end: text.trim_end().chars().count() + 1,
            at: 0,
        }
    }

    /// Tells where the next byte stands; behind the last one, where it would stand.
    pub(crate) fn place(&self) -> usize {
        self.places.get(self.at).copied().unwrap_or(self.end)
    }

    /// Tells whether all is read.
    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Looks at the next byte.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Looks whether a digit comes next.
    pub(crate) fn has_digit(&self) -> bool {
        self.peek().is_some_and(|byte| byte.is_ascii_digit())
    }

    /// Reads a word, if it comes next.
    pub(crate) fn take(&mut self, word: &str) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    /// Reads a word that has to come next.
    pub(crate) fn must(&mut self, word: &'static str) -> Result<(), NotationError> {
        if self.take(word) {
            Ok(())
        } else {
            Err(self.expected(word))
        }
    }

    /// Reads a number within bounds.
    pub(crate) fn number(&mut self, from: i64, to: i64) -> Result<i64, NotationError> {
        let at = self.place();
        if !self.has_digit() {
            return Err(self.expected("a number"));
        }
        let mut number: i64 = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            number = number
                .saturating_mul(10)
                .saturating_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        if (from..=to).contains(&number) {
            Ok(number)
        } else {
            Err(NotationError::Number { at, from, to })
        }
    }

    /// Says what was wanted in place of the next byte.
    pub(crate) fn expected(&self, wanted: &'static str) -> NotationError {
        NotationError::Expected {
            wanted,
            at: self.place(),
        }
    }
}
