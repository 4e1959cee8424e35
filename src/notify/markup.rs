//! How remote sides write text so that what is written is what is read.

use crate::notify::text::HIDDEN_JOINER;

/// The markup of a remote side, by what it makes of one character of plain text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Markup(fn(char, &mut String));

/// HTML, where a line break is an element.
pub(crate) const HTML_LINES: Markup = Markup(|char, text| match char {
    '\n' => text.push_str("<br>"),
    char => html(char, text),
});

/// HTML in which a name after an `@` mentions somebody, escaped or not.
pub(crate) const HTML_MENTIONS: Markup = Markup(|char, text| {
    html(char, text);
    disarm(char, text);
});

/// Markdown in which a name after an `@` mentions somebody, escaped or not.
pub(crate) const MARKDOWN_MENTIONS: Markup = Markup(|char, text| {
    if "\\`*_~[]()#|".contains(char) {
        text.push('\\');
    }
    entity(char, text);
    disarm(char, text);
});

/// Text that is read as it is written.
pub(crate) const PLAIN: Markup = Markup(|char, text| text.push(char));

/// Only the three characters with which others are escaped.
pub(crate) const ENTITIES: Markup = Markup(entity);

impl Markup {
    /// The text as it must be written.
    pub(crate) fn escaped(self, text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        for char in text.chars() {
            (self.0)(char, &mut escaped);
        }
        escaped
    }

    /// What a character takes once it is escaped; `size` is what each one then counts.
    pub(crate) fn size(self, size: fn(char) -> usize) -> impl Fn(char) -> usize {
        move |char| {
            let mut escaped = String::new();
            (self.0)(char, &mut escaped);
            escaped.chars().map(size).sum()
        }
    }
}

fn html(char: char, text: &mut String) {
    match char {
        '"' => text.push_str("&quot;"),
        char => entity(char, text),
    }
}

fn entity(char: char, text: &mut String) {
    match char {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        char => text.push(char),
    }
}

/// A mention that is interrupted by what nobody sees is none.
fn disarm(char: char, text: &mut String) {
    if char == '@' {
        text.push(HIDDEN_JOINER);
    }
}
