//! Limits that all feeds share.

use crate::model::incident::Incident;
use crate::model::text::xml;
use crate::web::site::Names;
use crate::web::text::markdown;

/// How many entries a feed has at most.
pub(crate) const MAX_ENTRIES: usize = 50;

/// How many characters a summary has at most.
const SUMMARY: usize = 500;

/// How many bytes of text a feed has at most, and one entry of it.
const BYTES: usize = 512 * 1024;
const ENTRY_BYTES: usize = 64 * 1024;

/// A summary of an incident, as HTML, as feed readers expect.
pub(crate) fn summary(incident: &Incident, names: &Names) -> String {
    short(&incident.body, names)
}

/// A summary of a text, as HTML.
pub(crate) fn short(text: &str, names: &Names) -> String {
    let plain = markdown::plain(text, SUMMARY, names);
    let lines: Vec<_> = plain.split('\n').map(xml::escape).collect();
    format!("<p>{}</p>", lines.join("<br>\n"))
}

/// How much of a feed's room is left.
#[derive(Debug)]
pub(crate) struct FeedSize(usize);

impl Default for FeedSize {
    fn default() -> Self {
        Self(BYTES)
    }
}

impl FeedSize {
    /// Room for so many bytes of text.
    pub(crate) fn of(bytes: usize) -> Self {
        Self(bytes)
    }

    /// The text itself while there is room for it, else its summary.
    pub(crate) fn bound(&mut self, text: String, short: impl FnOnce() -> String) -> String {
        let text = if self.has_room(&text) { text } else { short() };
        self.take(&text);
        text
    }

    /// Whether there is room for a text.
    pub(crate) fn has_room(&self, text: &str) -> bool {
        text.len() <= self.0.min(ENTRY_BYTES)
    }

    /// Takes room for a text.
    pub(crate) fn take(&mut self, text: &str) {
        self.0 = self.0.saturating_sub(text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_of_long_texts_says_the_later_ones_in_short() {
        let mut size = FeedSize::default();
        let long = "x".repeat(ENTRY_BYTES);
        let short = || "in short".to_owned();
        assert_eq!(size.bound(format!("{long}y"), short), "in short");
        for _ in 0..BYTES / ENTRY_BYTES - 1 {
            assert_eq!(size.bound(long.clone(), short), long);
        }
        assert_eq!(size.bound(long.clone(), short), "in short");
        assert_eq!(size.bound("a".to_owned(), short), "a");
    }
}
