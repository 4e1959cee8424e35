//! What people noted: a release, a restart, a changed limit.

use jiff::Timestamp;

/// The longest text of an event, in characters.
pub const MAX_TEXT: usize = 500;

/// One thing that somebody did to the service, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was.
    pub at: Timestamp,
    /// What it was, in one line.
    pub text: String,
    /// When it was written down.
    pub noted: Timestamp,
}

/// Why a text is no event.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is one line of 1 to {MAX_TEXT} characters")]
pub struct EventError;

impl Event {
    /// Takes what was typed, without the blanks around it.
    pub fn new(at: Timestamp, text: &str, noted: Timestamp) -> Result<Self, EventError> {
        let text = text.trim();
        let fits = (1..=MAX_TEXT).contains(&text.chars().count());
        if !fits || text.chars().any(char::is_control) {
            return Err(EventError);
        }
        // The database counts milliseconds.
        let short = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
        Ok(Self {
            at: short(at),
            text: text.to_owned(),
            noted: short(noted),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_that_says_something() {
        let at = Timestamp::UNIX_EPOCH;
        let new = |text: &str| Event::new(at, text, at).map(|event| event.text);
        assert_eq!(new(" Release v0.9 🎲 "), Ok("Release v0.9 🎲".to_owned()));
        assert!(new(&"ü".repeat(MAX_TEXT)).is_ok());
        for text in ["", "  ", "a\nb", "a\u{1b}[2J", &"a".repeat(MAX_TEXT + 1)] {
            assert_eq!(new(text), Err(EventError), "{text:?}");
        }
    }
}
