//! The sections of a body: what stands below each heading.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use ring::digest::{SHA256, digest};

use crate::language::speech::Speech;
use crate::model::text::language::Language;

/// A heading with what stands below it, up to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodySection {
    /// Its words in small letters.
    pub heading: String,
    /// Its bytes within the body.
    pub range: Range<usize>,
}

/// Follows the lines of a text into fenced code and out of it.
#[derive(Debug, Default)]
pub struct CodeFence(Option<&'static str>);

impl CodeFence {
    /// Takes the next line; returns whether the text is within code then.
    pub fn is_code_after(&mut self, line: &str) -> bool {
        let line = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| line.starts_with(mark));
        match (self.0, mark) {
            (None, Some(mark)) => self.0 = Some(mark),
            (Some(open), Some(mark)) if open == mark => self.0 = None,
            _ => {}
        }
        self.0.is_some()
    }
}

/// Every section of a body; headings within code are none.
pub fn sections(body: &str) -> Vec<BodySection> {
    let mut sections: Vec<BodySection> = Vec::new();
    let mut fence = CodeFence::default();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if !fence.is_code_after(line)
            && let Some(heading) = heading(line)
        {
            if let Some(last) = sections.last_mut() {
                last.range.end = at;
            }
            sections.push(BodySection {
                heading,
                range: at..body.len(),
            });
        }
        at += line.len();
    }
    sections
}

/// The placeholder of a section that a person must write.
pub fn unwritten(speech: &Speech) -> String {
    format!("*{}*", speech.say("mortem-unwritten"))
}

/// The placeholders of every language, and of older versions.
static UNWRITTEN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = Language::ALL.iter();
    let all = all.map(|language| unwritten(&Speech::of(*language)));
    all.chain([
        "*Our team has not written this section yet.*".to_owned(),
        "*To be written by a person.*".to_owned(),
    ])
    .collect()
});

/// Whether a section still contains the placeholder.
pub fn is_unwritten(section: &str) -> bool {
    UNWRITTEN.iter().any(|words| section.contains(words))
}

/// A body as visitors read it: without sections that nobody has written yet.
pub fn published(body: &str) -> Cow<'_, str> {
    if !is_unwritten(body) {
        return Cow::Borrowed(body);
    }
    let mut shown = String::with_capacity(body.len());
    let mut at = 0;
    for BodySection { range, .. } in sections(body) {
        if is_empty(&body[range.clone()]) {
            shown.push_str(&body[at..range.start]);
            at = range.end;
        }
    }
    shown.push_str(&body[at..]);
    Cow::Owned(shown)
}

/// Whether a section has nothing but the placeholder below its heading.
fn is_empty(section: &str) -> bool {
    let below = section.split_once('\n').map_or("", |(_, below)| below);
    UNWRITTEN.iter().any(|words| words == below.trim())
}

/// The words of a heading, in small letters.
fn heading(line: &str) -> Option<String> {
    let line = line.trim_end();
    let words = line.trim_start_matches('#');
    let depth = line.len() - words.len();
    let heading = (1..=6).contains(&depth) && words.starts_with([' ', '\t']);
    heading.then(|| words.trim().trim_end_matches('#').trim().to_lowercase())
}

/// A short mark of a section that changes with every word of it, but not with
/// the ends of its lines.
pub fn mark(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().map(str::trim_end).collect();
    let digest = digest(&SHA256, lines.join("\n").as_bytes());
    let mut mark = String::new();
    for byte in digest.as_ref().iter().take(8) {
        // Writing to a text cannot fail.
        let _ = write!(mark, "{byte:02x}");
    }
    mark
}

#[cfg(test)]
mod tests {
    #[test]
    fn visitors_do_not_read_a_section_that_nobody_has_written() {
        let english = unwritten(&Speech::of(Language::En));
        let german = unwritten(&Speech::of(Language::De));
        let body = format!(
            "*Resolved* - Over.\n\n## Background\n\n{english}\n\n## Problem\n\nIt was full.\n\n\
            ## Solution\n\n*To be written by a person.*\n\n## Timeline\n\n| a |\n\n## Future solutions\n\n{german}\n"
        );
        assert_eq!(
            published(&body),
            "*Resolved* - Over.\n\n## Problem\n\nIt was full.\n\n## Timeline\n\n| a |\n\n"
        );
        // Words beside the placeholder are words.
        let begun = format!("## Background\n\nWe had one Redis.\n\n{english}\n");
        assert_eq!(published(&begun), begun);
        assert_eq!(published("## Background\r\n"), "## Background\r\n");
    }

    use super::*;

    #[test]
    fn a_section_ends_at_the_next_heading_and_code_has_none() {
        let body =
            "words\n\n## Timeline\nrows\n```\n# no heading\n```\n### Future  solutions ##\nx";
        let found: Vec<_> = sections(body)
            .into_iter()
            .map(|section| (section.heading, &body[section.range]))
            .collect();
        let expected = [
            ("timeline", "## Timeline\nrows\n```\n# no heading\n```\n"),
            ("future  solutions", "### Future  solutions ##\nx"),
        ];
        let expected = expected.map(|(heading, text)| (heading.to_owned(), text));
        assert_eq!(found, expected);
        assert!(sections("#none\n####### none\n").is_empty());
    }

    #[test]
    fn a_mark_knows_words_and_not_line_ends() {
        assert_eq!(mark("## A\r\nb \r\n\r\n"), mark("\n## A\nb\n"));
        assert_ne!(mark("## A\nb"), mark("## A\nc"));
        assert_eq!(mark("a").len(), 16);
    }
}
