//! Finds bare addresses in a text and makes links of them, as Hugo does.
//!
//! Where an address may begin and where it ends is goldmark's rule, which Hugo
//! uses. Markup within an address is part of it, so addresses are found first and
//! kept out of the parser's way.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use regex::Regex;

/// What stands around the number of an address while the rest is parsed. Unicode
/// promises that no text holds these characters.
const MARKS: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// The longest name before `@`: looking for longer ones at every `_` takes long.
const LONGEST_NAME: usize = 256;

static WEB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let path = "(?:[/#?][-a-zA-Z0-9@:%_+.~#$!?&/=();,'\">^{}\\[\\]`]*)?";
    let host = "[-a-zA-Z0-9@:%._+~#=]{1,256}\\.[a-z]+";
    let whole = format!("^(?:(?:https?|ftp)://{host}(?::[0-9]+)?{path}|www\\.{host}{path})");
    Regex::new(&whole).ok()
});

static DOMAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let part = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    Regex::new(&format!("^{part}(?:\\.{part})*")).ok()
});

/// A text whose bare addresses are replaced by marks, and those addresses.
#[derive(Debug)]
pub(crate) struct Marked<'t> {
    /// The text with the marks.
    pub(crate) text: Cow<'t, str>,
    links: Vec<&'t str>,
}

impl<'t> Marked<'t> {
    /// Looks for addresses in a text that is parsed with these options.
    pub(crate) fn new(text: &'t str, options: Options) -> Self {
        let none = Self {
            text: Cow::Borrowed(text),
            links: Vec::new(),
        };
        let may_have = ["://", "www.", "@"].iter().any(|sign| text.contains(sign));
        if !may_have || text.contains(MARKS) {
            return none;
        }
        let found = Hunt::run(text, options);
        if found.is_empty() {
            return none;
        }
        let [open, close] = MARKS;
        let mut marked = String::with_capacity(text.len());
        let mut at = 0;
        for (number, range) in found.iter().enumerate() {
            marked.push_str(&text[at..range.start]);
            marked.extend([open.into(), number.to_string(), close.into()]);
            at = range.end;
        }
        marked.push_str(&text[at..]);
        Self {
            text: Cow::Owned(marked),
            links: found.into_iter().map(|range| &text[range]).collect(),
        }
    }

    /// Turns the marks in an event of the parsed text into links.
    pub(crate) fn resolve<'e>(&'e self, event: Event<'e>, out: &mut Vec<Event<'e>>) {
        match event {
            Event::Text(text) if text.contains(MARKS) => {
                for (number, part) in text.split(MARKS).enumerate() {
                    let link = part.parse::<usize>().ok().and_then(|at| self.links.get(at));
                    match link.filter(|_| number % 2 == 1) {
                        Some(link) => out.extend(linked(link)),
                        None if part.is_empty() => {}
                        None => out.push(Event::Text(part.to_owned().into())),
                    }
                }
            }
            // No address is looked for there; should one be all the same, it stays.
            Event::Code(text) => out.push(Event::Code(self.written(text))),
            event => out.push(event),
        }
    }

    /// A text as it was written.
    fn written<'e>(&self, text: CowStr<'e>) -> CowStr<'e> {
        if !text.contains(MARKS) {
            return text;
        }
        let parts = text.split(MARKS).enumerate().map(|(number, part)| {
            let link = part.parse::<usize>().ok().and_then(|at| self.links.get(at));
            link.filter(|_| number % 2 == 1).copied().unwrap_or(part)
        });
        parts.collect::<String>().into()
    }
}

/// An address as a link to itself.
fn linked(address: &str) -> [Event<'_>; 3] {
    let (link_type, target) = if address.starts_with("www.") {
        (LinkType::Inline, format!("https://{address}").into())
    } else if address.contains("://") {
        (LinkType::Autolink, CowStr::from(address))
    } else {
        (LinkType::Email, CowStr::from(address))
    };
    let start = Event::Start(Tag::Link {
        link_type,
        dest_url: target,
        title: CowStr::Borrowed(""),
        id: CowStr::Borrowed(""),
    });
    [start, Event::Text(address.into()), Event::End(TagEnd::Link)]
}

/// Looks for addresses in the words of a text.
struct Hunt<'t> {
    text: &'t str,
    found: Vec<Range<usize>>,
    /// Links, pictures and code around the present place: nothing is linked there.
    inside: usize,
    /// Brackets that are open: they may yet become a link.
    brackets: usize,
    /// What stands before the present event ends with something else than words.
    fresh: bool,
}

impl<'t> Hunt<'t> {
    fn run(text: &'t str, options: Options) -> Vec<Range<usize>> {
        let mut hunt = Self {
            text,
            found: Vec::new(),
            inside: 0,
            brackets: 0,
            fresh: true,
        };
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            hunt.take(&event, range);
        }
        hunt.found
    }

    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(words) if self.inside == 0 => {
                let written = self.text.get(range.clone()).unwrap_or_default();
                if **words == *written {
                    self.words(range);
                    self.fresh = false;
                } else {
                    // A curled quotation mark or a dash, or an entity.
                    self.fresh = !written.starts_with('&');
                }
                return;
            }
            Event::Start(tag) if hides(tag) => self.inside += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                self.inside = self.inside.saturating_sub(1);
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {}
            Event::Start(_) => self.brackets = 0,
            _ => {}
        }
        self.fresh = true;
    }

    /// Looks through words that are meant as they are written.
    fn words(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let escaped = |at: usize| at > 0 && bytes[at - 1] == b'\\';
        let mut at = range
            .start
            .max(self.found.last().map_or(0, |last| last.end));
        while at < range.end {
            let opens = match at.checked_sub(1).map(|before| bytes[before]) {
                _ if at == range.start && self.fresh => !escaped(at),
                Some(b' ' | b'*' | b'_' | b'~' | b'(') => !escaped(at - 1),
                _ => false,
            };
            if opens
                && self.brackets == 0
                && let Some(length) = self.text.get(at..).and_then(address)
            {
                self.found.push(at..at + length);
                at += length;
                continue;
            }
            match bytes[at] {
                b'[' if !escaped(at) => self.brackets += 1,
                b']' if !escaped(at) => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
    }
}

/// Whether an address within it is no link of its own.
fn hides(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock
    )
}

/// The length of the address that a text begins with.
fn address(text: &str) -> Option<usize> {
    let length = web(text).or_else(|| mail(text))?;
    // Quotation marks are goldmark's last letters of an address; nobody means that.
    let ends = ['?', '!', '.', ',', ':', '*', '_', '~', '"', '\''];
    let length = text[..length].trim_end_matches(ends).len();
    (length > 0).then_some(length)
}

fn web(text: &str) -> Option<usize> {
    let begins = ["http:", "https:", "ftp:", "www."];
    if !begins.iter().any(|begin| text.starts_with(begin)) {
        return None;
    }
    let found = WEB.as_ref()?.find(text)?.as_str();
    Some(match found.bytes().last()? {
        b')' => {
            let count = |sign| found.bytes().filter(|byte| *byte == sign).count();
            found.len() - count(b')').saturating_sub(count(b'('))
        }
        // An entity at the end belongs to the text.
        b';' => {
            let named =
                found[..found.len() - 1].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
            match named.strip_suffix('&') {
                Some(before) if named.len() < found.len() - 1 => before.len(),
                _ => found.len(),
            }
        }
        _ => found.len(),
    })
}

fn mail(text: &str) -> Option<usize> {
    if text.starts_with(|c: char| c.is_ascii_punctuation()) {
        return None;
    }
    let name = text.bytes().take(LONGEST_NAME);
    let is_of_name =
        |byte: &u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(byte);
    let at = name.take_while(is_of_name).count();
    let domain = text.get(at..)?.strip_prefix('@').filter(|_| at > 0)?;
    let domain = DOMAIN.as_ref()?.find(domain)?.as_str();
    let end = at + 1 + domain.len();
    let goes_on = matches!(text.as_bytes().get(end), Some(b'-' | b'_'));
    (domain.contains('.') && !goes_on).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_ends_where_hugo_ends_it() {
        for (text, expected) in [
            ("https://example.org/a_b/ x", "https://example.org/a_b/"),
            ("https://x.org, and", "https://x.org"),
            ("https://x.org/(a)_(b)) x", "https://x.org/(a)_(b)"),
            ("https://x.org/a&amp;b", "https://x.org/a&amp;b"),
            ("https://x.org/a&quot; b", "https://x.org/a"),
            ("https://x.org/a;b;", "https://x.org/a;b;"),
            ("https://x.org:8080/y", "https://x.org:8080/y"),
            ("https://q.org/x\"", "https://q.org/x"),
            ("www.x.org.", "www.x.org"),
            ("me@x.org.", "me@x.org"),
            ("me@x.org_", ""),
            ("me@localhost", ""),
            ("http://localhost/", ""),
            ("HTTPS://x.org", ""),
            ("://x.org", ""),
        ] {
            let found = address(text).map_or("", |length| &text[..length]);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn the_longest_text_takes_no_time() {
        for text in [
            "_a".repeat(30_000) + "@",
            "(".repeat(60_000) + "@",
            "http://".repeat(9_000),
            "a@a".repeat(20_000),
            "[".repeat(60_000) + "www.x.org",
            "www.".repeat(16_000),
        ] {
            let _ = Marked::new(&text, Options::all());
        }
    }

    proptest! {
        #[test]
        fn what_is_marked_comes_back(
            text in "(https://|www\\.|a@|[a-d.]|[ _*()\"'&;\\\\`~<>\\[\\]/|\n-]){0,40}",
        ) {
            let marked = Marked::new(&text, Options::empty());
            let back = marked.written(CowStr::from(&*marked.text));
            prop_assert_eq!(&*back, &*text);
            let mut events = Vec::new();
            for event in Parser::new_ext(&marked.text, Options::empty()) {
                marked.resolve(event, &mut events);
            }
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, events.into_iter());
            prop_assert!(!html.contains(MARKS), "{html}");
        }
    }
}
